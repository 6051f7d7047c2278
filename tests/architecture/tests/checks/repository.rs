//! The core's own sources.

use std::path::Path;

use pocketdesk_architecture::rules::RULES;
use pocketdesk_architecture::{Sources, check_sources};

#[test]
fn the_core_keeps_its_layers_and_laws() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../core/src");
    let findings = check_sources(&Sources::read(&folder).unwrap(), &RULES);
    let list: Vec<String> = findings.iter().map(|finding| format!("core/src/{finding}")).collect();
    assert!(list.is_empty(), "{} found:\n{}", list.len(), list.join("\n"));
}
