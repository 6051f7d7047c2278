//! Generates the Kotlin and Swift files from the built library.

fn main() {
    uniffi::uniffi_bindgen_main();
}
