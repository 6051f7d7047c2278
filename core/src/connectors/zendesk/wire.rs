//! The bodies of this service's writes.

use serde_json::{Value, json};

use super::fields::Fields;
use crate::connectors::text::html_of;
use crate::model::{Requester, Write};

/// The body of `POST /requests`, `PUT /requests/{id}` or, for a read mark, `PUT /requests/{id}/read_mark`.
pub(super) fn body(write: &Write, fields: &Fields) -> Value {
    match write {
        Write::Create { subject, description, issue_type, cc, access, reference, follows, uploads, requester } => {
            let custom: Vec<Value> = [
                // A form without issue types sends none.
                (fields.issue_type.filter(|_| !issue_type.is_empty()), json!(issue_type)),
                // Nobody has an account with which a ticket without one could be shared.
                (fields.access.filter(|_| requester.is_none()), json!(access)),
                (fields.client_reference, json!(reference)),
            ]
            .into_iter()
            .filter_map(|(id, value)| id.map(|id| json!({ "id": id, "value": value })))
            .collect();
            let mut request = json!({ "subject": subject, "comment": comment(("body", description), uploads) });
            if !custom.is_empty() {
                request["custom_fields"] = Value::Array(custom);
            }
            if !cc.is_empty() {
                request["collaborators"] = json!(cc);
            }
            if let Some(number) = follows {
                request["via_followup_source_id"] = json!(number.0);
            }
            if let Some(Requester { name, email }) = requester {
                request["requester"] = json!({ "name": name, "email": email });
            }
            json!({ "request": request })
        }
        Write::Reply { body, structure, uploads, solves } => {
            // The service makes the plain text from the HTML.
            let html = html_of(body, structure.as_ref());
            let text = html.as_deref().map_or(("body", body.as_str()), |html| ("html_body", html));
            let mut request = json!({ "comment": comment(text, uploads) });
            if *solves {
                request["solved"] = json!(true);
            }
            json!({ "request": request })
        }
        Write::AddCc { addresses } => json!({ "request": { "additional_collaborators": addresses } }),
        // An extension that the service itself does not have: a server that shares read marks offers this path.
        Write::MarkRead { through } => json!({ "read_mark": { "comment_id": through.0 } }),
        Write::Solve => json!({ "request": { "solved": true } }),
        // These are encoded in `extras`.
        Write::Feedback(_) | Write::Toggle(_) => Value::Null,
    }
}

fn comment((form, text): (&str, &str), uploads: &[String]) -> Value {
    if uploads.is_empty() { json!({ form: text }) } else { json!({ form: text, "uploads": uploads }) }
}

/// Whether a body made by [`body`] names uploads.
pub(super) fn names_uploads(body: &[u8]) -> bool {
    serde_json::from_slice::<Value>(body).is_ok_and(|body| !body["request"]["comment"]["uploads"].is_null())
}
