//! The published schema is the one that the library reads by, and every definition of this repository keeps it.
#![allow(clippy::unwrap_used)]

use pocketdesk::product::definition::{SHIPPED, json_schema};
use pocketdesk::product::{BUILT_IN, Layers, Product, ServerKind};
use serde_json::{Value, json};

const PUBLISHED: &str = include_str!("../../../docs/product-definition.schema.json");
const TELECOM: &str = include_str!("../definitions/telecom.json");
const WORKSHOP: &str = include_str!("../definitions/workshop.json");

fn errors(definition: &Value) -> Vec<String> {
    let schema = jsonschema::validator_for(&json_schema()).unwrap();
    schema.iter_errors(definition).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn the_published_schema_is_up_to_date() {
    let published: Value = serde_json::from_str(PUBLISHED).unwrap();
    assert!(
        published == json_schema(),
        "write it again: cargo run -p pocketdesk-products > docs/product-definition.schema.json"
    );
}

#[test]
fn every_definition_keeps_the_schema() {
    for (name, text) in SHIPPED.iter().chain([&("telecom", TELECOM), &("workshop", WORKSHOP)]) {
        let definition: Value = serde_json::from_str(text).unwrap();
        assert_eq!(errors(&definition), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn a_definition_with_an_unknown_word_does_not_keep_the_schema() {
    for odd in [
        json!({ "schema": 1, "id": "odd" }),
        json!({ "schema": 1, "id": "odd", "version": 1, "holograms": true }),
        json!({ "schema": 1, "id": "odd", "version": 1, "statuses": [{ "id": "a", "kind": "shut" }] }),
        json!({ "schema": 1, "id": "odd", "version": 1, "statuses": [{ "kind": "open" }] }),
        json!({ "schema": 1, "id": "odd", "version": 1, "entries": [{ "id": "a", "to": "javascript:alert(1)" }] }),
        json!({ "schema": 1, "id": "odd", "version": 1, "fields": { "a": { "type": "moment" } } }),
    ] {
        assert!(!errors(&odd).is_empty(), "{odd}");
    }
    let layer = json!({
        "schema": 1, "id": "acme", "version": 1, "extends": "impact-mobile@1", "create": { "cc": null },
        "entries": [{ "id": "courses", "removed": true }], "x-note": "ours"
    });
    assert_eq!(errors(&layer), Vec::<String>::new());
}

/// Every definition that a document shows whole can be used as it stands.
#[test]
fn the_definitions_in_the_documents_can_be_used() {
    let documents = [include_str!("../../../README.md"), include_str!("../../../docs/product-definition.md")];
    let blocks = documents.iter().flat_map(|document| document.split("```json\n").skip(1));
    let texts = blocks.filter_map(|block| Some(block.split_once("```")?.0));
    let mut found = 0;
    for text in texts.filter(|text| text.contains("\"schema\": 1") && !text.contains('…')) {
        // One that extends nothing is delivered on top of the built-in one.
        let layers = if text.contains("\"extends\"") {
            Layers::of(text, &[])
        } else {
            Layers::of(BUILT_IN, &[]).and_then(|own| own.with_delivered(text))
        };
        let product = layers.and_then(|layers| Product::from_layers(&layers, ServerKind::Zendesk));
        product.unwrap_or_else(|error| panic!("{error}\n{text}"));
        found += 1;
    }
    assert!(found > 1);
}
