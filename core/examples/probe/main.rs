//! A client on the command line, for trying a server and a token, and for driving the client from any program.
//!
//! ```sh
//! cargo run -p pocketdesk --example probe -- --server https://company.example --token T --folder /tmp/probe
//! ```
//!
//! The probe reads one JSON command a line from standard input, and answers each with one JSON line: `{"ok": …}` with the
//! result, or `{"error": {"kind": …}}`. `docs/probe.md` lists the commands and the keys. The network is used only by `sync`
//! and `wait`, so that a script decides what happens when. The client is never in front, and so holds nothing back for undo.

mod commands;

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use clap::{Parser, ValueEnum};
use pocketdesk::client::HistoryRequest;
use pocketdesk::connectors::pasted;
use pocketdesk::environment::Environment;
use pocketdesk::factory::Connector;
use pocketdesk::model::{
    Message, MessageId, ServerSearch, TicketDraft, TicketId, TicketNumber, TicketRow, Timestamp, millis,
};
use pocketdesk::net::{ReqwestHttp, TokenFailure, Tokens};
use pocketdesk::store::{HistoryPage, MAX_PAGE, PageFrom, StoreError};
use pocketdesk::sync::Scope;
use pocketdesk::{Client, ClientConfig};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::time::timeout;

use commands::{Command, FindInThread, Mark, NewFile, Searched, Wanted, What, Which};

/// One account's client: a JSON command a line in, a JSON line out
#[derive(Parser)]
struct Flags {
    /// The server's address: an https origin, or http on this machine
    #[arg(long, value_name = "URL")]
    server: String,
    /// The signed-in end user's token
    #[arg(long, required_unless_present = "anonymous")]
    token: Option<String>,
    /// Nobody is signed in: tickets without an account
    #[arg(long, conflicts_with = "token")]
    anonymous: bool,
    /// The folder for the account's files; it is made if it does not exist
    #[arg(long, value_name = "DIR")]
    folder: PathBuf,
    /// The kind of server
    #[arg(long, value_enum, default_value_t = Kind::Zendesk)]
    connector: Kind,
    /// A product definition in place of the one that comes with the connector
    #[arg(long, value_name = "FILE")]
    product: Option<PathBuf>,
    /// The language of the server's own texts: labels and help articles
    #[arg(long, value_name = "TAG", default_value = LANGUAGE)]
    language: String,
    /// The https address from which a definition is delivered on top of it
    #[arg(long, value_name = "URL")]
    definition_url: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    Zendesk,
    Rt,
}

/// The language of a command that names none.
const LANGUAGE: &str = "en";

fn main() -> io::Result<ExitCode> {
    let flags = Flags::parse();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let client = match open(&flags) {
        Ok(client) => client,
        Err(refused) => {
            println!("{}", json!({ "error": refused.0 }));
            return Ok(ExitCode::FAILURE);
        }
    };
    for line in io::stdin().lines() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let command = serde_json::from_str(&line);
        let last = matches!(command, Ok(Command::Quit));
        let answer = match command {
            Ok(command) => runtime.block_on(run(&client, command)),
            Err(error) => Err(Refused(json!({ "kind": "bad_command", "message": error.to_string() }))),
        };
        match answer {
            Ok(result) => println!("{}", json!({ "ok": result })),
            Err(refused) => println!("{}", json!({ "error": refused.0 })),
        }
        if last {
            break;
        }
    }
    client.close();
    Ok(ExitCode::SUCCESS)
}

fn open(flags: &Flags) -> Result<Client, Refused> {
    let product = flags.product.as_ref().map(std::fs::read_to_string).transpose();
    let config = ClientConfig {
        connector: match flags.connector {
            Kind::Zendesk => Connector::Zendesk,
            Kind::Rt => Connector::RequestTracker,
        },
        product: product.map_err(|_| named("product_unreadable"))?,
        definition_url: flags.definition_url.clone(),
        anonymous: flags.anonymous,
        language: flags.language.clone(),
        ..ClientConfig::new(&flags.folder, "probe", &flags.server)
    };
    let http = Arc::new(ReqwestHttp::new().map_err(|_| named("no_tls"))?);
    Ok(Client::open(&config, http, Arc::new(Token(flags.token.clone().unwrap_or_default())), Arc::new(Machine))?)
}

async fn run(client: &Client, command: Command) -> Result<Value, Refused> {
    Ok(match command {
        Command::Sync { scope } => {
            let scope = if matches!(scope, Some(What::Due)) { Scope::Due } else { Scope::Everything };
            if scope == Scope::Everything {
                // As if the user had asked for it. The run then begins here, and not in `drive`.
                client.sync_now()?;
            }
            let report = client.sync(scope).await;
            let next = report.next.map(|next| next.as_secs_f64());
            json!({ "failure": report.failure, "next_seconds": next, "state": client.state()? })
        }
        Command::Wait { seconds } => {
            let length = Duration::try_from_secs_f64(seconds).map_err(|_| named("bad_command"))?;
            let _ = timeout(length, client.drive()).await;
            json!(client.state()?)
        }
        Command::State => json!(client.state()?),
        Command::History(part) => whole_history(client, &part.into())?,
        Command::HistoryCounts(part) => json!(client.history_counts(&part.into())?),
        Command::HistoryOptions => json!(client.history_options()),
        Command::Claims { claims } => {
            client.set_claims(claims);
            Value::Null
        }
        Command::Thread(which) => thread(client, find(client, which)?)?,
        Command::Open(which) => {
            let ticket = find(client, which)?;
            client.thread_opened(ticket)?;
            thread(client, ticket)?
        }
        Command::RetryThread(which) => done(client.retry_thread(find(client, which)?)?),
        Command::Mark(marked) => {
            match marked.mark {
                Mark::Read => client.mark_read(find(client, marked.to)?)?,
                Mark::Unread => client.mark_unread(find(client, marked.to)?)?,
                Mark::AllRead => client.mark_all_read(marked.scope.as_deref())?,
            }
            json!({ "unread_tickets": client.unread_tickets()? })
        }
        Command::Create(new) => {
            let draft = client.ticket_draft()?;
            let ticket = client.submit(&TicketDraft {
                subject: new.subject,
                description: new.description,
                issue_type: new.issue_type.unwrap_or(draft.issue_type),
                cc: new.cc,
                access: new.access,
                name: new.name,
                email: new.email,
                ..draft
            })?;
            json!({ "ticket": ticket, "message": messages(client, ticket)?.first().map(|message| message.id) })
        }
        Command::Reply(new) => {
            let draft = client.reply_draft(find(client, new.to)?)?;
            let text = new.page.map_or_else(|| new.body.into(), |page| pasted(&page));
            json!({ "message": client.reply(&draft.with(&text))? })
        }
        Command::Attach(new) => attach(client, &new)?,
        Command::Retry { message: Some(message), .. } => done(client.retry(message)?),
        Command::Retry { change: Some(change), .. } => done(client.retry_change(change)?),
        Command::Edit { message, body } => done(edit(client, message, body)?),
        Command::Discard { message: Some(message), .. } => json!({ "body": client.discard(message)? }),
        Command::Discard { change: Some(change), .. } => done(client.discard_change(change)?),
        Command::Retry { .. } | Command::Discard { .. } => return Err(named("bad_command")),
        Command::Download { message, place } => {
            let bytes = client.download(message, place)?;
            json!({ "bytes": bytes, "path": client.attachment_file(message, place)? })
        }
        Command::AddCc(more) => done(client.add_cc(find(client, more.to)?, &more.addresses)?),
        Command::Solve(which) => done(client.solve(find(client, which)?)?),
        Command::Remove(which) => done(client.remove_ticket(find(client, which)?)?),
        Command::Details(which) => {
            json!(client.details(find(client, which.to)?, which.language.as_deref().unwrap_or(LANGUAGE))?)
        }
        Command::Act(wanted) => act(client, &wanted)?,
        Command::Entries { language, claims } => entries(client, language.as_deref().unwrap_or(LANGUAGE), claims),
        Command::Articles { section: Some(section) } => json!(client.articles(section)?),
        Command::Articles { section: None } => json!(client.help_center()?),
        Command::Article { article } => json!(client.article(article)?),
        Command::Vote { article, helpful } => done(client.vote(article, helpful)?),
        Command::Similar { text } => json!(client.similar(&text)?),
        Command::Search(Searched { text, part, after, limit }) => {
            json!(client.search(&part.into(), &text, after.as_deref(), limit.unwrap_or(MAX_PAGE))?)
        }
        Command::SearchServer(Searched { text, part, .. }) => {
            // Nothing drives the client while a command is awaited. One run asks.
            let (found, _) = tokio::join!(client.search_server(&text), client.sync(Scope::Due));
            let tickets = match found {
                ServerSearch::Found(tickets) => Some(client.found_elsewhere(&part.into(), &text, &tickets)?),
                ServerSearch::NotAnswered => None,
            };
            json!({ "answered": tickets.is_some(), "tickets": tickets.unwrap_or_default() })
        }
        Command::SearchArticles { text, limit } => {
            json!({ "articles": client.search_articles(&text, limit.unwrap_or(MAX_PAGE))? })
        }
        Command::FindInThread(FindInThread { to, text }) => {
            json!({ "messages": client.find_in_thread(find(client, to)?, &text)? })
        }
        Command::Definition => json!(client.delivered_definition()),
        Command::Network { online } => done(client.set_online(online)?),
        Command::Quit => Value::Null,
    })
}

/// The entries of Help & Support, with their names and where they lead.
fn entries(client: &Client, language: &str, claims: Option<BTreeSet<String>>) -> Value {
    if let Some(claims) = claims {
        client.set_claims(claims);
    }
    let strings = client.strings(language);
    let shown = client.entries(language).into_iter().map(|offer| {
        let label = strings.text(&format!("entry.{}", offer.entry.id), &[]);
        json!({ "id": offer.entry.id, "label": label, "to": offer.target.to_string() })
    });
    shown.collect()
}

fn done((): ()) -> Value {
    Value::Null
}

/// Does an action: a toggle has a value, and feedback an answer.
fn act(client: &Client, wanted: &Wanted) -> Result<Value, Refused> {
    let (ticket, action) = (find(client, wanted.to)?, wanted.action.as_str());
    let language = wanted.language.as_deref().unwrap_or(LANGUAGE);
    let written = || json!({ "kind": "written" });
    Ok(match (wanted.on, &wanted.answer) {
        (Some(on), _) => client.set_toggle(ticket, action, on).map(|()| written())?,
        (None, Some(answer)) => client.give_feedback(ticket, action, answer, &wanted.text).map(|()| written())?,
        (None, None) => json!(client.act(ticket, action, &wanted.addresses, language)?),
    })
}

/// A part of the history, as one page with every row.
fn history(client: &Client, part: &HistoryRequest) -> Result<HistoryPage, StoreError> {
    let mut whole = client.history_page(part, PageFrom::Top, 200)?;
    while let Some(after) = whole.next.take() {
        let page = client.history_page(part, PageFrom::After(&after), 200)?;
        whole.tickets.extend(page.tickets);
        whole.next = page.next;
    }
    Ok(whole)
}

/// The same, as the command tells it.
fn whole_history(client: &Client, part: &HistoryRequest) -> Result<Value, StoreError> {
    let whole = history(client, part)?;
    Ok(json!({
        "sort": whole.sort, "preparing": whole.preparing,
        "total": whole.tickets.len(), "tickets": whole.tickets, "columns": whole.columns, "scope": whole.scope,
        "scopes": whole.scopes, "unavailable": whole.unavailable, "read_marks_key": whole.read_marks_key
    }))
}

/// Every row that the user can see, in any scope.
fn rows(client: &Client) -> Result<Vec<TicketRow>, StoreError> {
    let of = |scope: Option<&String>| HistoryRequest { scope: scope.cloned(), ..HistoryRequest::default() };
    let first = history(client, &of(None))?;
    let mut rows = first.tickets;
    for scope in first.scopes.iter().filter(|scope| Some(*scope) != first.scope.as_ref()) {
        rows.extend(history(client, &of(Some(scope)))?.tickets);
    }
    Ok(rows)
}

fn find(client: &Client, which: Which) -> Result<TicketId, StoreError> {
    if let Some(ticket) = which.ticket {
        return Ok(ticket);
    }
    let number = which.number.map(TicketNumber).ok_or(StoreError::NoSuchTicket)?;
    let row = rows(client)?.into_iter().find(|row| row.number == Some(number));
    row.map(|row| row.id).ok_or(StoreError::NoSuchTicket)
}

/// Every message of a thread.
fn messages(client: &Client, ticket: TicketId) -> Result<Vec<Message>, StoreError> {
    let (mut messages, mut after) = (Vec::new(), None);
    loop {
        let page = client.thread(ticket, after.as_deref(), 200)?;
        messages.extend(page.messages);
        after = page.next;
        if after.is_none() {
            return Ok(messages);
        }
    }
}

/// A ticket with its messages, and where the bytes of each file are.
fn thread(client: &Client, ticket: TicketId) -> Result<Value, StoreError> {
    let shown = messages(client, ticket)?.into_iter().map(|message| {
        let mut shown = json!(message);
        for (place, file) in message.attachments.iter().enumerate() {
            shown["attachments"][place]["bytes"] = json!(file.bytes);
        }
        shown
    });
    let shown: Vec<Value> = shown.collect();
    Ok(json!({ "ticket": client.ticket(ticket)?, "messages": shown }))
}

/// Attaches a file to the draft that is named, to the draft of a reply, or to the draft of the next ticket.
fn attach(client: &Client, new: &NewFile) -> Result<Value, Refused> {
    let draft = match (&new.draft, new.to) {
        (Some(draft), _) => draft.clone(),
        (None, Which { number: None, ticket: None }) => {
            let draft = client.ticket_draft()?;
            client.save_ticket_draft(&draft)?;
            draft.id
        }
        (None, which) => {
            let draft = client.reply_draft(find(client, which)?)?;
            client.save_reply_draft(&draft)?;
            draft.id
        }
    };
    let name = new.path.file_name().unwrap_or_default().to_string_lossy();
    let file = client.attach(&draft, &new.path, &name)?;
    Ok(json!({ "draft": draft, "file": file }))
}

/// Changes the text of a message that was not sent yet: a reply, or the description of a ticket.
fn edit(client: &Client, message: MessageId, body: String) -> Result<(), Refused> {
    for row in rows(client)?.into_iter().filter(|row| row.number.is_none()) {
        if messages(client, row.id)?.first().is_some_and(|description| description.id == message) {
            let unsent = client.unsent_ticket(row.id)?;
            return Ok(client.edit_ticket(row.id, &TicketDraft { description: body, ..unsent })?);
        }
    }
    Ok(client.edit_reply(message, &body)?)
}

/// What an answer says in place of a result: `{"kind": …}`, with what belongs to that kind.
struct Refused(Value);

impl<E: Serialize> From<E> for Refused {
    fn from(error: E) -> Self {
        Self(json!(error))
    }
}

fn named(kind: &str) -> Refused {
    Refused(json!({ "kind": kind }))
}

/// The token of the command line. There is no other one, so it is also the answer after a refusal.
struct Token(String);

#[async_trait]
impl Tokens for Token {
    async fn token(&self, _refused: bool) -> Result<String, TokenFailure> {
        Ok(self.0.clone())
    }
}

/// This machine's clock, timers and random bytes.
struct Machine;

#[async_trait]
impl Environment for Machine {
    fn now(&self) -> Timestamp {
        Timestamp(millis(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()))
    }

    async fn sleep(&self, length: Duration) {
        tokio::time::sleep(length).await;
    }

    fn random(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        // Without random numbers from the system, the time still makes two keys differ.
        if getrandom::fill(&mut bytes).is_err() {
            bytes = i128::from(self.now().0).to_le_bytes();
        }
        bytes
    }
}
