//! An operation: one method of one path, compiled.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;
use url::form_urlencoded;

use crate::Violation;
use crate::document::Schema;

/// Where a parameter occurs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Location {
    Path,
    Query,
    Header,
}

/// How the text of a parameter is parsed before it is checked against its schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueType {
    Text,
    Integer,
    Boolean,
}

/// A parameter of a request, or a header of an answer.
#[derive(Debug)]
pub struct Parameter {
    pub name: String,
    pub location: Location,
    pub required: bool,
    pub value_type: ValueType,
    pub schema: Arc<Schema>,
}

impl Parameter {
    /// Whether this is the header with the token.
    pub fn is_token(&self) -> bool {
        self.location == Location::Header && self.name.eq_ignore_ascii_case("authorization")
    }

    /// Checks the values given for this parameter.
    pub fn check(&self, given: &[&str], found: &mut Vec<Violation>) {
        let place = match self.location {
            Location::Path => format!("path {}", self.name),
            Location::Query => format!("query {}", self.name),
            Location::Header => format!("header {}", self.name.to_ascii_lowercase()),
        };
        match given {
            [] if self.required => found.push(Violation::new(place, "is required")),
            [] => {}
            [text] => match self.value_type.read(text) {
                Some(value) => self.schema.check(&value, &place, found),
                None => found.push(Violation::new(place, "is not of the type it must be")),
            },
            _ => found.push(Violation::new(place, "is given more than once")),
        }
    }
}

impl ValueType {
    fn read(self, text: &str) -> Option<Value> {
        match self {
            Self::Text => Some(Value::from(text)),
            Self::Integer => text.parse::<i64>().ok().map(Value::from),
            Self::Boolean => text.parse::<bool>().ok().map(Value::from),
        }
    }
}

/// The body of a request.
#[derive(Debug)]
pub enum Body {
    Json(Arc<Schema>),
    Bytes,
}

/// The body of an answer.
#[derive(Debug)]
pub enum Content {
    None,
    Json(Arc<Schema>),
    Anything,
}

/// One of an operation's possible answers.
#[derive(Debug)]
pub struct Answer {
    pub headers: Vec<Parameter>,
    pub content: Content,
}

/// The kinds of paging that a list supports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paging {
    Both,
    Offset,
}

/// An operation: one method of one path.
#[derive(Debug)]
pub struct Operation {
    pub id: String,
    pub method: String,
    /// The path's segments; a variable is its name in braces.
    pub segments: Vec<String>,
    pub parameters: Vec<Parameter>,
    pub body: Option<Body>,
    /// The body of a request without a token, if the operation takes one.
    pub without_token: Option<Body>,
    pub paging: Option<Paging>,
    pub answers: BTreeMap<u16, Answer>,
    /// The answer for every error status that is not listed.
    pub refusal: Option<Answer>,
}

impl Operation {
    /// The decoded values of the path's variables; `None` if the path is not this operation's.
    pub fn values(&self, path: &str) -> Option<Vec<(String, String)>> {
        let given: Vec<&str> = path.split('/').collect();
        if given.len() != self.segments.len() {
            return None;
        }
        let mut values = Vec::new();
        for (segment, given) in self.segments.iter().zip(given) {
            match segment.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                Some(_) if given.is_empty() => return None,
                Some(name) => values.push((name.to_owned(), decode(given))),
                None if segment == given => {}
                None => return None,
            }
        }
        Some(values)
    }

    /// The answer for this status.
    pub fn answer(&self, status: u16) -> Option<&Answer> {
        self.answers.get(&status).or_else(|| self.refusal.as_ref().filter(|_| status >= 400))
    }
}

/// Decodes percent-encoding. In a path, a plus is a plus.
fn decode(segment: &str) -> String {
    let pair = format!("_={}", segment.replace('+', "%2B"));
    form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}
