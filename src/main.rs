fn main() {
    weir::crash::install();
    leptos::mount::mount_to_body(weir::app::App);
}
