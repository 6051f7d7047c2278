//! Reads the `OpenAPI` document. References are resolved, and each schema is compiled once.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jsonschema::{Draft, Validator};
use serde::Deserialize;
use serde_json::{Value, json};
use thiserror::Error;

use crate::operation::{Answer, Body, Content, Location, Operation, Paging, Parameter, ValueType};
use crate::{Contract, Violation};

/// Why the document cannot be used.
#[derive(Debug, Error)]
pub enum DocumentError {
    #[error("the document is not of the expected form")]
    Form(#[from] serde_json::Error),
    #[error("nothing at {0}")]
    Reference(String),
    #[error("{0} is not a schema")]
    Schema(String),
    #[error("{0} cannot be understood")]
    Unknown(String),
}

/// A compiled schema.
#[derive(Debug)]
pub struct Schema(Validator);

impl Schema {
    /// Adds every violation to `found`. `place` is the path of `value`, for the report.
    pub fn check(&self, value: &Value, place: &str, found: &mut Vec<Violation>) {
        let errors = self.0.iter_errors(value);
        found.extend(
            errors.map(|error| Violation::new(format!("{place}{}", error.instance_path()), error.masked().to_string())),
        );
    }
}

#[derive(Debug, Deserialize)]
struct Document {
    paths: BTreeMap<String, BTreeMap<String, Raw>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Raw {
    operation_id: String,
    #[serde(rename = "x-paging")]
    paging: Option<String>,
    #[serde(rename = "x-without-token")]
    without_token: Option<Value>,
    parameters: Vec<Value>,
    request_body: Option<RawContent>,
    responses: BTreeMap<String, Value>,
}

#[derive(Debug, Deserialize)]
struct RawParameter {
    name: String,
    #[serde(rename = "in")]
    location: String,
    #[serde(default)]
    required: bool,
    schema: Value,
}

#[derive(Debug, Deserialize)]
struct RawContent {
    #[serde(default)]
    headers: BTreeMap<String, RawHeader>,
    #[serde(default)]
    content: BTreeMap<String, Value>,
}

#[derive(Debug, Deserialize)]
struct RawHeader {
    #[serde(default)]
    required: bool,
    schema: Value,
}

/// Compiles a document.
pub fn read(text: &str) -> Result<Contract, DocumentError> {
    let whole: Value = serde_json::from_str(text)?;
    let document: Document = serde_json::from_value(whole.clone())?;
    let mut reader = Reader { whole, compiled: HashMap::new() };
    let mut operations = Vec::new();
    for (path, methods) in document.paths {
        for (method, raw) in methods {
            operations.push(reader.operation(&path, method, raw)?);
        }
    }
    let cursor_page = reader.compile(&json!({ "$ref": "#/components/schemas/CursorPage" }))?;
    let offset_page = reader.compile(&json!({ "$ref": "#/components/schemas/OffsetPage" }))?;
    Ok(Contract { operations, cursor_page, offset_page })
}

struct Reader {
    whole: Value,
    /// Compiled schemas by their text, because most are references that occur many times.
    compiled: HashMap<String, Arc<Schema>>,
}

impl Reader {
    fn operation(&mut self, path: &str, method: String, raw: Raw) -> Result<Operation, DocumentError> {
        let parameters = raw.parameters.into_iter().map(|value| self.parameter(value)).collect::<Result<_, _>>()?;
        let body = match raw.request_body {
            None => None,
            Some(raw) => Some(match self.content(&raw)? {
                Content::Json(schema) => Body::Json(schema),
                Content::None | Content::Anything => Body::Bytes,
            }),
        };
        let without_token = raw.without_token.map(|schema| self.compile(&schema)).transpose()?.map(Body::Json);
        let paging = match raw.paging.as_deref() {
            None => None,
            Some("both") => Some(Paging::Both),
            Some("offset") => Some(Paging::Offset),
            Some(word) => return Err(DocumentError::Unknown(word.to_owned())),
        };
        let mut answers = BTreeMap::new();
        let mut refusal = None;
        for (status, value) in raw.responses {
            let answer = self.answer(value)?;
            match status.parse() {
                Ok(status) => drop(answers.insert(status, answer)),
                Err(_) if status == "default" => refusal = Some(answer),
                Err(_) => return Err(DocumentError::Unknown(status)),
            }
        }
        let segments = path.split('/').map(str::to_owned).collect();
        Ok(Operation {
            id: raw.operation_id,
            method,
            segments,
            parameters,
            body,
            without_token,
            paging,
            answers,
            refusal,
        })
    }

    fn parameter(&mut self, value: Value) -> Result<Parameter, DocumentError> {
        let RawParameter { name, location, required, schema } = serde_json::from_value(self.resolved(value)?)?;
        let location = match location.as_str() {
            "path" => Location::Path,
            "query" => Location::Query,
            "header" => Location::Header,
            _ => return Err(DocumentError::Unknown(location)),
        };
        Ok(Parameter { name, location, required, value_type: value_type(&schema), schema: self.compile(&schema)? })
    }

    fn answer(&mut self, value: Value) -> Result<Answer, DocumentError> {
        let raw: RawContent = serde_json::from_value(self.resolved(value)?)?;
        let content = self.content(&raw)?;
        let mut headers = Vec::with_capacity(raw.headers.len());
        for (name, RawHeader { required, schema }) in raw.headers {
            let schema = self.compile(&schema)?;
            headers.push(Parameter { name, location: Location::Header, required, value_type: ValueType::Text, schema });
        }
        Ok(Answer { headers, content })
    }

    fn content(&mut self, raw: &RawContent) -> Result<Content, DocumentError> {
        match raw.content.iter().next() {
            None => Ok(Content::None),
            Some((kind, media)) if kind == "application/json" => Ok(Content::Json(self.compile(&media["schema"])?)),
            Some(_) => Ok(Content::Anything),
        }
    }

    /// The target of a `$ref`, or the value itself if it is none.
    fn resolved(&self, value: Value) -> Result<Value, DocumentError> {
        let Some(reference) = value.get("$ref").and_then(Value::as_str) else { return Ok(value) };
        let target = reference.strip_prefix('#').and_then(|pointer| self.whole.pointer(pointer));
        target.cloned().ok_or_else(|| DocumentError::Reference(reference.to_owned()))
    }

    fn compile(&mut self, schema: &Value) -> Result<Arc<Schema>, DocumentError> {
        let text = schema.to_string();
        if let Some(known) = self.compiled.get(&text) {
            return Ok(Arc::clone(known));
        }
        // References in the schema point into the document, so its components are added.
        let root = json!({ "allOf": [schema], "components": { "schemas": self.whole["components"]["schemas"] } });
        let options = jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true);
        let compiled = options.build(&root).map_err(|_| DocumentError::Schema(text.clone()))?;
        let compiled = Arc::new(Schema(compiled));
        self.compiled.insert(text, Arc::clone(&compiled));
        Ok(compiled)
    }
}

fn value_type(schema: &Value) -> ValueType {
    match schema["type"].as_str() {
        Some("integer") => ValueType::Integer,
        Some("boolean") => ValueType::Boolean,
        _ => ValueType::Text,
    }
}
