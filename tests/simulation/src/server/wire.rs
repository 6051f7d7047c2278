//! The server's JSON: reading requests, and making answers.

use pocketdesk::net::{HttpRequest, Method};
use serde_json::{Value, json};

use super::files::attachments;
use super::state::{ADA, BEN, EVE, MARTA, ORGANIZATION, Ticket, Via};
use super::texts::text_of;
use super::{RequestKind, State, header};
use crate::World;

/// The custom fields, as the product definition maps them.
pub(super) const ISSUE_TYPE: i64 = 360_001_000_001;
pub(super) const ACCESS: i64 = 360_001_000_002;
const REFERENCE: i64 = 360_001_000_003;

/// The parts of the path after `/api/v2/`.
pub(super) fn path(request: &HttpRequest) -> Vec<&str> {
    request.url.path().split('/').skip(3).collect()
}

pub(super) fn kind_of(request: &HttpRequest) -> RequestKind {
    match (request.method, path(request).as_slice()) {
        (Method::Get, ["users", "me" | "me.json"]) => RequestKind::Me,
        (Method::Get, ["requests" | "requests.json"] | ["requests", "ccd"] | ["organizations", _, "requests"]) => {
            RequestKind::List
        }
        (Method::Get, ["requests", _]) => RequestKind::Ticket,
        (Method::Get, ["requests", _, "comments"]) => RequestKind::Thread,
        (Method::Post, ["requests"]) => RequestKind::Create,
        (Method::Put, ["requests", _]) => RequestKind::Change,
        (Method::Put, ["requests", _, "read_mark"]) => RequestKind::ReadMark,
        (Method::Post, ["uploads"]) => RequestKind::Upload,
        (Method::Post, ["guide", "survey_responses", _]) | (Method::Patch, ["custom_objects", _, "records"]) => {
            RequestKind::Change
        }
        _ => RequestKind::Other,
    }
}

/// The ticket that a request is about.
pub(super) fn ticket_of(request: &HttpRequest) -> Option<i64> {
    match path(request).as_slice() {
        ["requests", id, ..] => id.parse().ok(),
        _ => None,
    }
}

pub(super) fn token(request: &HttpRequest) -> Option<&str> {
    header(request, "authorization")?.strip_prefix("Bearer ")
}

/// The answer to a read, from the state at `time`.
pub(super) fn read(state: &mut State, request: &HttpRequest, user: i64, time: i64) -> (u16, Value) {
    let not_found = || (404, json!({ "error": "RecordNotFound", "description": "Not found" }));
    let query =
        |name: &str| request.url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let path = path(request);
    let list: fn(&Ticket) -> bool = match path.as_slice() {
        ["guide", "survey_responses"] => {
            let subject = query("filter[subject_zrns]").unwrap_or_default();
            return (200, state.surveys(subject.rsplit(':').next().and_then(|id| id.parse().ok()), time));
        }
        ["custom_objects", _, "records"] => {
            return (200, state.records(&query("filter[external_ids]").unwrap_or_default(), time));
        }
        ["users", "me" | "me.json"] => return (200, me(user, state.traits.organization)),
        ["requests"] => |ticket| ticket.via == Via::Own,
        ["requests", "ccd"] => |ticket| ticket.via == Via::Copied,
        ["organizations", _, "requests"] => {
            if state.traits.organization_refused {
                return (403, json!({ "error": "Forbidden", "description": "You do not have access to this page." }));
            }
            |ticket| ticket.via != Via::Copied
        }
        ["requests", id] | ["requests", id, "comments"] => {
            let id = id.parse().unwrap_or_default();
            let Some(ticket) = state.tickets.get_at(id, time).filter(|ticket| state.shows(ticket)).cloned() else {
                state.log.refusals.insert(id);
                return not_found();
            };
            if path.len() == 2 {
                return (200, json!({ "request": shown(state, &ticket, user) }));
            }
            return (200, comments(state, &ticket, &query));
        }
        _ => return (404, json!({ "error": "InvalidEndpoint", "description": "Not found" })),
    };
    let tickets = state.tickets.all_at(time).filter(|ticket| state.shows(ticket) && list(ticket));
    (200, page(state, tickets.map(AsRef::as_ref).collect(), request, user, &query))
}

/// A ticket as the server shows it at the moment.
fn shown(state: &State, ticket: &Ticket, user: i64) -> Value {
    let mut row = request(ticket, user);
    if let Some(through) = state.read_through(ticket.id) {
        row["read_through"] = json!(through);
    }
    state.show_row(ticket.id, &mut row);
    row
}

fn page(
    state: &State,
    mut tickets: Vec<&Ticket>,
    request: &HttpRequest,
    user: i64,
    query: &impl Fn(&str) -> Option<String>,
) -> Value {
    let number = |name: &str| query(name).and_then(|number| number.parse::<usize>().ok());
    if let Some(size) = number("page[size]") {
        // Cursor pages have an order of their own, whatever is requested. It is the same for every page.
        let place = |ticket: &Ticket| {
            (ticket.id.unsigned_abs().wrapping_mul(state.traits.shuffle | 1).rotate_left(29), ticket.id)
        };
        tickets.sort_by_key(|ticket| place(ticket));
        let after = query("page[after]").and_then(|cursor| cursor.split_once('_').map(|(a, b)| (a.parse(), b.parse())));
        if let Some((Ok(hash), Ok(id))) = after {
            tickets.retain(|ticket| place(ticket) > (hash, id));
        }
        let more = tickets.len() > size;
        tickets.truncate(size);
        let after = tickets.last().map(|ticket| place(ticket)).map(|(hash, id)| format!("{hash}_{id}"));
        let rows: Vec<Value> = tickets.into_iter().map(|ticket| shown(state, ticket, user)).collect();
        return json!({ "requests": rows, "links": { "next": null, "prev": null },
                       "meta": position(more, after, state.circle(false)) });
    }
    let by_creation = query("sort_by").as_deref() == Some("created_at");
    let key = |ticket: &Ticket| {
        if by_creation { ticket.created_at.div_euclid(1_000) } else { state.sorted_at(ticket.id, ticket.updated_at) }
    };
    tickets.sort_by_key(|ticket| std::cmp::Reverse((key(ticket), ticket.id)));
    let (number, size) = (number("page").unwrap_or(1), number("per_page").unwrap_or(100));
    let (start, count) = ((number - 1) * size, tickets.len());
    let rows: Vec<Value> = tickets.iter().skip(start).take(size).map(|ticket| shown(state, ticket, user)).collect();
    let path = request.url.path();
    let next = (start + rows.len() < count).then(|| format!("https://desk.example{path}?page={}", number + 1));
    json!({ "requests": rows, "next_page": next, "previous_page": null, "count": count })
}

/// The state of paging by cursor. `circle`: the cursor of a server whose pages do not end.
fn position(more: bool, after: Option<String>, circle: Option<String>) -> Value {
    let (more, after) = if more { (true, after) } else { (circle.is_some(), circle.or(after)) };
    json!({ "has_more": more, "after_cursor": after, "before_cursor": null })
}

fn comments(state: &State, ticket: &Ticket, query: &impl Fn(&str) -> Option<String>) -> Value {
    let notes_leak = state.traits.notes_leak;
    let size = query("page[size]").and_then(|size| size.parse::<usize>().ok()).unwrap_or(100);
    let after = query("page[after]").and_then(|after| after.parse::<i64>().ok()).unwrap_or_default();
    let mut shown: Vec<_> =
        ticket.comments.iter().filter(|comment| (comment.public || notes_leak) && comment.id > after).collect();
    let more = shown.len() > size;
    shown.truncate(size);
    let after = shown.last().map(|comment| comment.id.to_string());
    let rows: Vec<Value> = shown
        .iter()
        .map(|comment| {
            let mut row = json!({ "id": comment.id, "type": "Comment", "request_id": ticket.id, "author_id": comment.author,
                    "body": comment.text.body, "html_body": comment.text.html(), "plain_body": comment.text.plain,
                    "public": comment.public,
                    "attachments": attachments(comment.id, &comment.files), "created_at": time(comment.at) });
            state.show_comment(comment.id, comment.author == ADA, &mut row);
            row
        })
        .collect();
    let people = [(ADA, "Ada Lindqvist", false), (BEN, "Ben Öztürk", false), (MARTA, "Marta Feld", true)];
    let users: Vec<Value> = people
        .iter()
        .filter(|(id, ..)| shown.iter().any(|comment| comment.author == *id))
        .map(|(id, name, agent)| json!({ "id": id, "name": name, "agent": agent, "photo": null }))
        .collect();
    json!({ "comments": rows, "users": users, "links": { "next": null, "prev": null },
            "meta": position(more, after, state.circle(true)) })
}

fn me(user: i64, organization: bool) -> Value {
    let (name, email) =
        if user == EVE { ("Eve", "eve@other.example") } else { ("Ada Lindqvist", "ada@reisen.example") };
    let organization = (organization && user == ADA).then_some(ORGANIZATION);
    json!({ "user": { "id": user, "name": name, "email": email, "role": "end-user", "organization_id": organization,
                      "locale": "de", "verified": true } })
}

/// A ticket as the request that `viewer` sees.
pub(super) fn request(ticket: &Ticket, viewer: i64) -> Value {
    let solvable =
        !ticket.demoted && ticket.requester() == viewer && matches!(ticket.status, "open" | "pending" | "hold");
    json!({ "id": ticket.id, "url": format!("https://desk.example/api/v2/requests/{}.json", ticket.id),
            "subject": ticket.subject, "description": ticket.comments.first().map(|comment| &comment.text.body),
            "status": ticket.status, "created_at": time(ticket.created_at), "updated_at": time(ticket.updated_at),
            "requester_id": ticket.requester(), "organization_id": ORGANIZATION, "collaborator_ids": [],
            "email_cc_ids": [], "can_be_solved_by_me": solvable, "is_public": true,
            "custom_fields": [{ "id": ISSUE_TYPE, "value": ticket.issue_type }, { "id": ACCESS, "value": ticket.access },
                              { "id": REFERENCE, "value": ticket.reference }] })
}

/// The value of a custom field in the body of a new ticket.
pub(super) fn field(new: &Value, id: i64) -> Value {
    let fields = new["custom_fields"].as_array().into_iter().flatten();
    fields.filter(|field| field["id"] == id).map(|field| field["value"].clone()).next().unwrap_or_default()
}

/// A new ticket's client reference.
pub(super) fn reference(new: &Value) -> Option<String> {
    field(new, REFERENCE).as_str().map(str::to_owned)
}

/// The body of a 422.
pub(super) fn invalid(field: &str, server_message: &str) -> Value {
    json!({ "error": "RecordInvalid", "description": "Record validation errors",
            "details": { field: [{ "description": server_message, "error": "InvalidValue" }] } })
}

/// The body of a 403.
pub(super) fn not_allowed() -> Value {
    json!({ "error": "Forbidden", "description": "You do not have access to this page." })
}

/// The body of a 422 for uploads that the server does not have.
pub(super) fn unusable() -> Value {
    let server_message = "Attachment: the upload token is invalid, expired or already used";
    json!({ "error": "RecordInvalid", "description": "Record validation errors",
            "details": { "base": [{ "description": server_message, "error": "InvalidAttachment" }] } })
}

/// The strings of an array. Anything else in it is ignored.
/// The plain text of a comment that was sent.
pub(super) fn written(comment: &Value) -> Option<String> {
    let page = comment["html_body"].as_str().map(text_of);
    page.or_else(|| comment["body"].as_str().map(str::to_owned))
}

pub(super) fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(|text| text.as_str().map(str::to_owned)).collect()
}

pub(super) fn time(at: i64) -> String {
    moment(at).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Formats a time for a `Date` header.
pub(super) fn http_date(at: i64) -> String {
    moment(at).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

fn moment(at: i64) -> jiff::Timestamp {
    jiff::Timestamp::from_millisecond(World::moment(at).0).unwrap_or_default()
}
