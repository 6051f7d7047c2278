//! The history: its columns and its rows.

use crate::model::{TicketId, TicketNumber, TicketStatus, Timestamp};

/// One row of the history (`docs/product.md`, H2).
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct TicketRow {
    /// The local id, which never changes.
    pub id: TicketId,
    /// The server's number; `None` until the ticket is on the server.
    pub number: Option<TicketNumber>,
    /// The subject. Empty if the ticket is no longer visible.
    pub subject: String,
    /// The key of the subject that a screen makes in its own language, and shows instead (`docs/product.md`, S2); the text may have
    /// the placeholder `requester`. `None` if it shows the ticket's own subject.
    pub subject_key: Option<String>,
    /// The requester's name, if known.
    pub requester: Option<String>,
    /// The product's id of the ticket's type; `None` if there are no types, or it is an unknown one.
    pub ticket_type: Option<String>,
    /// The ids of the marks over its status (`docs/product.md`, S4): of a row of the history, those that count there; of a ticket,
    /// those that its own screen shows.
    pub marks: Vec<String>,
    /// The status, as the product shows it.
    #[serde(flatten)]
    pub status: TicketStatus,
    /// When the ticket was created, by the server's clock (by the device's clock until it is sent).
    pub created_at: Timestamp,
    /// The time of the newest public comment, or of a later change of status by somebody else. Private notes do not
    /// count. If the newest message waits to be sent, the time of its writing, by the device's clock.
    pub last_activity_at: Timestamp,
    /// Whether something in it was not sent: it waits or needs the user. These tickets are above all others.
    pub unsent: bool,
    /// The beginning of the last message of its thread; `None` if no message with a text or a file is on this device.
    pub snippet: Option<Snippet>,
    /// Whether somebody else wrote something or changed the status since the thread was last opened, or the user marked it so.
    pub unread: bool,
    /// Whether it is unread because the user marked it so on this device. A screen that shows its thread leaves it so.
    pub reminder: bool,
    /// Whether any of its messages has a file.
    pub has_attachments: bool,
    /// How many of its messages and changes the server has not confirmed.
    pub waiting: u32,
    /// Whether anything in it needs the user.
    pub needs_user: bool,
    /// Whether the server still shows this ticket to this user.
    pub visible: bool,
    /// Whether this user is a further user of the ticket, which somebody else created (`docs/product.md`, S16).
    pub linked: bool,
    /// What the product's history shows beside that, in its order (`docs/product.md`, S1). Only in the history, and only what
    /// the ticket has.
    pub columns: Vec<RowColumn>,
}

/// A column of the history (`docs/product.md`, S1).
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct HistoryColumn {
    /// The definition's id of the column.
    pub id: String,
    /// The key of its name.
    pub label_key: String,
    /// Whether it is left out while no ticket on screen has anything in it.
    pub hide_empty: bool,
}

/// A column of a row, with what the ticket has in it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct RowColumn {
    /// The definition's id of the column.
    pub id: String,
    /// The key of its name.
    pub label_key: String,
    /// What stands in it.
    pub texts: Vec<String>,
    /// The key of what stands in it, if the product has a text for it.
    pub text_key: Option<String>,
}

/// The beginning of a message, for one line of a list.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Snippet {
    /// One line of at most 120 characters as people count them, with an ellipsis if the message goes on. The name of
    /// its first file, if the message has no text.
    pub text: String,
    /// Whether this user wrote the message.
    pub mine: bool,
}
