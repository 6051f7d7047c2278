//! The history as a screen shows it: its rows, and the scopes between which the user can switch.

use super::TicketStatus;

/// One page of the history.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct HistoryPage {
    /// Tickets with something unsent first, then by newest activity. `place_rows` tells under which section each one
    /// stands.
    pub tickets: Vec<TicketRow>,
    /// What a list that is wide enough to be a table shows of each ticket, in order.
    #[uniffi(default = [])]
    pub columns: Vec<HistoryColumn>,
    /// The cursor of the next page, to be passed to `history`; none at the end.
    pub next: Option<String>,
    /// How many tickets the whole history has, in this scope and with this filter.
    pub total: u64,
    /// The id of the scope that is shown; none if this user is offered none, or if there is no history for this user.
    /// If this user is not offered the scope that was asked for, it is the first one that is offered.
    #[uniffi(default = None)]
    pub scope: Option<String>,
    /// The scopes between which this user can switch. Empty if there is nothing to switch.
    #[uniffi(default = [])]
    pub scopes: Vec<HistoryScope>,
    /// The key of why there is no history for this user; none if there is one. If it is set, what was read before was removed from
    /// the device, and `tickets` are only those with something that was not sent yet.
    #[uniffi(default = None)]
    pub unavailable_key: Option<String>,
    /// Whether this user can write a new ticket in the app.
    #[uniffi(default = true)]
    pub can_create: bool,
    /// The key of the note that what is read and unread holds on this device only; none if it is shared with the other users of the
    /// account. Show it where tickets are marked.
    #[uniffi(default = None)]
    pub read_marks_key: Option<String>,
    /// The cursor of the page before, to be passed to `history`; none at the top.
    #[uniffi(default = None)]
    pub previous: Option<String>,
    /// Whether rows may be missing, because the app or the product definition is new and what the filter or the order asks of each ticket
    /// is being computed. Seconds later `Changes.history` is set.
    #[uniffi(default = false)]
    pub preparing: bool,
    /// The order of the rows.
    #[uniffi(default = None)]
    pub sort: Option<HistorySort>,
    /// Whether the newest activity comes first, so that the days can be sections: see `place_rows`.
    #[uniffi(default = true)]
    pub by_day: bool,
}

/// Which rows of the history a screen holds. Keep a window as it is, also over the end of the process: only core reads
/// its fields. In the first window, which a screen makes itself, it may set `row_count` and `page_size`.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct HistoryWindow {
    /// The cursor of a row; none for the top.
    #[uniffi(default = None)]
    pub at: Option<String>,
    /// How many rows above that row the window begins.
    #[uniffi(default = 0)]
    pub rows_above: u32,
    /// How many rows it has, unless the history ends before.
    #[uniffi(default = 50)]
    pub row_count: u32,
    /// By how many rows it grows or moves, 1 to 200.
    #[uniffi(default = 50)]
    pub page_size: u32,
}

/// The rows of a window, all of the same moment.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct HistoryRows {
    /// The rows, and what a screen shows beside them.
    pub page: HistoryPage,
    /// The window for which to ask again when the history has changed: the one that was asked for, or one at the top if nothing stands
    /// above it. What is new belongs to that one.
    pub window: HistoryWindow,
    /// The window one page further up, to be asked for when the user comes near the first row; none at the top.
    pub up: Option<HistoryWindow>,
    /// The window one page further down, to be asked for when the user comes near the last row; none at the end. It may begin further
    /// down: no window has more than twelve pages or 600 rows.
    pub down: Option<HistoryWindow>,
}

/// By what the history is narrowed. All parts have to hold; an empty one always does.
#[derive(Debug, Clone, Default, PartialEq, Eq, uniffi::Record)]
pub struct HistoryFilter {
    /// Tickets with one of these statuses, or with one of `marks`: ids of `HistoryOptions.statuses`.
    #[uniffi(default = [])]
    pub statuses: Vec<String>,
    /// Tickets with one of these marks, or with one of `statuses`: ids of `HistoryOptions.marks`.
    #[uniffi(default = [])]
    pub marks: Vec<String>,
    /// Only tickets that this user created.
    #[uniffi(default = false)]
    pub mine: bool,
    /// Only those that are read, or only those that are not; none for both.
    #[uniffi(default = None)]
    pub read: Option<bool>,
    /// Tickets with one of these types: ids of `HistoryOptions.ticket_types`.
    #[uniffi(default = [])]
    pub ticket_types: Vec<String>,
    /// Tickets that were created at this time or later, in milliseconds since 1970 by the server's clock.
    #[uniffi(default = None)]
    pub created_from: Option<i64>,
    /// Tickets that were created before this time, in milliseconds since 1970 by the server's clock.
    #[uniffi(default = None)]
    pub created_until: Option<i64>,
}

/// How the history is sorted. What was not sent yet is above it in every order, and what is equal comes newest activity first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct HistorySort {
    /// By what.
    pub key: SortKey,
    /// Whether the largest comes first: the newest, the last status, the last name, the read ones.
    pub descending: bool,
}

/// By what the history is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum SortKey {
    /// The newest public comment or change of status.
    LastActivity,
    /// The creation.
    Created,
    /// The status, in the product's order; marked tickets come first.
    Status,
    /// The name of the user who created it.
    Creator,
    /// Unread first.
    Read,
}

/// By what the history of the product can be narrowed and sorted.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct HistoryOptions {
    /// The statuses of the filter, in the product's order; empty if there is no such filter.
    pub statuses: Vec<HistoryChoice>,
    /// The marks of the same filter, such as "Escalated".
    pub marks: Vec<HistoryChoice>,
    /// The types of the filter; empty if there is no such filter.
    pub ticket_types: Vec<HistoryChoice>,
    /// Whether it can be filtered by the creator.
    pub by_creator: bool,
    /// Whether it can be filtered by read and unread.
    pub by_read: bool,
    /// By what it can be sorted; empty if it has one order only.
    pub sorts: Vec<SortChoice>,
    /// How it is sorted at first.
    pub default_sort: HistorySort,
    /// Whether it can be searched.
    pub search: bool,
    /// Whether the help desk can be asked to search as well: `Client.search_server`.
    #[uniffi(default = false)]
    pub server_search: bool,
}

/// A value of a filter.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct HistoryChoice {
    /// The id, as `HistoryFilter` has it.
    pub id: String,
    /// The key of its name.
    pub label_key: String,
}

/// An order that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SortChoice {
    /// By what.
    pub key: SortKey,
    /// The key of its name.
    pub label_key: String,
    /// Whether the largest comes first when it is chosen: the newest do. Who chooses it again wants the opposite.
    #[uniffi(default = false)]
    pub descending: bool,
}

/// How many tickets the history has by the values of its filters. Each number is how many rows it has once that value alone is chosen in
/// its filter, with all other filters as they are.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct HistoryCounts {
    /// With the filter as it is.
    pub total: u64,
    /// Of every status of `HistoryOptions`, in its order.
    pub statuses: Vec<HistoryCount>,
    /// Of every mark.
    pub marks: Vec<HistoryCount>,
    /// Of every type.
    pub ticket_types: Vec<HistoryCount>,
    /// Unread ones.
    pub unread: u64,
    /// Read ones.
    pub read: u64,
    /// Those that this user created.
    pub mine: u64,
    /// Those of every user, as far as they are visible to this one.
    pub anyone: u64,
}

/// How many tickets have a value of a filter.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct HistoryCount {
    /// The id of the value.
    pub id: String,
    /// How many there are.
    pub tickets: u64,
}

/// A scope of the history, such as "my tickets".
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct HistoryScope {
    /// The id, to be passed to `history`.
    pub id: String,
    /// The key of its name.
    pub label_key: String,
}

/// A column of the history.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct HistoryColumn {
    /// The id. What stands in `number`, `subject`, `status`, `created`, `last_activity` and `read` is a part of `TicketRow`; what stands
    /// in any other column is in `TicketRow.columns` under the same id.
    pub id: String,
    /// The key of its name.
    pub label_key: String,
    /// Whether to leave it out while no ticket on screen has anything in it.
    pub hide_empty: bool,
}

/// A column of the history that is no part of every row, with what a ticket has in it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct RowColumn {
    /// The id: `users` for the names of the ticket's users, `creator`, `ticket_type`, or that of a field.
    pub id: String,
    /// The key of its name.
    pub label_key: String,
    /// What stands in it.
    pub texts: Vec<String>,
    /// The key of what stands in it; none if `texts` say it.
    pub text_key: Option<String>,
}

/// One row of the history.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct TicketRow {
    /// The ticket's local id. It never changes.
    pub id: i64,
    /// The server's ticket number; none until the server has the ticket.
    pub number: Option<u64>,
    /// The subject; empty if the ticket is no longer visible to this user.
    pub subject: String,
    /// The ticket's status as the product defines it.
    pub status: TicketStatus,
    /// When the ticket was created, in milliseconds since 1970 by the server's clock; by the device's until it is sent.
    pub created_at: i64,
    /// When the newest public comment was written, or somebody else last changed the status. In milliseconds since 1970, by
    /// the server's clock; by the device's until the ticket is sent. If the newest message waits to be sent, the time of
    /// its writing, by the device's clock.
    pub last_activity_at: i64,
    /// Whether there is something new by somebody else since the thread was last opened, or the user marked it as unread.
    pub unread: bool,
    /// Whether a message of the ticket has an attachment.
    pub has_attachments: bool,
    /// How many messages and changes of the ticket the server has not confirmed.
    pub waiting: u32,
    /// Whether one of these messages and changes needs the user.
    pub needs_user: bool,
    /// False if the server no longer shows this ticket to this user. Its content was removed from the device.
    pub visible: bool,
    /// Whether something in it was not sent: it waits or needs the user. These tickets are above all others.
    #[uniffi(default = false)]
    pub unsent: bool,
    /// The beginning of the last message of its thread; none if no message with a text or a file is on this device.
    #[uniffi(default = None)]
    pub snippet: Option<Snippet>,
    /// Whether the ticket has a status: one that was not sent yet, or is no longer visible, has none.
    #[uniffi(default = false)]
    pub has_status: bool,
    /// The key of what marks a ticket with something unsent; none if everything was sent.
    #[uniffi(default = None)]
    pub unsent_key: Option<String>,
    /// The key of the subject that the screen makes and shows instead of `subject`; its text may have the placeholder `requester`.
    /// None if `subject` is shown.
    #[uniffi(default = None)]
    pub subject_key: Option<String>,
    /// The requester's name; none if not known.
    #[uniffi(default = None)]
    pub requester: Option<String>,
    /// The product's id of the ticket's type; none if there are no types, or the product does not know it.
    #[uniffi(default = None)]
    pub ticket_type: Option<String>,
    /// The keys of the marks over its status, such as "Escalated".
    #[uniffi(default = [])]
    pub mark_keys: Vec<String>,
    /// Whether this user is a further user of the ticket, which somebody else created.
    #[uniffi(default = false)]
    pub linked: bool,
    /// What the product's columns show beside the other fields of this row, in the product's order. Only in the
    /// history, and only what the ticket has.
    #[uniffi(default = [])]
    pub columns: Vec<RowColumn>,
    /// Whether it is unread because the user marked it so on this device. A screen that marks a thread as read while it
    /// is shown must not do so with a reminder.
    #[uniffi(default = false)]
    pub reminder: bool,
    /// The key of what a menu offers for it: to mark it as read if it is unread, otherwise as unread. None if the
    /// server does not have the ticket yet, or no longer shows it.
    #[uniffi(default = None)]
    pub mark_key: Option<String>,
}

/// The beginning of a message, for one line of a list.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Snippet {
    /// One line of at most 120 characters as people count them, with an ellipsis if the message goes on. The name of its
    /// first file, if the message has no text.
    pub text: String,
    /// Whether this user wrote the message.
    pub mine: bool,
}
