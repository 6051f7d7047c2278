//! What a condition can ask about.

/// What a condition can ask about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Atom {
    /// `any`: holds always.
    Any,
    /// `signed_out`: nobody is signed in.
    SignedOut,
    /// `status`: the id of the ticket's status.
    Status,
    /// `status.kind`: `open`, `working`, `awaiting_user`, `solved` or `closed`.
    StatusKind,
    /// `status.active`: the status is neither solved nor closed.
    StatusActive,
    /// `ticket.requester`: `me`, if this user created the ticket.
    Requester,
    /// `ticket.linked`: the further users of the ticket; `me` is this user.
    Linked,
    /// `ticket.mail_thread`: the ticket has a conversation by mail, which a reply would join.
    MailThread,
    /// `ticket.type`: the id of the ticket's type.
    TicketType,
    /// `field.NAME`: a field of the ticket.
    Field(String),
    /// `draft.NAME`: what the form has at this moment.
    Draft(String),
    /// `role`: what this user is to the ticket.
    Role,
    /// `scope`: which list is shown.
    Scope,
    /// `claim.NAME`: what the host app says about the signed-in user.
    Claim(String),
    /// `can.NAME`: what this server offers to this user.
    Can(Can),
    /// `connector.NAME`: a property of the connector.
    Connector(ConnectorTrait),
}

/// What a server can offer. A connector finds out which of these hold, and that can change while the app runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Can {
    /// The access toggle is enforced (`docs/product.md`, C5).
    Access,
    /// CC addresses can be added to a ticket that was sent (`docs/product.md`, W12).
    AddCc,
    /// The ticket can be marked as solved by this user (`docs/product.md`, S15).
    Solve,
    /// A follow-up can be linked to a closed ticket (`docs/product.md`, W12).
    FollowUp,
    /// Feedback can be given (`docs/product.md`, S15).
    Feedback,
    /// Proxy login can be allowed (`docs/product.md`, S14).
    ProxyLogin,
    /// Files can be attached (`docs/product.md`, W3).
    Attach,
    /// The users of an account share read marks (`docs/product.md`, W8).
    ShareReadMarks,
    /// A ticket can be sent without an account (`docs/product.md`, W11).
    Anonymous,
}

impl Can {
    pub(super) const NAMES: [(Self, &'static str); 9] = [
        (Self::Access, "access"),
        (Self::AddCc, "add_cc"),
        (Self::Solve, "solve"),
        (Self::FollowUp, "follow_up"),
        (Self::Feedback, "feedback"),
        (Self::ProxyLogin, "proxy_login"),
        (Self::Attach, "attach"),
        (Self::ShareReadMarks, "share_read_marks"),
        (Self::Anonymous, "anonymous"),
    ];
}

/// A property of a connector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConnectorTrait {
    /// It has lists of an organisation's tickets (`docs/product.md`, S16).
    OrganisationView,
}

/// Whether a text can be an id of a definition: 1 to 64 lower-case letters, digits and underscores, a letter first.
pub(in crate::product) fn is_id(text: &str) -> bool {
    text.len() <= 64
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}
