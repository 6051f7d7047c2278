//! Complete answers, made from the contract's own schemas.

use serde_json::{Map, Value, json};

/// An answer that satisfies the contract, and where its required fields are.
pub struct Case {
    pub method: String,
    pub path: String,
    pub status: u16,
    pub answer: Value,
    /// JSON pointers to the required fields.
    pub required: Vec<String>,
}

/// One case for every operation that answers JSON; lists have one for each kind of paging.
pub fn cases() -> Vec<Case> {
    let contract: Value = serde_json::from_str(include_str!("../../zendesk.json")).unwrap();
    let mut cases = Vec::new();
    for (path, methods) in contract["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            for (status, answer) in operation["responses"].as_object().unwrap() {
                let (Ok(status), schema) = (status.parse::<u16>(), &answer["content"]["application/json"]["schema"])
                else {
                    continue;
                };
                if schema.is_null() {
                    continue;
                }
                let kinds: &[(&str, &str)] = match operation["x-paging"].as_str() {
                    Some("both") => &[("page%5Bsize%5D=10", "CursorPage"), ("page=1", "OffsetPage")],
                    Some(_) => &[("page=1", "OffsetPage")],
                    None => &[("", "")],
                };
                for (query, page) in kinds {
                    cases.push(case(&contract, method, path, status, schema, query, page));
                }
            }
        }
    }
    cases
}

fn case(contract: &Value, method: &str, path: &str, status: u16, schema: &Value, query: &str, page: &str) -> Case {
    let mut required = Vec::new();
    let mut answer = sample(contract, schema, "", &mut required);
    if !page.is_empty() {
        let page = sample(contract, &contract["components"]["schemas"][page], "", &mut required);
        answer.as_object_mut().unwrap().extend(page.as_object().unwrap().clone());
    }
    let path = path.split('/').map(|part| {
        if part == "{locale}" {
            "de"
        } else if part.starts_with('{') {
            "120334"
        } else {
            part
        }
    });
    let path = path.collect::<Vec<_>>().join("/");
    let path = if query.is_empty() { path } else { format!("{path}?{query}") };
    Case { method: method.to_uppercase(), path, status, answer, required }
}

/// A value with every documented field; lists have one item. Collects the required fields.
fn sample(contract: &Value, schema: &Value, place: &str, required: &mut Vec<String>) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = contract.pointer(reference.strip_prefix('#').unwrap()).unwrap();
        return sample(contract, target, place, required);
    }
    if let Some(choices) = schema["anyOf"].as_array() {
        return sample(contract, choices.last().unwrap(), place, required);
    }
    let kind = schema["type"].as_str().or_else(|| schema["type"][0].as_str()).unwrap_or("string");
    match kind {
        "object" => {
            let mut fields = Map::new();
            for (name, field) in schema["properties"].as_object().unwrap_or(&Map::new()) {
                let place = format!("{place}/{name}");
                if schema["required"].as_array().is_some_and(|names| names.contains(&json!(name))) {
                    required.push(place.clone());
                }
                fields.insert(name.clone(), sample(contract, field, &place, required));
            }
            Value::Object(fields)
        }
        "array" => json!([sample(contract, &schema["items"], &format!("{place}/0"), required)]),
        "integer" => json!(360_004_512_301_i64),
        "boolean" => json!(true),
        _ => json!(match schema["format"].as_str() {
            Some("date-time") => "2026-03-01T09:30:00Z",
            Some("uri") => "https://desk.example/api/v2/requests/120334.json",
            _ => "Grüße 👋",
        }),
    }
}

/// Removes a field.
pub fn remove(value: &mut Value, place: &str) {
    let (parent, name) = place.rsplit_once('/').unwrap();
    let removed = value.pointer_mut(parent).and_then(Value::as_object_mut).and_then(|fields| fields.remove(name));
    assert!(removed.is_some(), "{place} is in the sample");
}
