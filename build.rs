//! Has the linker keep its relocations in the bundle's WebAssembly: tools/reach.mjs reads in them
//! what the first screens can reach. tools/split.mjs leaves them out of what is shipped.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|found| found == value);
    if is("CARGO_CFG_TARGET_ARCH", "wasm32") && is("PROFILE", "release") {
        println!("cargo::rustc-link-arg-bins=--emit-relocs");
    }
}
