//! Pocketdesk's core for Kotlin and Swift, through UniFFI. This layer translates types and decides nothing.
//!
//! Every call is synchronous and coarse: a read returns a page, and a command returns when its effect is durable. Sync
//! runs in the background and is observed through a [`ChangeListener`].
//!
//! # Threads
//!
//! Every call may come from any thread, also several at a time. A call may block for as long as SQLite takes, a write
//! until it is on disk, so make calls off the main thread. No call waits for the network, except
//! [`Client::sync_until`], which is made for background work, and [`Client::search_server`]. Callbacks arrive on background
//! threads and may call back into the client.
//!
//! # Errors
//!
//! A call that can fail throws one enum, whose variants are cases that a caller can act on. Errors carry codes and
//! counts, never a text that a user wrote, so they may be logged. A panic in core is caught here and becomes
//! `InternalFault`.
//!
//! # What lives here
//!
//! Core has no clock, random numbers, threads or runtime of its own. This crate provides them: one small tokio runtime
//! for all clients of the process ([`runtime`]), the device's clock and random numbers ([`platform`]), and a thread for
//! each running callback ([`callbacks`]).

mod callbacks;
mod client;
mod convert;
mod editor;
mod errors;
mod platform;
mod runtime;
mod types;

pub use callbacks::{ChangeListener, Changes, ListenerError, TokenError, TokenProvider, TokenRequest};
pub use client::{Client, ClientConfig, Subscription};
pub use editor::*;
pub use errors::{AttachError, ChangeError, ClientError, OpenError, ReplyError, SubmitError};
pub use types::*;

uniffi::setup_scaffolding!();

/// Returns the built-in product definition as JSON: impact-mobile, with settings for Zendesk and Request Tracker. Another
/// definition can extend it (`docs/product-definition.md`).
#[uniffi::export]
#[must_use]
pub fn built_in_product() -> String {
    pocketdesk::product::BUILT_IN.to_owned()
}

/// Splits the text of an address field while the user types. An address ends at a comma, a semicolon, a line break or a
/// tab; at a space, if it has an `@`; and at the `>` that closes it. Of an address with a name, only the address is
/// kept.
#[uniffi::export]
#[must_use]
pub fn split_addresses(text: &str) -> SplitAddresses {
    pocketdesk::product::split_addresses(text).into()
}

/// Returns all addresses in a text, including the last one, which nothing ends. They need not be valid.
#[uniffi::export]
#[must_use]
pub fn all_addresses(text: &str) -> Vec<String> {
    pocketdesk::product::all_addresses(text)
}

/// Returns the languages of the shared strings, as BCP 47 tags.
#[uniffi::export]
#[must_use]
pub fn languages() -> Vec<String> {
    pocketdesk::product::LANGUAGES.iter().map(|language| (*language).to_owned()).collect()
}

/// Returns which form of a counted text `language` (a BCP 47 tag) uses for `count`: `zero`, `one`, `two`, `few`, `many` or
/// `other`, as Unicode's CLDR calls them. The key of such a text ends with it: `ticket.left_out.one`.
#[uniffi::export]
#[must_use]
pub fn plural_form(language: &str, count: u64) -> String {
    pocketdesk::product::plural_form(language, count).to_owned()
}

/// Returns under which section each row of the history stands and how its time is written, in the order of `rows`. For
/// `by_day`, pass `HistoryPage.by_day`: whether the days are sections. Reads no file. Ask again when a minute is over,
/// or when the time zone has changed.
#[uniffi::export(default(by_day = true))]
#[must_use]
#[expect(clippy::needless_pass_by_value, reason = "UniFFI passes arguments by value")]
pub fn place_rows(days: LocalDays, rows: Vec<RowTime>, by_day: bool) -> Vec<RowPlace> {
    let days = pocketdesk::query::LocalDays::from(days);
    let place = |row: &RowTime| {
        let at = pocketdesk::model::Timestamp(row.at);
        let (section, written) = (days.section(row.unsent, at, by_day), days.written(at));
        RowPlace {
            section: section.into(),
            written: written.into(),
            section_key: section.string_key().to_owned(),
            time_key: written.string_key().map(str::to_owned),
        }
    };
    rows.iter().map(place).collect()
}

/// Returns what is left at `now` of the time in which a message can be undone. `until` is that of `Delivery.Held`. Both
/// are in milliseconds since 1970 by the device's clock. Ask again when `Countdown.changes_in` is over.
#[uniffi::export]
#[must_use]
pub fn countdown(until: i64, now: i64) -> Countdown {
    use pocketdesk::model::Timestamp;
    pocketdesk::client::Countdown::until(Timestamp(until), Timestamp(now)).into()
}

/// Returns the colours of every status and of a problem, for a screen with a light or a dark background. Ask once for each.
#[uniffi::export]
#[must_use]
pub fn tones(dark: bool) -> Tones {
    Tones::on(dark)
}

/// Returns the draft with `text`, with which a form begins, below the description that the draft has. A draft whose
/// description contains the text already stays as it is. Saves nothing.
#[uniffi::export]
#[must_use]
pub fn prefilled(draft: TicketDraft, text: &str) -> TicketDraft {
    pocketdesk::product::prefilled(draft.into(), text).into()
}

/// Returns the key under which the data of a push message has the number of the ticket that has changed.
#[uniffi::export]
#[must_use]
pub fn push_key() -> String {
    pocketdesk::model::PUSH_KEY.to_owned()
}

/// Returns the ticket's number in a push message, for [`Client::on_push`]. `value` is what the message's data has under
/// [`push_key`]. `None` if `value` is not the number of a ticket. Any text may be passed.
#[uniffi::export]
#[must_use]
pub fn ticket_of_push(value: &str) -> Option<i64> {
    pocketdesk::model::TicketNumber::of_push(value).map(|number| number.0)
}

/// Returns a text with another one below it, as a paragraph of its own: how core adds to a draft.
#[uniffi::export]
#[must_use]
pub fn followed_by(above: &str, below: &str) -> String {
    pocketdesk::product::followed_by(above, below)
}

/// Returns every text of the built-in product, by its key, for a screen that is shown before a client is open; an open one
/// has its product's own ([`Client::strings`]). In the best language for `language` (a BCP 47 tag): `de-AT` is
/// served as `de`, an unknown language as `en`. Texts may have placeholders to fill in: `{count}`, `{limit}`,
/// `{address}`, `{name}` and so on. Reads no file; keep the result rather than call again for each text.
#[uniffi::export]
#[must_use]
pub fn strings(language: &str) -> std::collections::HashMap<String, String> {
    pocketdesk::product::built_in_strings(language).into_iter().collect()
}
