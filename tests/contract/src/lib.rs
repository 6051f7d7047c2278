//! The requests that the connector may make and the answers that a server must give, as a machine-readable contract.
//!
//! `zendesk.json` is an `OpenAPI` 3.1 document of this project. Two checks use it: every request that the connector
//! makes must be allowed by it ([`Contract::check_request`]), and every answer of the sandbox server must satisfy it
//! ([`Contract::check_answer`]). Requests are checked strictly: an unknown parameter or body field is a violation.
//! Answers may have more than the contract requires, but never less.

mod document;
mod operation;
mod violation;

use std::sync::Arc;

use serde_json::Value;
use url::form_urlencoded;

use operation::{Answer, Body, Content, Location, Operation, Paging};
pub use violation::Violation;

/// Headers as a client has them: names in any case, values as text.
pub type Headers<'a> = &'a [(&'a str, &'a str)];

/// The compiled contract. It may be shared between threads.
#[derive(Debug)]
pub struct Contract {
    operations: Vec<Operation>,
    cursor_page: Arc<document::Schema>,
    offset_page: Arc<document::Schema>,
}

impl Contract {
    /// Loads the contract, which is compiled in.
    ///
    /// # Panics
    /// If the compiled-in file is malformed, which this crate's own tests exclude.
    #[must_use]
    #[expect(clippy::expect_used, reason = "the file is part of this crate, and every test of it starts here")]
    pub fn load() -> Self {
        document::read(include_str!("../zendesk.json")).expect("zendesk.json is a well-formed contract")
    }

    /// Checks whether a client may make this request. `path_and_query` is encoded, as in the request line. Returns
    /// every violation.
    pub fn check_request(
        &self,
        method: &str,
        path_and_query: &str,
        headers: Headers<'_>,
        body: Option<&[u8]>,
    ) -> Result<(), Vec<Violation>> {
        let (operation, path_values, query) = self.find(method, path_and_query)?;
        let mut found = Vec::new();
        let has_token = values(headers, "authorization").next().is_some();
        let without_token = operation.without_token.as_ref().filter(|_| !has_token);
        for parameter in &operation.parameters {
            if without_token.is_some() && parameter.is_token() {
                continue;
            }
            let given: Vec<&str> = match parameter.location {
                Location::Path => path_values
                    .iter()
                    .filter(|(name, _)| *name == parameter.name)
                    .map(|(_, value)| value.as_str())
                    .collect(),
                Location::Query => {
                    query.iter().filter(|(name, _)| *name == parameter.name).map(|(_, value)| value.as_str()).collect()
                }
                Location::Header => values(headers, &parameter.name).collect(),
            };
            parameter.check(&given, &mut found);
        }
        for (name, _) in &query {
            if !operation.parameters.iter().any(|known| known.location == Location::Query && known.name == *name) {
                found.push(Violation::new(format!("query {name}"), "is not a parameter of this operation"));
            }
        }
        let has = |name: &str| query.iter().any(|(given, _)| given == name);
        if (has("page[size]") || has("page[after]")) && (has("page") || has("per_page")) {
            found.push(Violation::new("query", "mixes both kinds of paging"));
        }
        check_body(without_token.or(operation.body.as_ref()), headers, body, &mut found);
        outcome(found)
    }

    /// Checks whether a server may answer this request like this. Returns every violation.
    pub fn check_answer(
        &self,
        method: &str,
        path_and_query: &str,
        status: u16,
        headers: Headers<'_>,
        body: &[u8],
    ) -> Result<(), Vec<Violation>> {
        let (operation, _, query) = self.find(method, path_and_query)?;
        let Some(answer) = operation.answer(status) else {
            return Err(vec![Violation::new("status", format!("{status} is not an answer to {}", operation.id))]);
        };
        let mut found = Vec::new();
        for header in &answer.headers {
            header.check(&values(headers, &header.name).collect::<Vec<_>>(), &mut found);
        }
        if let Some(json) = content(answer, headers, body, &mut found) {
            match operation.paging {
                Some(paging) if status < 300 => self.paging_schema(paging, &query).check(&json, "body", &mut found),
                _ => {}
            }
        }
        outcome(found)
    }

    fn paging_schema(&self, paging: Paging, query: &[(String, String)]) -> &document::Schema {
        let cursor = query.iter().any(|(name, _)| name.starts_with("page["));
        if cursor && paging == Paging::Both { &self.cursor_page } else { &self.offset_page }
    }

    #[expect(clippy::type_complexity, reason = "three results that are only found together, used twice in this file")]
    fn find(
        &self,
        method: &str,
        path_and_query: &str,
    ) -> Result<(&Operation, Vec<(String, String)>, Vec<(String, String)>), Vec<Violation>> {
        let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
        let matching = self.operations.iter().filter(|operation| operation.method.eq_ignore_ascii_case(method));
        // `/requests/search` also matches `/requests/{id}`. The path with the fewest variables is the right one.
        let best = matching
            .filter_map(|operation| Some((operation, operation.values(path)?)))
            .min_by_key(|(_, values)| values.len());
        let (operation, values) =
            best.ok_or_else(|| vec![Violation::new("path", "is not an operation of the contract")])?;
        Ok((operation, values, form_urlencoded::parse(query.as_bytes()).into_owned().collect()))
    }
}

fn values<'a>(headers: Headers<'a>, name: &str) -> impl Iterator<Item = &'a str> {
    headers.iter().filter(move |(given, _)| given.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
}

fn is_json(headers: Headers<'_>) -> bool {
    values(headers, "content-type")
        .any(|kind| kind.split(';').next().is_some_and(|kind| kind.trim() == "application/json"))
}

fn check_body(expected: Option<&Body>, headers: Headers<'_>, body: Option<&[u8]>, found: &mut Vec<Violation>) {
    match (expected, body) {
        (None, None | Some([])) | (Some(Body::Bytes), Some(_)) => {}
        (None, Some(_)) => found.push(Violation::new("body", "is not allowed")),
        (Some(_), None) => found.push(Violation::new("body", "is required")),
        (Some(Body::Json(schema)), Some(body)) => {
            if !is_json(headers) {
                found.push(Violation::new("header content-type", "must be application/json"));
            }
            match serde_json::from_slice::<Value>(body) {
                Ok(json) => schema.check(&json, "body", found),
                Err(_) => found.push(Violation::new("body", "is not JSON")),
            }
        }
    }
}

/// Checks the body against the answer's schema and returns it if it is JSON.
fn content(answer: &Answer, headers: Headers<'_>, body: &[u8], found: &mut Vec<Violation>) -> Option<Value> {
    match &answer.content {
        Content::None if body.is_empty() => None,
        Content::None => {
            found.push(Violation::new("body", "must be empty"));
            None
        }
        Content::Anything => None,
        Content::Json(schema) => {
            if !is_json(headers) {
                found.push(Violation::new("header content-type", "must be application/json"));
            }
            let Ok(json) = serde_json::from_slice::<Value>(body) else {
                found.push(Violation::new("body", "is not JSON"));
                return None;
            };
            schema.check(&json, "body", found);
            Some(json)
        }
    }
}

fn outcome(found: Vec<Violation>) -> Result<(), Vec<Violation>> {
    if found.is_empty() { Ok(()) } else { Err(found) }
}
