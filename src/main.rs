fn main() {
    leptos::mount::mount_to_body(weir::app::App);
}
