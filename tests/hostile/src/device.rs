//! The client's side: its clock, its token, its network, and what its user is shown.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use pocketdesk::environment::Environment;
use pocketdesk::model::{MessageId, ReplyDraft, TicketDraft, TicketId, TicketRow, Timestamp};
use pocketdesk::net::{Http, HttpFailure, HttpRequest, HttpResponse, ReqwestHttp, ResponseSink, TokenFailure, Tokens};
use pocketdesk::store::StoreError;
use pocketdesk::{Client, ClientConfig};
use serde_json::{Value, json};

use crate::Error;
use crate::clockwork::Shared;

struct Device(Shared);

#[async_trait]
impl Environment for Device {
    fn now(&self) -> Timestamp {
        self.0.now()
    }

    async fn sleep(&self, length: Duration) {
        self.0.sleep(length).await;
    }

    fn random(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        if getrandom::fill(&mut bytes).is_err() {
            bytes = i128::from(self.0.now().0).to_le_bytes();
        }
        bytes
    }
}

/// The real network, which tells the clock what is under way.
struct Wire(ReqwestHttp, Shared);

#[async_trait]
impl Http for Wire {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpFailure> {
        let _under_way = self.1.request();
        self.0.send(request).await
    }

    async fn fetch(&self, request: HttpRequest, sink: &mut dyn ResponseSink) -> Result<HttpResponse, HttpFailure> {
        let _under_way = self.1.request();
        self.0.fetch(request, sink).await
    }
}

struct SignedIn;

#[async_trait]
impl Tokens for SignedIn {
    async fn token(&self, _refused: bool) -> Result<String, TokenFailure> {
        Ok("ada-token".to_owned())
    }
}

/// Opens Ada's client. `change` is merged into the built-in product, which also takes files, CC addresses and solving.
pub(crate) fn open(folder: &Path, url: &str, change: &Value, clock: &Shared) -> Result<Arc<Client>, Error> {
    let mut product = json!({
        "schema": 1, "id": "tested", "version": 1, "extends": "impact-mobile@1",
        "attachments": {
            "in": ["create", "reply"], "max_files": 3, "max_bytes": 5_000_000, "types": ["txt", "csv", "pdf", "png"]
        },
        "actions": [
            { "id": "add_cc", "kind": "add_cc", "who": "any", "when": ["status.kind!=closed"] },
            { "id": "solve", "kind": "solve", "who": "owner", "when": ["status.active"] }
        ]
    });
    merge(&mut product, change);
    let config = ClientConfig { product: Some(product.to_string()), ..ClientConfig::new(folder, "ada", url) };
    let wire = Arc::new(Wire(ReqwestHttp::new()?, Arc::clone(clock)));
    let client = Client::open(&config, wire, Arc::new(SignedIn), Arc::new(Device(Arc::clone(clock))))?;
    Ok(Arc::new(client))
}

fn merge(into: &mut Value, from: &Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (name, value) in from {
                merge(into.entry(name).or_insert(Value::Null), value);
            }
        }
        (into, from) => *into = from.clone(),
    }
}

/// Everything that the user is shown, as JSON: the keys are those of the client's public types, which `docs/probe.md` lists.
#[derive(Default)]
pub(crate) struct Screen {
    /// The status for the banner.
    pub state: Value,
    /// The rows of the history.
    pub rows: Vec<Value>,
    /// By number: `ticket` and `messages`.
    pub tickets: BTreeMap<i64, Value>,
}

impl Screen {
    pub fn of(client: &Client) -> Result<Self, StoreError> {
        let mut screen = Self { state: json!(client.state()?), ..Self::default() };
        for row in rows(client)? {
            screen.rows.push(json!(row));
            if let Some(number) = row.number {
                screen.tickets.insert(number.0, thread(client, row.id)?);
            }
        }
        Ok(screen)
    }
}

pub(crate) fn rows(client: &Client) -> Result<Vec<TicketRow>, StoreError> {
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let page = client.history(after.as_deref(), 200)?;
        rows.extend(page.tickets);
        after = page.next;
        if after.is_none() {
            return Ok(rows);
        }
    }
}

pub(crate) fn find(client: &Client, number: i64) -> Result<Option<TicketId>, StoreError> {
    let row = rows(client)?.into_iter().find(|row| row.number.is_some_and(|known| known.0 == number));
    Ok(row.map(|row| row.id))
}

fn thread(client: &Client, ticket: TicketId) -> Result<Value, StoreError> {
    let (mut messages, mut after) = (Vec::new(), None);
    loop {
        let page = client.thread(ticket, after.as_deref(), 50)?;
        for mut message in page.messages {
            // Nothing longer is compared. A thread may be large, and what is looked at here must not cost much memory.
            let kept = message.body.floor_char_boundary(2_000);
            message.body.truncate(kept);
            let mut shown = json!(message);
            for (place, file) in message.attachments.iter().enumerate() {
                shown["attachments"][place]["bytes"] = json!(file.bytes);
            }
            messages.push(shown);
        }
        after = page.next;
        if after.is_none() {
            return Ok(json!({ "ticket": client.ticket(ticket)?, "messages": messages }));
        }
    }
}

/// A message that the user has written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Written {
    pub ticket: TicketId,
    pub message: MessageId,
}

/// The user writes a reply, with a file if `file` has bytes.
pub(crate) fn reply(client: &Client, ticket: TicketId, body: &str, file: Option<&Path>) -> Result<Written, Error> {
    let draft = client.reply_draft(ticket)?;
    if let Some(file) = file {
        client.save_reply_draft(&draft)?;
        client.attach(&draft.id, file, &file.file_name().unwrap_or_default().to_string_lossy())?;
    }
    let message = client.reply(&ReplyDraft { body: body.to_owned(), ..draft })?;
    Ok(Written { ticket, message })
}

/// The user writes a new ticket.
pub(crate) fn create(client: &Client, subject: &str, description: &str) -> Result<Written, Error> {
    let draft = client.ticket_draft()?;
    let draft = TicketDraft { subject: subject.to_owned(), description: description.to_owned(), ..draft };
    let ticket = client.submit(&draft)?;
    let thread = client.thread(ticket, None, 1)?;
    let message = thread.messages.first().ok_or("a new ticket has no description")?.id;
    Ok(Written { ticket, message })
}

/// The message as it is shown now; null if it is not.
pub(crate) fn shown(client: &Client, written: Written) -> Result<Value, StoreError> {
    let thread = thread(client, written.ticket)?;
    let messages = thread["messages"].as_array().into_iter().flatten();
    Ok(messages.into_iter().find(|message| message["id"] == json!(written.message)).cloned().unwrap_or_default())
}

/// The user gives up every change that needs them, such as solving a ticket.
pub(crate) fn give_up_changes(client: &Client) -> Result<(), Error> {
    for row in rows(client)?.into_iter().filter(|row| row.needs_user) {
        for change in client.ticket(row.id)?.changes.into_iter().filter(|change| change.can_discard) {
            client.discard_change(change.id)?;
        }
    }
    Ok(())
}

/// What the user does about a message that needs them: sends it again, or, where that is not offered, takes the text back and
/// writes it again. If it may have been sent, the user has found out whether the help desk `has` its text. If it is not
/// shown, the user looks at its thread.
pub(crate) fn act_on(client: &Client, written: &mut Written, has: impl Fn(&str) -> bool) -> Result<(), Error> {
    let message = shown(client, *written)?;
    let needs_user = match message["delivery"]["state"].as_str() {
        Some("needs_user") => true,
        Some("may_have_been_sent") => !has(message["body"].as_str().unwrap_or_default()),
        Some("not_shown") => {
            client.thread_opened(written.ticket)?;
            false
        }
        _ => false,
    };
    if !needs_user {
        return Ok(());
    }
    if message["can_retry"] == true {
        client.retry(written.message)?;
    } else if message["can_discard"] == true && message["description"] == false {
        client.discard(written.message)?;
        let draft = client.reply_draft(written.ticket)?;
        written.message = client.reply(&draft)?;
    }
    Ok(())
}
