//! Moods: a server that behaves oddly for a while, or for good, and to many requests at once.
//!
//! # The story
//!
//! A [fault](super::faults) happens to one request. A mood begins with an event and lasts, so that the client meets it
//! in the middle of whatever it does, and again at every attempt. Each mood is something that real servers and what is
//! in front of them do. A mood has a *variant*, a number that decides which of several similar answers it gives, and
//! which tickets it concerns.
//!
//! After the events of a schedule the moods that still last stay on while everything comes to rest, and the oracle
//! checks what a user may expect meanwhile ([`crate::oracle::moods`]). Then they end, and everything has to be as if
//! they had never been. Moods that only change what is stored never end.
//!
//! | moods | the server | what is right |
//! | --- | --- | --- |
//! | [text moods](Mood::changes_texts), `files-renamed` | stores a text or a file's name otherwise than it was sent | the message is recognised: it is on the server once, and in the thread once |
//! | `replies-hidden` | confirms a reply and shows it to nobody | the text stays on the device, and the user is told |
//! | `mail-answers` | receives a mail from the same user just when a reply's outcome is ambiguous | both texts are in the thread; the user may be asked |
//! | `all-refused` | refuses every request with 403 | nothing is removed, a problem is shown |
//! | `web-pages` | a web page instead of every answer | the same |
//! | `firewall` | a web page instead of the answer to every write; it was not applied | the message needs the user after three attempts; a file at the first |
//! | `other-refusals` | refuses writes in JSON of another shape | the message needs the user at once, with the server's words |
//! | `odd-rows` | some rows of lists and threads do not parse | they cost themselves; what was left out is not taken for absent |
//! | `circles` | cursors lead back to where they came from, or on for ever | everything is read, in a bounded number of requests |
//! | `future-dates` | some tickets and comments are dated far in the future | later changes are seen all the same |
//! | `uploads-expired` | an upload has expired when it is answered, or has no token | the message arrives, or needs the user; the uploads are bounded |
//! | `threads-fail` | some threads cannot be read | all others are read, and what was written leaves |
//! | `slow-lists` | every page of a list takes seconds | a reply waits for one request, whatever else was asked for |

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{ADA, Origin, RequestKind, State, Text, Ticket};

/// A mood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mood {
    /// The plain text has no Markdown marks any more; `body` has them.
    MarksGone,
    /// `<` and `&` are stored as entities.
    Entities,
    /// A run of spaces is stored as one.
    SpacesJoined,
    /// Blank lines are dropped.
    BlankLinesJoined,
    /// Characters outside the basic plane are dropped.
    EmojiDropped,
    /// Long texts are cut.
    TextsCut,
    /// NUL characters are dropped.
    NulsDropped,
    /// Attached files get other names.
    FilesRenamed,
    /// Replies from the app are confirmed and made private.
    RepliesHidden,
    /// The same user answers by mail while an attempt fails.
    MailAnswers,
    /// Every request is refused with 403.
    AllRefused,
    /// Every answer is a web page.
    WebPages,
    /// Every answer to a write is a web page.
    Firewall,
    /// Writes are refused in another shape of JSON.
    OtherRefusals,
    /// Some rows do not parse.
    OddRows,
    /// Cursors never come to an end.
    Circles,
    /// Some tickets and comments are dated far ahead.
    FutureDates,
    /// Uploads have expired when they are answered, or have no token.
    UploadsExpired,
    /// Some threads cannot be read.
    ThreadsFail,
    /// Pages of lists take seconds.
    SlowLists,
}

/// The server's words in a refusal of another shape.
pub(crate) const WORDS: &str = "Dieser Text verstößt gegen Regel 7.";

/// Times that are far ahead.
const FAR: [&str; 3] = ["9999-12-31T23:59:59Z", "2031-01-01T00:00:00Z", "2026-03-09T09:00:00Z"];

impl Mood {
    /// All moods.
    pub const ALL: [Self; 20] = [
        Self::MarksGone,
        Self::Entities,
        Self::SpacesJoined,
        Self::BlankLinesJoined,
        Self::EmojiDropped,
        Self::TextsCut,
        Self::NulsDropped,
        Self::FilesRenamed,
        Self::RepliesHidden,
        Self::MailAnswers,
        Self::AllRefused,
        Self::WebPages,
        Self::Firewall,
        Self::OtherRefusals,
        Self::OddRows,
        Self::Circles,
        Self::FutureDates,
        Self::UploadsExpired,
        Self::ThreadsFail,
        Self::SlowLists,
    ];

    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> String {
        let mut name = String::new();
        for c in format!("{self:?}").chars() {
            if c.is_ascii_uppercase() && !name.is_empty() {
                name.push('-');
            }
            name.push(c.to_ascii_lowercase());
        }
        name
    }

    /// The mood with this name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mood| mood.name() == name)
    }

    /// Whether it changes texts when they are stored.
    #[must_use]
    pub fn changes_texts(self) -> bool {
        self <= Self::NulsDropped
    }

    /// Whether it only changes what is stored or how long an answer takes, so that nothing has to wait for its end.
    #[must_use]
    pub fn never_ends(self) -> bool {
        self <= Self::MailAnswers || self == Self::SlowLists
    }
}

/// The moods of a server.
#[derive(Debug, Clone, Default)]
pub(crate) struct Moods {
    /// Each with its variant and the time at which it ends.
    on: Vec<(Mood, u8, i64)>,
    /// Those that were on at some time, with their variants.
    ever: BTreeSet<(Mood, u8)>,
}

impl Moods {
    /// Begins a mood that ends at `until`.
    pub fn begin(&mut self, mood: Mood, variant: u8, until: i64) {
        self.on.retain(|(known, ..)| *known != mood);
        self.on.push((mood, variant, until));
        self.ever.insert((mood, variant));
    }

    /// Ends the moods whose time is over.
    pub fn expire(&mut self, now: i64) {
        self.on.retain(|(mood, _, until)| mood.never_ends() || *until > now);
    }

    /// Ends every mood that ends at all.
    pub fn end(&mut self) {
        self.on.retain(|(mood, ..)| mood.never_ends());
    }

    /// The variant of a mood that is on.
    pub fn variant(&self, mood: Mood) -> Option<u8> {
        self.on.iter().find(|(known, ..)| *known == mood).map(|(_, variant, _)| *variant)
    }

    pub fn is_on(&self, mood: Mood) -> bool {
        self.variant(mood).is_some()
    }

    /// Whether the mood was on at some time.
    pub fn was_on(&self, mood: Mood) -> bool {
        self.ever.iter().any(|(known, _)| *known == mood)
    }

    /// Whether a mood is on whose end is worth waiting for.
    pub fn are_lasting(&self) -> bool {
        self.on.iter().any(|(mood, ..)| !mood.never_ends())
    }

    /// Whether some text may have been changed when it was stored.
    pub fn changed_texts(&self) -> bool {
        self.ever.iter().any(|(mood, _)| mood.changes_texts())
    }

    /// Those that were on at some time.
    pub fn ever(&self) -> BTreeSet<Mood> {
        self.ever.iter().map(|(mood, _)| *mood).collect()
    }

    /// The variant, if the mood is on and concerns this ticket or comment: one in three.
    pub fn concerns(&self, mood: Mood, id: i64) -> Option<u8> {
        self.variant(mood).filter(|variant| is_concerned(*variant, id))
    }

    /// Whether the mood has ever concerned this ticket or comment, as far as it existed then.
    pub fn has_concerned(&self, mood: Mood, id: i64) -> bool {
        self.ever.iter().any(|(known, variant)| *known == mood && is_concerned(*variant, id))
    }

    #[cfg(test)]
    pub fn only(mood: Mood) -> Self {
        let mut moods = Self::default();
        moods.begin(mood, 0, i64::MAX);
        moods
    }
}

fn is_concerned(variant: u8, id: i64) -> bool {
    let mixed = id.unsigned_abs().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    (mixed + u64::from(variant)).is_multiple_of(3)
}

/// What is odd about a ticket's row: one of nine things, of which the last are about the id.
fn oddity(variant: u8, id: i64) -> u8 {
    (variant / 3 + u8::try_from(id.rem_euclid(7)).unwrap_or_default()) % 9
}

/// What a mood does to a whole request.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Refusal {
    /// JSON in the place of the answer.
    Json(u16, Value),
    /// A web page in the place of the answer.
    Page(u16),
    /// An answer that is larger than allowed.
    TooLarge,
}

impl State {
    /// How the present moods refuse a request; `None` if they let it pass. A refused write was not applied.
    pub(super) fn refusal(&self, kind: RequestKind, ticket: Option<i64>) -> Option<Refusal> {
        let moods = &self.moods;
        if let Some(variant) = moods.variant(Mood::AllRefused)
            // Some tokens may do nothing but tell whose they are.
            && (kind != RequestKind::Me || variant % 3 != 0)
        {
            let body = match variant % 2 {
                0 => json!({ "error": "Forbidden", "description": "You do not have access to this page." }),
                _ => json!({ "error": { "title": "Forbidden", "message": "Missing scope: requests" } }),
            };
            return Some(Refusal::Json(403, body));
        }
        if let Some(variant) = moods.variant(Mood::WebPages) {
            return Some(Refusal::Page([200, 403, 404, 503, 407][usize::from(variant % 5)]));
        }
        let writes = kind.is_write() || kind == RequestKind::Upload;
        if let Some(variant) = moods.variant(Mood::Firewall).filter(|_| writes) {
            let status = if kind == RequestKind::Upload { [413, 415] } else { [403, 406] };
            return Some(Refusal::Page(status[usize::from(variant % 2)]));
        }
        if let Some(variant) = moods.variant(Mood::OtherRefusals).filter(|_| writes) {
            let (status, body) = match variant % 4 {
                0 => (422, json!({ "errors": [{ "code": "rejected", "title": WORDS }] })),
                1 => (413, json!({ "message": WORDS })),
                2 => (400, json!({ "errors": [{ "detail": WORDS }] })),
                _ => (422, json!({ "description": WORDS })),
            };
            return Some(Refusal::Json(status, body));
        }
        if kind == RequestKind::Thread
            && let Some(variant) = ticket.and_then(|id| moods.concerns(Mood::ThreadsFail, id))
        {
            return Some(match variant % 6 {
                0 => Refusal::Json(500, json!({ "error": "InternalError", "description": "Internal error" })),
                1 => Refusal::Page(404),
                2 => Refusal::Json(406, json!({ "error": "NotAcceptable", "description": "Not acceptable" })),
                3 => Refusal::Json(200, json!({ "comments": "none" })),
                4 => Refusal::TooLarge,
                _ => Refusal::Page(200),
            });
        }
        None
    }

    /// A ticket's row in a list or in an answer about the ticket, as the present moods show it.
    pub(super) fn show_row(&self, id: i64, row: &mut Value) {
        self.date_ahead(id, row);
        let Some(variant) = self.moods.concerns(Mood::OddRows, id) else { return };
        match oddity(variant, id) {
            0 => row["requester_id"] = Value::Null,
            1 => row["created_at"] = json!("0000-00-00T00:00:00Z"),
            2 => row["updated_at"] = json!("10000-01-01T00:00:00Z"),
            // Without a reference, a new ticket is recognised by its subject.
            3 if self.ticket(id).is_none_or(|ticket| ticket.origin == Origin::Elsewhere) => row["subject"] = json!(17),
            3 => row["status"] = json!(null),
            4 => row["custom_fields"] = json!({ "odd": [null, true] }),
            5 => row["id"] = json!(id.to_string()),
            6 => row["status"] = json!(4),
            7 => *row = Value::Null,
            _ => row["id"] = json!({ "value": id }),
        }
    }

    /// A ticket's times, as the present moods show them.
    pub(super) fn date_ahead(&self, id: i64, row: &mut Value) {
        if let Some(variant) = self.moods.concerns(Mood::FutureDates, id) {
            row["updated_at"] = json!(FAR[usize::from(variant / 3 % 3)]);
        }
    }

    /// A comment, as the present moods show it. The user's own comments keep what recognises them.
    pub(super) fn show_comment(&self, id: i64, mine: bool, row: &mut Value) {
        if let Some(variant) = self.moods.concerns(Mood::FutureDates, id) {
            row["created_at"] = json!(FAR[usize::from(variant / 3 % 3)]);
        }
        let Some(variant) = self.moods.concerns(Mood::OddRows, id) else { return };
        match (variant / 3 + u8::try_from(id.rem_euclid(5)).unwrap_or_default()) % 6 {
            0 => row["created_at"] = json!("gestern"),
            1 => row["created_at"] = json!("9999-12-31T23:59:59Z"),
            2 if !mine => row["author_id"] = Value::Null,
            3 if !mine => row["attachments"] = json!("none"),
            4 => row["html_body"] = json!(["odd"]),
            5 if !mine => row["id"] = json!(id.to_string()),
            _ => row["type"] = json!(null),
        }
    }

    /// Whether a ticket's row was answered at some time so that no reader can tell its id.
    pub fn hid_row(&self, id: i64) -> bool {
        let mut odd = self.moods.ever.iter().filter(|(mood, _)| *mood == Mood::OddRows);
        odd.any(|(_, variant)| is_concerned(*variant, id) && matches!(oddity(*variant, id), 5 | 7 | 8))
    }

    /// Whether some comments of a ticket were answered with odd times.
    pub fn dated_oddly(&self, id: i64) -> bool {
        let comments = || self.ticket(id).into_iter().flat_map(|ticket| &ticket.comments);
        let concerned = |mood| comments().any(|comment| self.moods.has_concerned(mood, comment.id));
        concerned(Mood::OddRows) || concerned(Mood::FutureDates)
    }

    /// Whether some of a ticket's answers are odd.
    pub fn is_odd(&self, id: i64) -> bool {
        let comments = || self.ticket(id).into_iter().flat_map(|ticket| &ticket.comments);
        let concerned = |mood| {
            self.moods.concerns(mood, id).is_some()
                || comments().any(|comment| self.moods.concerns(mood, comment.id).is_some())
        };
        concerned(Mood::OddRows) || concerned(Mood::FutureDates)
    }

    /// Whether some of a ticket's answers were odd at some time. What was read then may stay until it is read again.
    pub fn was_odd(&self, id: i64) -> bool {
        let concerned = |mood| self.moods.has_concerned(mood, id);
        concerned(Mood::OddRows) || concerned(Mood::FutureDates) || self.dated_oddly(id)
    }

    /// Whether a ticket's thread cannot be read.
    pub fn thread_fails(&self, id: i64) -> bool {
        self.moods.concerns(Mood::ThreadsFail, id).is_some()
    }

    /// The cursor after the last page: back to the beginning, or on for ever. `None` if the pages end.
    pub(super) fn circle(&self, threads: bool) -> Option<String> {
        let variant = self.moods.variant(Mood::Circles)?;
        // Not every server errs in both.
        if variant % 3 == u8::from(threads) {
            return None;
        }
        Some(if variant % 2 == 0 { "0_0".to_owned() } else { format!("next{}", self.log.requests) })
    }

    /// The time by which a list sorts a ticket, in seconds since the start.
    pub(super) fn sorted_at(&self, id: i64, updated_at: i64) -> i64 {
        if self.moods.concerns(Mood::FutureDates, id).is_some() { i64::MAX } else { updated_at.div_euclid(1_000) }
    }

    /// A mail that the same user sends now, because a reply in this ticket does not seem to leave.
    pub(super) fn receive_mail(&mut self, id: i64, now: i64) {
        let Some(ticket) = self.tickets.get(id).filter(|ticket| self.shows(ticket) && ticket.status != "closed") else {
            return;
        };
        let mut ticket = Ticket::clone(ticket);
        let marker = self.marker();
        let text = match self.moods.variant(Mood::MailAnswers).unwrap_or_default() % 3 {
            0 => format!("Per E-Mail: hat sich erledigt. {marker}"),
            1 => format!("Hallo, zusammen, seit heute geht es wieder. Ich melde mich per E-Mail. {marker}"),
            _ => format!("Und noch etwas: {marker}"),
        };
        let comment = self.comment(ADA, Origin::Elsewhere, Text::of(text), now);
        ticket.comments.push(comment);
        (ticket.status, ticket.updated_at) = ("open", now);
        self.tickets.put(now, ticket);
    }
}
