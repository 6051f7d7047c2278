//! What must hold for any bytes that come from outside: answers of servers, files, texts, the account's file, a product.
//!
//! # The story
//!
//! Each target is one function over bytes, which panics where something is wrong. It says what is right, and not only that
//! nothing panics: a text that was cleaned is clean, a message that may have been sent is not reported as refused, damage
//! costs what was damaged and nothing else.
//!
//! A target is used in two ways. `cargo test -p pocketdesk-fuzz` runs every file of `fuzz/corpus` through its target, with
//! the ordinary compiler and in seconds. `make fuzz TARGET=names SECONDS=600` lets libFuzzer look for inputs that no one
//! has thought of. What it finds is mended, and its input stays in the corpus under a name that says what it found.
//!
//! # What the targets reach
//!
//! Core has no door for them. A target is a caller like a shell or a test: it brings its own [`Http`](pocketdesk::net::Http)
//! to a connector or to a whole client, and reads what comes back. So the code in between is what ships, and a target does
//! not change when a module below it does. Core's own checks of imports and visibility stay as they are.
#![forbid(unsafe_code)]
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a target fails by panicking")]

mod account;
mod addresses;
mod answers;
mod database_bytes;
mod device;
mod file_kinds;
mod filter;
mod html_pages;
mod laws;
mod names;
mod product_definition;
mod query_text;

/// A target: its name, which is also that of its folder in `fuzz/corpus`, and its function.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const TARGETS: [Target; 10] = [
    ("addresses", addresses::run),
    ("database_bytes", database_bytes::run),
    ("file_kinds", file_kinds::run),
    ("filter", filter::run),
    ("html_pages", html_pages::run),
    ("names", names::run),
    ("product_definition", product_definition::run),
    ("query_text", query_text::run),
    ("rt_answers", answers::run_rt),
    ("zendesk_answers", answers::run_zendesk),
];

/// Runs `data` through the target with that name.
///
/// # Panics
///
/// Panics if there is no such target, and where the target finds something wrong.
pub fn run(target: &str, data: &[u8]) {
    let (_, run) = TARGETS.iter().find(|(name, _)| *name == target).expect("a target of this name");
    run(data);
}
