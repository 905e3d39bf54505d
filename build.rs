//! Has the linker lay together what every start runs (`packaging/start.ld`): the kernel maps 64 KiB around each page that is
//! touched, and a start touches three quarters of the program where it lies as it came. See docs/performance.md.

use std::env;

const ORDER: &str = "packaging/start.ld";

fn main() {
    println!("cargo::rerun-if-changed={ORDER}");
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|it| it == value);
    if is("PROFILE", "release") && is("CARGO_CFG_TARGET_OS", "linux") {
        let root = env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
        println!("cargo::rustc-link-arg-bin=mantal=-Wl,-T,{root}/{ORDER}");
    }
}
