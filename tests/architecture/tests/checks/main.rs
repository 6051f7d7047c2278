//! The checks on small trees made for one question each, and on the repository itself.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod circles;
mod imports;
mod laws;
mod product;
mod repository;

use pocketdesk_architecture::rules::{RULES, Rules};
use pocketdesk_architecture::{Sources, check_sources};

/// What the checks say about a tree: `lib.rs` that declares these modules, and the files.
fn findings(modules: &[&str], files: &[(&str, &str)]) -> Vec<String> {
    // The real tree's exceptions are of no use to a small one.
    findings_under(&Rules { extra_imports: &[], ..RULES }, modules, files)
}

fn findings_under(rules: &Rules, modules: &[&str], files: &[(&str, &str)]) -> Vec<String> {
    let declared: Vec<String> = modules.iter().map(|module| format!("pub mod {module};")).collect();
    let root = declared.join("\n");
    let mut tree = vec![("lib.rs", root.as_str())];
    tree.extend_from_slice(files);
    check_sources(&Sources::of(&tree), rules).iter().map(ToString::to_string).collect()
}

/// One finding, that begins with this place and contains each of these pieces.
#[track_caller]
fn assert_one(findings: &[String], place: &str, pieces: &[&str]) {
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert!(findings[0].starts_with(&format!("{place}: ")), "{findings:#?}");
    for piece in pieces {
        assert!(findings[0].contains(piece), "{piece} is missing: {findings:#?}");
    }
}

#[track_caller]
fn assert_none(findings: &[String]) {
    assert!(findings.is_empty(), "{findings:#?}");
}
