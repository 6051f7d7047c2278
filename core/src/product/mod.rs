//! What a server allows, as data.
//!
//! A product is a JSON file: issue types, what the server's statuses mean to a user, the entries of the Help & Support
//! screen, the server's custom fields, and how much the server may be asked. A company takes the built-in one, changes the
//! field ids, and hands it in when it opens a server; no rule is written twice.
//!
//! A product is checked when it is read ([`Product::from_json`]), a draft while it is typed ([`Product::check`]) and when it
//! is submitted ([`Product::accept`]). Every word that a screen
//! shows is in the files beside the product ([`strings`](fn@strings)).

mod address;

mod load;
mod strings;
mod text;
mod validation;

use std::time::Duration;

use crate::model::AttachmentLimits;
use crate::model::Capabilities;
use crate::model::{ServerStatus, Status, Turn};
pub use crate::product::load::{BUILT_IN, ProductError};
pub use crate::product::strings::{LANGUAGES, strings};
pub use crate::product::validation::{AcceptedTicket, DraftCheck, DraftNote, Field, FieldProblem, Problem};

/// What a server allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// Its name.
    pub name: String,
    /// Grapheme clusters that a subject may have, after trimming (C1).
    pub subject_limit: u32,
    /// What files can be attached (S12); `None`: none.
    pub attachments: Option<AttachmentLimits>,
    /// How many bytes the copies of the server's files may have together.
    pub cache_bytes: u64,
    /// Whether the access toggle is offered (C5): wanted here, and enforced by the server. Where the server's field shares
    /// nothing, a toggle would promise what it cannot keep.
    pub access_toggle: bool,
    /// Whether addresses can be added to a sent ticket (W12).
    pub add_cc: bool,
    /// Whether a user can mark their own ticket as solved (S15).
    pub solve: bool,
    /// Whether the server shares between the users of an account what was read (W8). Plain Zendesk does not.
    pub shared_read_marks: bool,
    /// In the order in which they are offered (C2).
    pub issue_types: Vec<IssueType>,
    /// The id of the one that is chosen at first.
    pub preselected_issue_type: String,
    /// The entries of the Help & Support screen (H1).
    pub entries: Vec<Entry>,
    /// The server's custom fields, where it has numbers for them.
    pub fields: Fields,
    /// What only the connector reads: how a server that is a kit was set up. Null where there is nothing to say.
    pub connector: serde_json::Value,
    /// How far the server's answers can lag behind.
    pub consistency: Consistency,
    /// Which threads are read ahead.
    pub thread_policy: ThreadPolicy,
    /// How much the server may be asked.
    pub sync: SyncPolicy,
    statuses: Vec<StatusRule>,
    server_statuses: Vec<ServerStatusRule>,
}

/// An issue type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueType {
    /// What a draft holds, and part of its words' keys.
    pub id: String,
    /// What the server stores.
    pub value: String,
}

impl IssueType {
    /// Key of its name.
    #[must_use]
    pub fn label_key(&self) -> String {
        format!("issue_type.{}", self.id)
    }

    /// Key of its one-line explanation (W1).
    #[must_use]
    pub fn explanation_key(&self) -> String {
        format!("issue_type.{}.explanation", self.id)
    }
}

/// An entry of the Help & Support screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it leads to.
    pub kind: EntryKind,
    /// A web address, or `mailto:` and an address; none for a screen of ours.
    pub target: Option<String>,
    /// The languages in which it is shown; empty: all.
    pub languages: Vec<String>,
}

impl Entry {
    /// Key of its name.
    #[must_use]
    pub fn label_key(&self) -> &'static str {
        match self.kind {
            EntryKind::NewTicket => "support.new_ticket",
            EntryKind::HelpCentre => "support.help_centre",
            EntryKind::Courses => "support.courses",
            EntryKind::Email => "support.email",
        }
    }
}

/// What an entry leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// The ticket history, and from there a new ticket.
    NewTicket,
    /// The help centre, outside.
    HelpCentre,
    /// Courses, outside.
    Courses,
    /// A mail.
    Email,
}

/// The ids of the server's custom fields; `None` where the server has none for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
pub struct Fields {
    /// A drop-down with the issue types' values.
    pub issue_type: Option<i64>,
    /// A checkbox: accessible to all users of the account.
    pub access: Option<i64>,
    /// A text: how a ticket is recognised after a lost answer.
    pub client_reference: Option<i64>,
}

/// How far the server's answers can lag behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Consistency {
    /// The longest time for which a read may not show what was applied.
    pub stale_read: Duration,
    /// The longest time after which a request that was cut off may still be applied.
    pub late_apply: Duration,
}

/// What a comparison of two of the server's times cannot know: they have whole seconds, and an answer is dated when it leaves,
/// a moment after what is in it was read.
const DATING: Duration = Duration::from_secs(2);

impl Consistency {
    /// After this long, by the server's clock, an update and everything before it is in every answer.
    #[must_use]
    pub fn visible_after(self) -> Duration {
        self.stale_read + DATING
    }

    /// After this long, by the server's clock, a request that was cut off is in every answer, or in none ever.
    #[must_use]
    pub fn ambiguity_timeout(self) -> Duration {
        self.late_apply + self.visible_after()
    }
}

/// Which threads are read as soon as they changed; the others when they are opened, or in idle time within a budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
pub struct ThreadPolicy {
    /// Those with an update in this many days.
    pub active_days: u32,
    /// Those that are neither solved nor closed.
    pub open: bool,
    /// Those with something unread.
    pub unread: bool,
    /// How many requests an hour all reading of threads may have cost before idle reading waits for the next hour; 0: no
    /// idle reading. What somebody waits for is never held up.
    #[serde(default = "default_requests_per_hour")]
    pub requests_per_hour: u32,
    /// The same in bytes of the server's answers.
    #[serde(default = "default_bytes_per_hour")]
    pub bytes_per_hour: u64,
}

fn default_requests_per_hour() -> u32 {
    240
}

fn default_bytes_per_hour() -> u64 {
    8_000_000
}

/// How much the server may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SyncPolicy {
    /// How far behind the watermark a delta reads again.
    pub overlap: Duration,
    /// Rows a page, 1 to 100.
    pub page_size: u32,
    /// How long after a full reconciliation the next one begins: every list is walked completely, to find what is no longer there. Zero:
    /// with every run.
    pub reconcile_every: Duration,
    /// How many requests of a full reconciliation one run makes; the next run goes on. At least 1.
    pub reconciliation_requests: u32,
    /// How often the thread on screen is asked for.
    pub front_thread: Duration,
    /// How often the history is asked for while the app is in front.
    pub front_history: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
struct StatusRule {
    status: Status,
    turn: Turn,
    reply: bool,
    reopens: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
struct ServerStatusRule {
    #[serde(rename = "desk")]
    server: ServerStatus,
    status: Status,
    while_user_spoke_last: Option<Status>,
}

impl Product {
    /// What a user reads for the server's status. `user_spoke_last`: of the newest public comment; `None` while no thread
    /// was read, which reads as if it were so.
    #[must_use]
    pub fn product_status(&self, server: ServerStatus, user_spoke_last: Option<bool>) -> Status {
        let Some(rule) = self.server_statuses.iter().find(|rule| rule.server == server) else { return Status::Unknown };
        match rule.while_user_spoke_last {
            Some(status) if user_spoke_last != Some(false) => status,
            _ => rule.status,
        }
    }

    /// This product at a server that can do no more than `can`: what it cannot do is not offered.
    #[must_use]
    pub fn within(self, can: &Capabilities) -> Self {
        let attachments = self
            .attachments
            .map(|limits| AttachmentLimits { max_bytes: limits.max_bytes.min(can.largest_file), ..limits });
        Self {
            attachments,
            access_toggle: self.access_toggle && can.access,
            add_cc: self.add_cc && can.add_cc,
            solve: self.solve && can.solve,
            shared_read_marks: self.shared_read_marks && can.shared_read_marks,
            ..self
        }
    }

    /// Every status that a user can see, in the order of a ticket's life.
    #[must_use]
    pub fn statuses(&self) -> Vec<Status> {
        self.statuses.iter().map(|rule| rule.status).collect()
    }

    /// Whose turn it is.
    #[must_use]
    pub fn turn(&self, status: Status) -> Turn {
        self.rule(status).map_or(Turn::HelpDesk, |rule| rule.turn)
    }

    /// Whether a reply can be written (T3). In a status that this version does not know, the server decides.
    #[must_use]
    pub fn reply_allowed(&self, status: Status) -> bool {
        self.rule(status).is_none_or(|rule| rule.reply)
    }

    /// Whether a reply reopens the ticket.
    #[must_use]
    pub fn reopens(&self, status: Status) -> bool {
        self.rule(status).is_some_and(|rule| rule.reopens)
    }

    /// The issue type that the server stores as `value`.
    #[must_use]
    pub fn issue_type_by_value(&self, value: &str) -> Option<&IssueType> {
        self.issue_types.iter().find(|known| known.value == value)
    }

    fn rule(&self, status: Status) -> Option<&StatusRule> {
        self.statuses.iter().find(|rule| rule.status == status)
    }
}

/// Key of a status's name.
#[must_use]
pub fn status_key(status: Status) -> String {
    format!("status.{}", status_name(status))
}

/// Key of a status's explanation (T2).
#[must_use]
pub fn status_explanation_key(status: Status) -> String {
    format!("status.{}.explanation", status_name(status))
}

fn status_name(status: Status) -> &'static str {
    match status {
        Status::Open => "open",
        Status::Pending => "pending",
        Status::AwaitingReply => "awaiting_reply",
        Status::Solved => "solved",
        Status::Closed => "closed",
        Status::Unknown => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::FileDelivery;

    proptest! {
        /// An answer that lacks an update, because it was read before it or in a copy that lags, is never dated so late that
        /// the update would count as one that every answer has.
        #[test]
        fn an_answer_without_an_update_is_dated_too_early_to_be_believed(
            update in 0_u64..10_000, lag in 0_u64..=15_000, before in 1_u64..10_000, dating in 0_u64..=1_000,
        ) {
            let consistency = Consistency { stale_read: Duration::from_secs(15), late_apply: Duration::ZERO };
            let dated = (update + lag).saturating_sub(before) + dating;
            let whole = |millis: u64| Duration::from_secs(millis / 1_000);
            prop_assert!(whole(dated) < whole(update) + consistency.visible_after());
        }
    }

    #[test]
    fn the_servers_statuses_read_as_the_products() {
        let product = Product::built_in().unwrap();
        for (server, user_spoke_last, expected) in [
            (ServerStatus::New, None, Status::Open),
            (ServerStatus::New, Some(false), Status::Open),
            (ServerStatus::Open, None, Status::Open),
            (ServerStatus::Open, Some(true), Status::Open),
            (ServerStatus::Open, Some(false), Status::Pending),
            (ServerStatus::Hold, Some(true), Status::Pending),
            (ServerStatus::Pending, Some(false), Status::AwaitingReply),
            (ServerStatus::Solved, None, Status::Solved),
            (ServerStatus::Closed, None, Status::Closed),
            (ServerStatus::Unknown, Some(true), Status::Unknown),
        ] {
            assert_eq!(product.product_status(server, user_spoke_last), expected, "{server:?} {user_spoke_last:?}");
        }
    }

    #[test]
    fn what_a_server_cannot_do_is_not_offered() {
        let attachments = AttachmentLimits { max_files: 5, max_bytes: 50_000_000, types: Vec::new() };
        let wishes = Product {
            attachments: Some(attachments.clone()),
            access_toggle: true,
            add_cc: true,
            solve: true,
            shared_read_marks: true,
            ..Product::built_in().unwrap()
        };
        let all = Capabilities {
            idempotent_create: true,
            client_reference: true,
            access: true,
            add_cc: true,
            solve: true,
            shared_read_marks: true,
            files: FileDelivery::BeforeMessage,
            largest_file: 50_000_000,
            resumed_downloads: true,
        };
        assert_eq!(wishes.clone().within(&all), wishes);
        let nothing = Capabilities {
            access: false,
            add_cc: false,
            solve: false,
            shared_read_marks: false,
            largest_file: 1_000,
            ..all
        };
        let allowed_values = wishes.within(&nothing);
        assert!(
            !allowed_values.access_toggle
                && !allowed_values.add_cc
                && !allowed_values.solve
                && !allowed_values.shared_read_marks
        );
        assert_eq!(allowed_values.attachments, Some(AttachmentLimits { max_bytes: 1_000, ..attachments }));
        // What nobody wants is not offered because it could be.
        let plain = Product { access_toggle: false, ..Product::built_in().unwrap() };
        assert_eq!(plain.clone().within(&all), plain);
    }

    #[test]
    fn a_reply_is_possible_in_every_status_but_closed() {
        let product = Product::built_in().unwrap();
        let mut statuses = product.statuses();
        assert_eq!(statuses.len(), 5);
        statuses.push(Status::Unknown);
        for status in statuses {
            assert_eq!(product.reply_allowed(status), status != Status::Closed);
            assert_eq!(product.reopens(status), status == Status::Solved);
            assert_eq!(product.turn(status) == Turn::You, status == Status::AwaitingReply);
        }
    }
}
