//! What the cases need of a server beyond the trait that they test.

use std::sync::Arc;

use async_trait::async_trait;
use pocketdesk::connectors::Remote;
use pocketdesk::factory::Connector;
use pocketdesk::model::Capabilities;
use pocketdesk::model::{CommentId, Status, TicketNumber};
use pocketdesk::net::{Http, Tokens};
use pocketdesk::product::Product;
use serde_json::{Value, json};
use url::Url;

use crate::trouble::Broken;

/// A server that can be asked for places.
#[async_trait]
pub trait Service: Send + Sync {
    /// The connector and the server, for the report.
    fn name(&self) -> String;

    /// Three people without any history.
    async fn place(&self) -> Result<Box<dyn Place>, Broken>;
}

/// The people of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Who {
    /// Most cases are about her.
    Ada,
    /// A colleague: of the same account, with no more rights than Ada.
    Ben,
    /// Of another account.
    Zoe,
}

/// What the server knows of one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// As the server shows it.
    pub name: String,
    /// As the server mails it.
    pub email: String,
}

/// What only some servers can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Need {
    /// The same creation under the same key is applied once.
    Idempotency,
    /// The server keeps the reference of a new ticket.
    Reference,
    /// The server shows a ticket to the users of an account exactly if its access says so.
    Access,
    /// A user may solve a ticket.
    Solve,
    /// A user may add CC addresses to a ticket that exists.
    AddCc,
    /// How far a thread was read is shared between the users of an account.
    SharedReadMarks,
    /// A download goes on where it ended.
    ResumedDownloads,
    /// An agent may change a text that was sent.
    EditedTexts,
    /// An agent may write HTML, and the server hands it on as such.
    FormattedTexts,
    /// A server that refuses a value says so, and keeps nothing of the write.
    RefusedValues,
}

impl Need {
    /// Whether a server of these capabilities meets it; `None` where they say nothing of it.
    pub(crate) fn met_by(self, can: &Capabilities) -> Option<bool> {
        match self {
            Self::Idempotency => Some(can.idempotent_create),
            Self::Reference => Some(can.client_reference),
            Self::Access => Some(can.access),
            Self::Solve => Some(can.solve),
            Self::AddCc => Some(can.add_cc),
            Self::SharedReadMarks => Some(can.shared_read_marks),
            Self::ResumedDownloads => Some(can.resumed_downloads),
            Self::EditedTexts | Self::FormattedTexts | Self::RefusedValues => None,
        }
    }

    /// For the report.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Idempotency => "idempotency at the server",
            Self::Reference => "references of new tickets",
            Self::Access => "tickets for all users of an account",
            Self::Solve => "solving by the user",
            Self::AddCc => "adding CC addresses later",
            Self::SharedReadMarks => "shared read marks",
            Self::EditedTexts => "texts that an agent changes",
            Self::FormattedTexts => "texts in HTML",
            Self::ResumedDownloads => "downloads that go on where they ended",
            Self::RefusedValues => "refusing a value in words",
        }
    }
}

/// What an agent writes for the customer.
#[derive(Debug, Clone, Default)]
pub struct Answer<'a> {
    /// The text; HTML if [`html`](Self::html).
    pub text: &'a str,
    /// Whether the text is HTML.
    pub html: bool,
    /// Where the ticket stands afterwards, in the product's words; as it stood without.
    pub status: Option<Status>,
    /// A file's name and bytes.
    pub file: Option<(&'a str, &'a [u8])>,
}

/// A mail that the server sent because of a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Everybody it went to, in lower case.
    pub to: Vec<String>,
}

/// A server as one case finds it.
#[async_trait]
pub trait Place: Send + Sync {
    /// Where the server listens.
    fn address(&self) -> Url;

    /// Which connector the whole client is to choose.
    fn choice(&self) -> Connector;

    /// The product that goes with the server, as JSON, with every change that a user can make.
    fn product(&self) -> String;

    /// The connector, for a server at `address`.
    fn connector(
        &self,
        address: Url,
        http: Arc<dyn Http>,
        tokens: Arc<dyn Tokens>,
        product: &Product,
    ) -> Result<Box<dyn Remote>, Broken>;

    /// Whether this server meets a need of which the connector says nothing: [`Need::EditedTexts`] and those after it.
    fn offers(&self, need: Need) -> bool;

    /// What the server knows of one of the three.
    fn person(&self, who: Who) -> Person;

    /// A token that is valid now.
    async fn token(&self, who: Who) -> Result<String, Broken>;

    /// All tokens given so far are refused from now on; the next one is valid.
    async fn revoke_tokens(&self, who: Who) -> Result<(), Broken>;

    /// An agent answers in public.
    async fn answer(&self, ticket: TicketNumber, answer: &Answer<'_>) -> Result<(), Broken>;

    /// An agent writes down what no user may see.
    async fn note(&self, ticket: TicketNumber, text: &str) -> Result<(), Broken>;

    /// An agent changes where the ticket stands, in the product's words.
    async fn set_status(&self, ticket: TicketNumber, status: Status) -> Result<(), Broken>;

    /// An agent changes a text that was sent; only where the server [`offers`](Self::offers) it.
    async fn edit(&self, ticket: TicketNumber, comment: CommentId, text: &str) -> Result<(), Broken>;

    /// Takes a user's own ticket out of the user's sight.
    async fn hide(&self, ticket: TicketNumber, from: Who) -> Result<(), Broken>;

    /// The reverse.
    async fn show(&self, ticket: TicketNumber, to: Who) -> Result<(), Broken>;

    /// All tickets of this subject that the server has, whoever may see them.
    async fn tickets(&self, subject: &str) -> Result<Vec<TicketNumber>, Broken>;

    /// The texts that the server has of a ticket's public thread, oldest first.
    async fn texts(&self, ticket: TicketNumber) -> Result<Vec<String>, Broken>;

    /// The mails that went out because of a ticket.
    async fn mails(&self, ticket: TicketNumber) -> Result<Vec<Mail>, Broken>;
}

/// A connector's product that wants these things as well, and files.
pub fn wishing(product: &str, things: &[&str]) -> String {
    let Ok(mut wishes) = serde_json::from_str::<Value>(product) else { return product.to_owned() };
    for thing in things {
        wishes[thing] = json!(true);
    }
    wishes["attachments"] =
        json!({ "max_files": 5, "max_bytes": 25_000_000, "types": ["csv", "txt", "pdf", "png", "jpg"] });
    wishes.to_string()
}
