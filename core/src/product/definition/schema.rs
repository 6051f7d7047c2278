//! The format as a JSON schema.

use serde_json::Value;

use super::whole::Definition;

/// The JSON schema of a definition's text, made from the types of [`super::parts`]. A text is a layer: it may leave out whatever a
/// layer beneath has, remove it with null, and remove an element of a list with `"removed": true`. What only holds for the
/// whole, such as that every id exists, is not in the schema.
#[must_use]
pub fn json_schema() -> Value {
    let mut schema = schemars::schema_for!(Definition).to_value();
    relax(&mut schema);
    schema["required"] = serde_json::json!(["schema", "id", "version"]);
    schema
}

/// Lets every object of a schema be a part of one.
fn relax(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            let has_id = object.get("properties").is_some_and(|known| known.get("id").is_some());
            if let Some(Value::Object(properties)) = object.get_mut("properties") {
                for value in properties.values_mut() {
                    relax(value);
                    *value = serde_json::json!({ "anyOf": [value.take(), { "type": "null" }] });
                }
                if has_id {
                    properties.insert("removed".to_owned(), serde_json::json!({ "const": true }));
                }
                let required = if has_id { vec!["id"] } else { Vec::new() };
                object.insert("required".to_owned(), serde_json::json!(required));
                let patterns = object.entry("patternProperties").or_insert_with(|| serde_json::json!({}));
                patterns["^x-"] = Value::Bool(true);
            }
            for (key, value) in object.iter_mut() {
                if key != "properties" {
                    relax(value);
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(relax),
        _ => {}
    }
}
