//! What the company has set up: its custom statuses, and the ticket fields that end users see.
//!
//! Both are lists of the account and not of a user, and change seldom. They are read as leniently as tickets: an odd
//! value costs that value, an odd row costs that row, and what was left out is counted.

use std::collections::BTreeSet;

use super::calls::{Call, ask, ask_if_offered, document};
use super::fields::Fields;
use super::lists::paging::{Order, Place};
use super::map;
use crate::connectors::json::{Json, Row, Rows};
use crate::model::{self, Failure, OptionLabel, ServerStatus, SetUp, Unreadable};
use crate::net::session::Session;

/// A list of the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listed<T> {
    /// The rows, in the server's order.
    pub rows: Vec<T>,
    /// The rows that were left out because they could not be read.
    pub unreadable: Unreadable,
}

/// A custom status (`docs/product.md`, T2 and W4). Every category has a default one, even if the company made none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CustomStatus {
    /// The service's id, which a ticket names.
    pub id: i64,
    /// The status to whose category it belongs. A closed ticket belongs to the category of the solved ones.
    pub category: ServerStatus,
    /// What end users read; `None` if the company wrote nothing.
    pub label: Option<String>,
    /// The explanation that end users read; `None` if the company wrote nothing.
    pub explanation: Option<String>,
    /// Whether agents can still choose it. Tickets keep an inactive one.
    pub is_active: bool,
    /// Whether it is the one that tickets of its category have unless an agent chooses another.
    pub is_default: bool,
}

/// A ticket field that end users see (`docs/product.md`, W1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TicketField {
    /// The service's id, by which a ticket's values are found.
    pub id: i64,
    /// The service's name of the type: `tagger`, `checkbox`, `text`, …. New ones appear at any time.
    pub kind: String,
    /// The title for end users; `None` if there is none.
    pub title: Option<String>,
    /// Whether the field is in use.
    pub is_active: bool,
    /// Whether end users see it.
    pub is_visible: bool,
    /// Whether end users fill it in when they create a ticket. The service drops the value of any other field.
    pub is_editable: bool,
    /// Whether end users must fill it in.
    pub is_required: bool,
    /// The options of a field with a fixed choice, in the company's order.
    pub options: Vec<FieldOption>,
}

/// An option of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FieldOption {
    /// The tag that a ticket stores.
    pub value: String,
    /// What people read; the tag if the company wrote nothing.
    pub name: String,
}

/// What the company has set up, as far as the product uses it. The list of statuses may be missing; then the fields are
/// used. The fields are read only if the product uses any.
pub(super) async fn set_up(session: &Session, fields: &Fields, language: &str) -> Result<SetUp, Failure> {
    let statuses = custom_statuses(session, language).await?;
    let status = |status: CustomStatus| model::CustomStatus {
        id: status.id.to_string(),
        label: status.label,
        is_default: status.is_default,
    };
    let custom_statuses = statuses.map(|listed| listed.rows.into_iter().map(status).collect());
    if !fields.are_used() {
        return Ok(SetUp { custom_statuses, options: None });
    }
    let mut options = Vec::new();
    for field in ticket_fields(session, language).await?.rows {
        let Some(name) = fields.name(field.id) else { continue };
        let label =
            |option: FieldOption| OptionLabel { field: name.to_owned(), value: option.value, label: option.name };
        options.extend(field.options.into_iter().map(label));
    }
    Ok(SetUp { custom_statuses, options: Some(options) })
}

/// The most rows of one page.
const ROWS: u32 = 100;
/// The most pages of fields that are read. The service allows 400 fields.
const MAX_PAGES: u32 = 20;
/// The most options that are read of a field. The service allows 2,000.
const MAX_OPTIONS: usize = 2_000;

/// All custom statuses, with their texts in the language of `locale`. Inactive ones are included, because tickets keep
/// them. `None` if the server does not offer the list to this user (403, 404, 410), as in an account without custom
/// statuses.
pub(super) async fn custom_statuses(session: &Session, locale: &str) -> Result<Option<Listed<CustomStatus>>, Failure> {
    // The service does not document the parameter for this list. Its own help centre sends it.
    let query = [("locale", locale)];
    let Some(answer) = ask_if_offered(session, Call::list("/api/v2/custom_statuses", &query)).await? else {
        return Ok(None);
    };
    let document = document(&answer)?;
    let [statuses] = document.root().fields(["custom_statuses"]);
    let Rows { read, unreadable } = statuses.rows(custom_status).ok_or_else(Failure::misbehaves)?;
    Ok(Some(Listed { rows: read, unreadable }))
}

/// All ticket fields, each once, with their titles in the language of `locale`. The names of options are in the language of the
/// user's profile on the server.
pub(super) async fn ticket_fields(session: &Session, locale: &str) -> Result<Listed<TicketField>, Failure> {
    let nothing = || (Listed { rows: Vec::new(), unreadable: Unreadable::default() }, BTreeSet::new());
    let (mut fields, mut known) = nothing();
    let mut cursor: Option<String> = None;
    // More pages than this lead in a circle.
    for _ in 0..MAX_PAGES {
        let place = Place::of(cursor.as_deref());
        let page = place.query(ROWS, Order::OldestFirst);
        // The order of this list is the company's.
        let page = page.iter().filter(|(name, _)| !name.starts_with("sort_")).map(|(name, value)| (*name, &**value));
        let query: Vec<(&str, &str)> = page.chain([("locale", locale)]).collect();
        let answer = ask(session, Call::list("/api/v2/ticket_fields", &query)).await?;
        let document = document(&answer)?;
        let [list, meta, next_page] = document.root().fields(["ticket_fields", "meta", "next_page"]);
        let Rows { read, unreadable } = list.rows(ticket_field).ok_or_else(Failure::misbehaves)?;
        let is_empty = read.is_empty() && unreadable.is_empty();
        // An answer that says nothing of pages is the whole list.
        let is_whole = meta.is_missing() && next_page.is_missing();
        let next = if is_whole { None } else { place.next([meta, next_page], ROWS, is_empty)? };
        // A server that ignored the cursor is read once more from the beginning, by number.
        if matches!(next.as_deref().map(|next| Place::of(Some(next))), Some(Place::Row(0))) {
            (fields, known) = nothing();
        } else {
            fields.rows.extend(read.into_iter().filter(|field| known.insert(field.id)));
            fields.unreadable.add(unreadable);
        }
        cursor = next;
        if cursor.is_none() {
            return Ok(fields);
        }
    }
    Ok(fields)
}

pub(super) fn custom_status(row: Json<'_>) -> Row<CustomStatus> {
    let [id, category, label, explanation, active, default] =
        row.fields(["id", "status_category", "end_user_label", "end_user_description", "active", "default"]);
    let Some(id) = id.id() else { return Row::Unreadable(None) };
    Row::Read(CustomStatus {
        id,
        category: map::status_of(category),
        label: label.short(),
        explanation: explanation.short(),
        is_active: active.boolean().unwrap_or(true),
        is_default: default.boolean().unwrap_or_default(),
    })
}

/// A field. What does not say that end users may edit it is not offered to them, because the server would drop the value.
pub(super) fn ticket_field(row: Json<'_>) -> Row<TicketField> {
    let [id, kind, title, in_portal, active] = row.fields(["id", "type", "title", "title_in_portal", "active"]);
    let [visible, editable, required, list] =
        row.fields(["visible_in_portal", "editable_in_portal", "required_in_portal", "custom_field_options"]);
    let Some(id) = id.id() else { return Row::Unreadable(None) };
    let mut options: Vec<FieldOption> = Vec::new();
    list.each(|option| options.extend(field_option(option).filter(|_| options.len() < MAX_OPTIONS)));
    Row::Read(TicketField {
        id,
        kind: kind.short().unwrap_or_default(),
        title: in_portal.short().or_else(|| title.short()),
        is_active: active.boolean().unwrap_or(true),
        is_visible: visible.boolean().unwrap_or(true),
        is_editable: editable.boolean().unwrap_or_default(),
        is_required: required.boolean().unwrap_or_default(),
        options,
    })
}

fn field_option(option: Json<'_>) -> Option<FieldOption> {
    let [value, name] = option.fields(["value", "name"]);
    let value = value.short()?;
    Some(FieldOption { name: name.short().unwrap_or_else(|| value.clone()), value })
}
