//! What the cases need of a server beyond the trait that they test.

use std::sync::Arc;

use async_trait::async_trait;
use pocketdesk::connectors::Remote;
use pocketdesk::factory::Connector;
use pocketdesk::model::Capabilities;
use pocketdesk::model::{CommentId, StatusKind, TicketNumber};
use pocketdesk::net::{Http, Tokens};
use pocketdesk::product::Product;
use serde_json::{Value, json};
use url::Url;

use crate::trouble::Broken;

/// A kind of server, which makes a test server for each case.
#[async_trait]
pub trait Service: Send + Sync {
    /// The connector and the server, for the report.
    fn name(&self) -> String;

    /// Makes a test server: three people without any history.
    async fn test_server(&self) -> Result<Box<dyn TestServer>, Broken>;
}

/// The people of a test server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Who {
    /// The user of most cases.
    Ada,
    /// A colleague of the same account, with the same rights as Ada.
    Ben,
    /// A user of another account.
    Zoe,
}

/// A person as the server knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The name that the server shows.
    pub name: String,
    /// The address to which the server sends mail.
    pub email: String,
}

/// Something that only some servers can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Need {
    /// Creating a ticket twice under the same idempotency key makes one ticket.
    Idempotency,
    /// The server stores the client reference of a new ticket.
    Reference,
    /// The server shows a ticket to the other users of an account exactly if its access says so.
    Access,
    /// A user can mark a ticket as solved.
    Solve,
    /// A user can add CC addresses to an existing ticket.
    AddCc,
    /// Read marks are shared between the users of an account.
    SharedReadMarks,
    /// A user can say once how the help desk did.
    Feedback,
    /// A user can turn something on and off for a ticket.
    Toggles,
    /// A download continues from where it was cut off.
    ResumedDownloads,
    /// The server has a search of its own.
    Search,
    /// An agent can edit a text that was sent.
    EditedTexts,
    /// An agent can write HTML, and the API returns it as HTML.
    FormattedTexts,
    /// The server refuses an invalid value with a message, and stores nothing of the write.
    RefusedValues,
    /// Some articles are shown to users, and others are not: [`TestServer::articles`].
    Articles,
}

impl Need {
    /// Whether a server with these capabilities supports it; `None` if the capabilities do not cover it.
    pub(crate) fn supported_by(self, can: &Capabilities) -> Option<bool> {
        match self {
            Self::Idempotency => Some(can.idempotent_create),
            Self::Reference => Some(can.client_reference),
            Self::Access => Some(can.access),
            Self::Solve => Some(can.solve),
            Self::AddCc => Some(can.add_cc),
            Self::SharedReadMarks => Some(can.shared_read_marks),
            Self::Feedback => Some(can.feedback),
            Self::Toggles => Some(can.toggles),
            Self::ResumedDownloads => Some(can.resumed_downloads),
            Self::Search => Some(can.search),
            Self::EditedTexts | Self::FormattedTexts | Self::RefusedValues | Self::Articles => None,
        }
    }

    /// The name in the report.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Idempotency => "idempotency on the server",
            Self::Reference => "references of new tickets",
            Self::Access => "tickets for all users of an account",
            Self::Solve => "solving by the user",
            Self::AddCc => "adding CC addresses later",
            Self::SharedReadMarks => "shared read marks",
            Self::Feedback => "feedback",
            Self::Toggles => "toggles of one ticket and user",
            Self::EditedTexts => "texts that an agent edits",
            Self::FormattedTexts => "texts in HTML",
            Self::ResumedDownloads => "downloads that continue where they were cut off",
            Self::Search => "a search of the server's own",
            Self::RefusedValues => "refusing a value with a message",
            Self::Articles => "articles that only some people see",
        }
    }
}

/// An agent's public answer.
#[derive(Debug, Clone, Default)]
pub struct Answer<'a> {
    /// The text; HTML if [`html`](Self::html) is set.
    pub text: &'a str,
    /// Whether the text is HTML.
    pub html: bool,
    /// The status afterwards, as the product defines it; unchanged if `None`.
    pub status: Option<StatusKind>,
    /// The name and bytes of a file.
    pub file: Option<(&'a str, &'a [u8])>,
}

/// A mail that the server sent about a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// All recipients, in lower case.
    pub to: Vec<String>,
}

/// The server side of a test: what agents and administrators can do on the server, for one case.
#[async_trait]
pub trait TestServer: Send + Sync {
    /// The server's address.
    fn address(&self) -> Url;

    /// The connector that a whole client has to use.
    fn choice(&self) -> Connector;

    /// The product definition for the server, as JSON, with every change offered that a user can make.
    fn product(&self) -> String;

    /// Makes the connector for a server at `address`.
    fn connector(
        &self,
        address: Url,
        http: Arc<dyn Http>,
        tokens: Arc<dyn Tokens>,
        product: &Product,
    ) -> Result<Box<dyn Remote>, Broken>;

    /// Whether the server supports a need that the capabilities do not cover: [`Need::EditedTexts`] and the following.
    fn offers(&self, need: Need) -> bool;

    /// A person as the server knows them.
    fn person(&self, who: Who) -> Person;

    /// A token that is valid now.
    async fn token(&self, who: Who) -> Result<String, Broken>;

    /// Revokes all tokens returned so far. The next one is valid.
    async fn revoke_tokens(&self, who: Who) -> Result<(), Broken>;

    /// Answers a ticket publicly, as an agent.
    async fn answer(&self, ticket: TicketNumber, answer: &Answer<'_>) -> Result<(), Broken>;

    /// Adds a private note, as an agent.
    async fn note(&self, ticket: TicketNumber, text: &str) -> Result<(), Broken>;

    /// Sets the status, as the product defines it, as an agent.
    async fn set_status(&self, ticket: TicketNumber, status: StatusKind) -> Result<(), Broken>;

    /// Edits a sent comment, as an agent. Only where the server [`offers`](Self::offers) it.
    async fn edit(&self, ticket: TicketNumber, comment: CommentId, text: &str) -> Result<(), Broken>;

    /// Hides a user's own ticket from that user.
    async fn hide(&self, ticket: TicketNumber, from: Who) -> Result<(), Broken>;

    /// Shows the ticket to the user again.
    async fn show(&self, ticket: TicketNumber, to: Who) -> Result<(), Broken>;

    /// All tickets with this subject on the server, whoever may see them.
    async fn tickets(&self, subject: &str) -> Result<Vec<TicketNumber>, Broken>;

    /// The public texts of a ticket on the server, oldest first.
    async fn texts(&self, ticket: TicketNumber) -> Result<Vec<String>, Broken>;

    /// The mails that the server sent about a ticket.
    async fn mails(&self, ticket: TicketNumber) -> Result<Vec<Mail>, Broken>;

    /// The articles that users see: the section, the title, and the text. Only where the server offers [`Need::Articles`].
    fn articles(&self) -> &'static [(&'static str, &'static str, &'static str)] {
        &[]
    }

    /// The server's systems of feedback, of which an administrator has activated one.
    fn feedback_systems(&self) -> &'static [&'static str] {
        &[]
    }

    /// Activates one of the systems. Only where the server has [`Need::Feedback`].
    async fn activate_feedback(&self, _system: &str) -> Result<(), Broken> {
        Err(Broken::new("the server takes no feedback"))
    }

    /// The text of the feedback about a ticket; `None` if none was given. Only where the server has [`Need::Feedback`].
    async fn feedback(&self, _ticket: TicketNumber) -> Result<Option<String>, Broken> {
        Err(Broken::new("the server takes no feedback"))
    }

    /// The value of the toggle [`TOGGLE`] of a ticket and a person; `None` if it was never set. Only where the server has
    /// [`Need::Toggles`].
    async fn toggle(&self, _ticket: TicketNumber, _who: Who) -> Result<Option<bool>, Broken> {
        Err(Broken::new("the server has no toggles"))
    }

    /// Allows users to write their toggles, or forbids it. Only where the server has [`Need::Toggles`].
    async fn allow_toggles(&self, _allowed: bool) -> Result<(), Broken> {
        Err(Broken::new("the server has no toggles"))
    }
}

/// The product's field for a toggle.
pub const TOGGLE: &str = "proxy_login";

/// A product definition that also offers `offers`, and attachments.
pub fn offering(actions: &[&str]) -> Value {
    let mut product = json!({
        "schema": 1, "id": "tested", "version": 1, "extends": "impact-mobile@1",
        "attachments": {
            "in": ["create", "reply"], "max_files": 5, "max_bytes": 25_000_000, "types": ["csv", "txt", "pdf", "png", "jpg"]
        }
    });
    let offered =
        actions.iter().map(|kind| json!({ "id": kind, "kind": kind, "who": "any", "when": ["status.active"] }));
    product["actions"] = offered.collect();
    product
}
