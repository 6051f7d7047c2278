//! What a help desk can do, as data for core and screens.

/// What a server can do, through its connector. What it cannot do is not offered ([`Product::within`]); a call for it anyway is
/// refused, and nothing is sent. What the trait has no call for (feedback, the server's own search, push) no server has.
///
/// [`Product::within`]: crate::product::Profile::within
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capabilities {
    /// The same creation again under the same key makes no second ticket, however soon it comes. Without it the outbox alone
    /// sees to that, by looking before it sends again.
    pub idempotent_create: bool,
    /// The server keeps the reference of a new ticket, and its lists show it.
    pub client_reference: bool,
    /// The server shows a ticket to the users of the account exactly if its access says so (C5).
    pub access: bool,
    /// Addresses can be added to a sent ticket (W12).
    pub add_cc: bool,
    /// Users can mark their own tickets as solved (S15).
    pub solve: bool,
    /// The users of an account share what was read (W8); without it that is known on each device for itself.
    pub shared_read_marks: bool,
    /// How files get there.
    pub files: FileDelivery,
    /// The largest file that the server takes, in bytes.
    pub largest_file: u64,
    /// A download that was cut off goes on where it was; without it, it begins again.
    pub resumed_downloads: bool,
}

/// How files get to a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileDelivery {
    /// Each by itself, before the message that names it.
    BeforeMessage,
    /// In the same request as their message.
    WithMessage,
}
