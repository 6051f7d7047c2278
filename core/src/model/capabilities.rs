//! The capabilities of a help desk, as data for core and screens.

/// The capabilities of a server, as its connector reports them. The product is narrowed to them ([`Product::within`]),
/// so a screen does not offer a feature that the server lacks. If a caller uses such a feature anyway, the call fails
/// and nothing is sent. Push has no method in the trait `Remote`, and so no capability.
///
/// [`Product::within`]: crate::product::Product::within
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capabilities {
    /// The server recognises a repeated creation by its idempotency key and makes no second ticket, however soon the
    /// repetition comes. Without this, the outbox alone prevents duplicates: it looks for the ticket before it sends
    /// again.
    pub idempotent_create: bool,
    /// The server stores the client reference of a new ticket and shows it in its lists.
    pub client_reference: bool,
    /// The server shows a ticket to the other users of the account exactly if its access field says so
    /// (`docs/product.md`, C5).
    pub access: bool,
    /// CC addresses can be added to a ticket that was sent (`docs/product.md`, W12).
    pub add_cc: bool,
    /// Users can mark their own tickets as solved (`docs/product.md`, S15).
    pub solve: bool,
    /// A new ticket can be linked to the closed ticket that it follows.
    pub follow_up: bool,
    /// The users of an account share their read marks (`docs/product.md`, W8). Without this, each device keeps its own.
    pub shared_read_marks: bool,
    /// How files reach the server.
    pub files: FileDelivery,
    /// The largest file that the server accepts, in bytes.
    pub largest_file: u64,
    /// A ticket can be sent without an account (`docs/product.md`, W11): the company has opened the server to anybody. What
    /// becomes of such a ticket can never be read.
    pub anonymous: bool,
    /// The server has lists with the tickets of others, which a user may be allowed to see (`docs/product.md`, S16).
    pub organization_view: bool,
    /// Feedback can be given about a ticket that is solved or closed (`docs/product.md`, S15), at least about some.
    pub feedback: bool,
    /// Some of the product's toggles have a place on the server (`docs/product.md`, S14).
    pub toggles: bool,
    /// The server has a help centre, at least for some users (`docs/product.md`, W9). Whether this user has one, the server says
    /// when it is asked.
    pub articles: bool,
    /// The server asks whether an article was helpful, and takes the answer.
    pub article_votes: bool,
    /// A download that was cut off can resume where it stopped. Without this, it starts again from the first byte.
    pub resumed_downloads: bool,
    /// The server has a search of its own, which finds what end users find there (`docs/product.md`, W5).
    pub search: bool,
}

/// How files reach a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileDelivery {
    /// Each file is uploaded by itself, before the message that names it is sent.
    BeforeMessage,
    /// The files are sent in the same request as their message.
    WithMessage,
}
