//! The product definition: what a product offers, as data.
//!
//! A product is a JSON file. It holds the issue types, the meaning of the server's statuses for a user, the entries of
//! the Help & Support screen, the ids of the server's custom fields, and the limits on requests to the server. A
//! company takes the built-in file, changes the field ids, and passes it in when it opens a client. Both shells get the
//! product from core, so no rule is written twice, once in Kotlin and once in Swift.
//!
//! A product is validated when it is read ([`Product::from_json`]), and a draft both while it is typed
//! ([`Product::check`]) and when it is submitted ([`Product::accept`]). The strings of every screen are in the files
//! beside the product ([`strings`](fn@strings)).

mod address;
mod address_list;
mod load;
mod policy;
mod strings;
mod text;
mod validation;

use crate::model::AttachmentLimits;
use crate::model::Capabilities;
use crate::model::{ServerStatus, Status, Turn};
pub(crate) use crate::product::address::names_beside_addresses;
pub use crate::product::address_list::{SplitAddresses, all_addresses, split_addresses};
pub use crate::product::load::{BUILT_IN, ProductError};
pub use crate::product::policy::{Consistency, SyncPolicy, ThreadPolicy};
pub use crate::product::strings::{LANGUAGES, plural_form, strings};
pub use crate::product::validation::{AcceptedTicket, DraftCheck, DraftNote, Field, FieldProblem, Problem};

/// A product definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// The product's name.
    pub name: String,
    /// How many grapheme clusters a subject may have after trimming (`docs/product.md`, C1).
    pub subject_limit: u32,
    /// Which files can be attached (`docs/product.md`, S12); `None` if there are no attachments.
    pub attachments: Option<AttachmentLimits>,
    /// How many bytes the cache of downloaded files may hold.
    pub cache_bytes: u64,
    /// Whether the access toggle is offered (`docs/product.md`, C5). The product must ask for it, and the server must
    /// enforce it. Otherwise the toggle would promise something that does not happen.
    pub access_toggle: bool,
    /// Whether CC addresses can be added to a ticket that was sent (`docs/product.md`, W12).
    pub add_cc: bool,
    /// Whether users can mark their own tickets as solved (`docs/product.md`, S15).
    pub solve: bool,
    /// Whether the server shares read marks between the users of an account (`docs/product.md`, W8). Plain Zendesk does
    /// not.
    pub shared_read_marks: bool,
    /// The issue types, in the order in which they are offered (`docs/product.md`, C2).
    pub issue_types: Vec<IssueType>,
    /// The id of the issue type that is preselected.
    pub preselected_issue_type: String,
    /// The entries of the Help & Support screen (`docs/product.md`, H1).
    pub entries: Vec<Entry>,
    /// The server's custom fields, if they are identified by number.
    pub fields: Fields,
    /// Settings that only the connector reads, for a server that each company sets up in its own way. Null if there are
    /// none.
    pub connector: serde_json::Value,
    /// How far the server's answers can lag behind.
    pub consistency: Consistency,
    /// Which threads are read without being opened.
    pub thread_policy: ThreadPolicy,
    /// The limits on requests to the server.
    pub sync: SyncPolicy,
    statuses: Vec<StatusRule>,
    server_statuses: Vec<ServerStatusRule>,
}

/// A kind of problem that a ticket can be about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueType {
    /// The id that a draft holds. It is also part of the keys of the issue type's strings.
    pub id: String,
    /// The value that the server stores.
    pub value: String,
}

impl IssueType {
    /// The key of the string with its name.
    #[must_use]
    pub fn label_key(&self) -> String {
        format!("issue_type.{}", self.id)
    }

    /// The key of the string with its one-line explanation (`docs/product.md`, W1).
    #[must_use]
    pub fn explanation_key(&self) -> String {
        format!("issue_type.{}.explanation", self.id)
    }
}

/// An entry of the Help & Support screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The destination.
    pub kind: EntryKind,
    /// A web address, or `mailto:` and an address. `None` for a screen of our own.
    pub target: Option<String>,
    /// The languages in which the entry is shown. Empty means all.
    pub languages: Vec<String>,
}

impl Entry {
    /// The key of the string with its name.
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

/// The destinations of entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// The ticket history, where a new ticket can be created.
    NewTicket,
    /// The help centre, a web page.
    HelpCentre,
    /// The courses, a web page.
    Courses,
    /// A new mail.
    Email,
}

/// The ids of the server's custom fields. A field is `None` if the server has none for the purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
pub struct Fields {
    /// A drop-down field with the values of the issue types.
    pub issue_type: Option<i64>,
    /// A checkbox field: accessible to all users of the account.
    pub access: Option<i64>,
    /// A text field for the client reference, by which a ticket is recognised after a lost answer.
    pub client_reference: Option<i64>,
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
    /// The status that a user sees for the status on the server. `user_spoke_last` tells whether a user wrote the
    /// newest public comment. It is `None` if the thread was never read, which counts as true.
    #[must_use]
    pub fn product_status(&self, server: ServerStatus, user_spoke_last: Option<bool>) -> Status {
        let Some(rule) = self.server_statuses.iter().find(|rule| rule.server == server) else { return Status::Unknown };
        match rule.while_user_spoke_last {
            Some(status) if user_spoke_last != Some(false) => status,
            _ => rule.status,
        }
    }

    /// Narrows this product to the capabilities of a server: removes every feature that the server lacks.
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

    /// Whose turn it is in this status.
    #[must_use]
    pub fn turn(&self, status: Status) -> Turn {
        self.rule(status).map_or(Turn::HelpDesk, |rule| rule.turn)
    }

    /// Whether a reply can be written (`docs/product.md`, T3). Also true in a status that this version does not know, so
    /// that the server decides.
    #[must_use]
    pub fn reply_allowed(&self, status: Status) -> bool {
        self.rule(status).is_none_or(|rule| rule.reply)
    }

    /// Whether a reply reopens a ticket in this status.
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

/// The key of the string with a status's name.
#[must_use]
pub fn status_key(status: Status) -> String {
    format!("status.{}", status_name(status))
}

/// The key of the string with a status's explanation (`docs/product.md`, T2).
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
    use super::*;
    use crate::model::FileDelivery;

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
    fn features_that_the_server_lacks_are_not_offered() {
        let attachments = AttachmentLimits { max_files: 5, max_bytes: 50_000_000, types: Vec::new() };
        let wanted = Product {
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
        assert_eq!(wanted.clone().within(&all), wanted);
        let nothing = Capabilities {
            access: false,
            add_cc: false,
            solve: false,
            shared_read_marks: false,
            largest_file: 1_000,
            ..all
        };
        let narrowed = wanted.within(&nothing);
        assert!(!narrowed.access_toggle && !narrowed.add_cc && !narrowed.solve && !narrowed.shared_read_marks);
        assert_eq!(narrowed.attachments, Some(AttachmentLimits { max_bytes: 1_000, ..attachments }));
        // A capability does not add anything that the product did not ask for.
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
