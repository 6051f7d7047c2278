//! This repository: the core's own sources, and the places that its product names.

use std::path::Path;

use pocketdesk_architecture::rules::RULES;
use pocketdesk_architecture::{Sources, check_sources, product};

#[test]
fn the_core_keeps_its_layers_and_laws() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../core/src");
    let findings = check_sources(&Sources::read(&folder).unwrap(), &RULES);
    let list: Vec<String> = findings.iter().map(|finding| format!("core/src/{finding}")).collect();
    assert!(list.is_empty(), "{} found:\n{}", list.len(), list.join("\n"));
}

/// The results of a run are needed to see whether the tests passed. The places are there or not before anything runs.
#[test]
fn every_row_of_the_product_names_places_that_are_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let findings = product::check_places(&root).unwrap();
    let list: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert!(list.is_empty(), "{} found:\n{}", list.len(), list.join("\n"));
}
