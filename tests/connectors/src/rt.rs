//! The Request Tracker connector against a real server, which `tests/rt/server.sh` sets up, with new people for every
//! case.
//!
//! Agents and the administrator use the service's own API. People and tokens are made by the script, because that API
//! has no call for them. Mails are read from the server's spool.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pocketdesk::connectors::Remote;
use pocketdesk::connectors::rt::Rt;
use pocketdesk::factory::Connector;
use pocketdesk::model::{CommentId, StatusKind, TicketNumber};
use pocketdesk::net::{Body, Http, HttpRequest, Method, ReqwestHttp, Tokens};
use pocketdesk::product::Product;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::process::Command;
use url::Url;

use crate::harness::{Answer, Mail, Need, Person, Service, TestServer, Who, offering};
use crate::trouble::Broken;
use crate::user_connector::key;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../rt/server.sh");

/// People are made for this many test servers at once, because each call of the script takes a second.
const BATCH: usize = 16;

/// The server's settings, as the script prints them.
#[derive(Debug, Clone, Deserialize)]
struct Settings {
    base_url: Url,
    version: String,
    agent: Staff,
    admin: Staff,
    mail: PathBuf,
}

#[derive(Debug, Clone, Deserialize)]
struct Staff {
    token: String,
}

#[derive(Debug, Clone, Deserialize)]
struct Made {
    token: String,
}

/// A running server.
pub struct RequestTracker {
    settings: Settings,
    spare: Mutex<Vec<People>>,
}

/// The three people of one test server, with their ids on the server and their first tokens.
type People = BTreeMap<Who, (String, String)>;

impl RequestTracker {
    /// Connects to the server that `tests/rt/server.sh start` has started in the same environment.
    pub async fn running() -> Result<Self, Broken> {
        let settings = serde_json::from_slice(&script(&["settings"]).await?)?;
        Ok(Self { settings, spare: Mutex::default() })
    }

    fn take(&self) -> Option<People> {
        self.spare.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }
}

/// Runs the script and returns its output.
async fn script(arguments: &[&str]) -> Result<Vec<u8>, Broken> {
    let output = Command::new(SCRIPT).args(arguments).output().await?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    Err(Broken::new(format!("server.sh {}: {}", arguments[0], String::from_utf8_lossy(&output.stderr))))
}

const fn name(who: Who) -> &'static str {
    match who {
        Who::Ada => "Ada Lindqvist",
        Who::Ben => "Ben Okafor",
        Who::Zoe => "Zoë Brandt",
    }
}

/// Makes three new people for each of `count` test servers, in accounts of their own.
async fn make(count: usize) -> Result<Vec<People>, Broken> {
    let tag = &key()?.simple().to_string()[..8];
    let mut arguments = vec!["people".to_owned(), "make".to_owned()];
    let id = |who: Who, index: usize| format!("{who:?}-{tag}-{index}").to_lowercase();
    for index in 0..count {
        for (who, account) in [(Who::Ada, "Nordlicht"), (Who::Ben, "Nordlicht"), (Who::Zoe, "Sonnenhof")] {
            arguments.extend([id(who, index), name(who).to_owned(), format!("{account} {tag} {index}")]);
        }
    }
    let printed = script(&arguments.iter().map(String::as_str).collect::<Vec<_>>()).await?;
    let made: BTreeMap<String, Made> = serde_json::from_slice(&printed)?;
    let three = |index: usize| {
        [Who::Ada, Who::Ben, Who::Zoe]
            .into_iter()
            .filter_map(|who| made.get(&id(who, index)).map(|made| (who, (id(who, index), made.token.clone()))))
            .collect::<People>()
    };
    Ok((0..count).map(three).collect())
}

#[async_trait]
impl Service for RequestTracker {
    fn name(&self) -> String {
        format!("rt: Request Tracker {}", self.settings.version)
    }

    async fn test_server(&self) -> Result<Box<dyn TestServer>, Broken> {
        let taken = self.take();
        let people = if let Some(people) = taken {
            people
        } else {
            let made = make(BATCH).await?;
            self.spare.lock().unwrap_or_else(PoisonError::into_inner).extend(made);
            self.take().ok_or_else(|| Broken::new("no people were made"))?
        };
        let ids = people.iter().map(|(who, (id, _))| (*who, id.clone())).collect();
        let tokens = people.into_iter().map(|(who, (_, token))| (who, token)).collect();
        Ok(Box::new(RtServer { settings: self.settings.clone(), ids, tokens: Mutex::new(tokens) }))
    }
}

struct RtServer {
    settings: Settings,
    ids: BTreeMap<Who, String>,
    tokens: Mutex<BTreeMap<Who, String>>,
}

/// The status's name in the test server's lifecycle.
fn server_status(status: StatusKind) -> &'static str {
    match status {
        StatusKind::Open => "open",
        StatusKind::Working => "in progress",
        StatusKind::AwaitingUser => "awaiting your reply",
        StatusKind::Solved => "solved",
        StatusKind::Closed => "closed",
    }
}

impl RtServer {
    fn id(&self, who: Who) -> &str {
        self.ids.get(&who).map_or("", String::as_str)
    }

    async fn call(&self, whose: &Staff, method: Method, path: &str, body: Value) -> Result<Value, Broken> {
        let url = self.settings.base_url.join("/REST/2.0/")?.join(path)?;
        let headers = vec![("authorization", format!("token {}", whose.token))];
        let body = if body.is_null() { Body::Empty } else { Body::Json(body.to_string().into_bytes()) };
        // The server closes a connection that was idle for a second, maybe while a request is on its way, and nothing here
        // repeats a request. So every request has a connection of its own.
        let answer = ReqwestHttp::new()?.send(HttpRequest { method, url, headers, body }).await?;
        if !answer.is_success() {
            let server_message = String::from_utf8_lossy(&answer.body).into_owned();
            return Err(Broken::new(format!("the server answers {} to {path}: {server_message}", answer.status)));
        }
        Ok(serde_json::from_slice(&answer.body)?)
    }

    /// Everything that the administrator sees below a ticket, at most one page.
    async fn below(&self, ticket: TicketNumber, what: &str, fields: &str) -> Result<Vec<Value>, Broken> {
        let path = format!("ticket/{ticket}/{what}?fields={fields}&per_page=100");
        let mut answer = self.call(&self.settings.admin, Method::Get, &path, Value::Null).await?;
        match answer["items"].take() {
            Value::Array(items) => Ok(items),
            _ => Err(Broken::new(format!("the server lists no {what}"))),
        }
    }

    async fn change(&self, ticket: TicketNumber, change: Value) -> Result<(), Broken> {
        self.call(&self.settings.agent, Method::Put, &format!("ticket/{ticket}"), change).await.map(drop)
    }
}

#[async_trait]
impl TestServer for RtServer {
    fn address(&self) -> Url {
        self.settings.base_url.clone()
    }

    fn choice(&self) -> Connector {
        Connector::RequestTracker
    }

    fn product(&self) -> String {
        offering(&["add_cc", "solve"]).to_string()
    }

    fn connector(
        &self,
        address: Url,
        http: Arc<dyn Http>,
        tokens: Arc<dyn Tokens>,
        product: &Product,
    ) -> Result<Box<dyn Remote>, Broken> {
        Ok(Box::new(
            Rt::new(address, http, tokens, product)
                .ok_or_else(|| Broken::new("the product has no settings for this server"))?,
        ))
    }

    fn offers(&self, need: Need) -> bool {
        matches!(need, Need::FormattedTexts | Need::RefusedValues | Need::Articles)
    }

    fn articles(&self) -> &'static [(&'static str, &'static str, &'static str)] {
        // As `seed.pl` writes them.
        &[
            ("First steps", "Erste Schritte 👋", "Grüße! Lesen Sie die häufigen Fragen."),
            ("First steps", "Überweisung verfolgen", "2. <Auszahlungen>"),
        ]
    }

    fn person(&self, who: Who) -> Person {
        Person { name: name(who).to_owned(), email: format!("{}@customer.example", self.id(who)) }
    }

    async fn token(&self, who: Who) -> Result<String, Broken> {
        let known = self.tokens.lock().unwrap_or_else(PoisonError::into_inner).get(&who).cloned();
        if let Some(token) = known {
            return Ok(token);
        }
        let made: BTreeMap<String, Made> = serde_json::from_slice(&script(&["people", "token", self.id(who)]).await?)?;
        let made = made.into_values().next().ok_or_else(|| Broken::new("the server returns no token"))?;
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner).insert(who, made.token.clone());
        Ok(made.token)
    }

    async fn revoke_tokens(&self, who: Who) -> Result<(), Broken> {
        script(&["people", "revoke", self.id(who)]).await?;
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner).remove(&who);
        Ok(())
    }

    async fn answer(&self, ticket: TicketNumber, answer: &Answer<'_>) -> Result<(), Broken> {
        let kind = if answer.html { "text/html" } else { "text/plain" };
        let mut body = json!({ "Content": answer.text, "ContentType": kind });
        if let Some(status) = answer.status {
            body["Status"] = json!(server_status(status));
        }
        if let Some((name, bytes)) = answer.file {
            let content = STANDARD.encode(bytes);
            body["Attachments"] = json!([{ "FileName": encoded_word(name), "FileType": "application/octet-stream", "FileContent": content }]);
        }
        self.call(&self.settings.agent, Method::Post, &format!("ticket/{ticket}/correspond"), body).await.map(drop)
    }

    async fn note(&self, ticket: TicketNumber, text: &str) -> Result<(), Broken> {
        let body = json!({ "Content": text, "ContentType": "text/plain" });
        self.call(&self.settings.agent, Method::Post, &format!("ticket/{ticket}/comment"), body).await.map(drop)
    }

    async fn set_status(&self, ticket: TicketNumber, status: StatusKind) -> Result<(), Broken> {
        self.change(ticket, json!({ "Status": server_status(status) })).await?;
        // The service answers a refusal with a success that contains a message.
        let now = self.call(&self.settings.admin, Method::Get, &format!("ticket/{ticket}"), Value::Null).await?;
        if now["Status"] == json!(server_status(status)) {
            return Ok(());
        }
        Err(Broken::new(format!("the server does not set the status {}", server_status(status))))
    }

    async fn edit(&self, _: TicketNumber, _: CommentId, _: &str) -> Result<(), Broken> {
        Err(Broken::new("this server does not allow editing"))
    }

    async fn hide(&self, ticket: TicketNumber, _: Who) -> Result<(), Broken> {
        self.change(ticket, json!({ "Requestor": "marta" })).await
    }

    async fn show(&self, ticket: TicketNumber, to: Who) -> Result<(), Broken> {
        self.change(ticket, json!({ "Requestor": self.id(to) })).await
    }

    async fn tickets(&self, subject: &str) -> Result<Vec<TicketNumber>, Broken> {
        let mut url = self.settings.base_url.join("/REST/2.0/tickets")?;
        let quoted = subject.replace('\\', "\\\\").replace('\'', "\\'");
        url.query_pairs_mut()
            .append_pair("query", &format!("Subject = '{quoted}'"))
            .append_pair("orderby", "id")
            .append_pair("per_page", "100");
        let found = self.call(&self.settings.admin, Method::Get, url.as_str(), Value::Null).await?;
        let items = found["items"].as_array().into_iter().flatten();
        Ok(items.filter_map(|item| item["id"].as_str()?.parse().ok()).map(TicketNumber).collect())
    }

    async fn texts(&self, ticket: TicketNumber) -> Result<Vec<String>, Broken> {
        let messages: BTreeSet<i64> = self
            .below(ticket, "history", "Type")
            .await?
            .iter()
            .filter(|entry| matches!(entry["Type"].as_str(), Some("Create" | "Correspond")))
            .filter_map(|entry| number(&entry["id"]))
            .collect();
        let mut texts = BTreeMap::new();
        for part in self.below(ticket, "attachments", "TransactionId,ContentType,Filename,Content").await? {
            let Some(message) = number(&part["TransactionId"]["id"]).or_else(|| number(&part["TransactionId"])) else {
                continue;
            };
            let is_text = part["ContentType"].as_str().is_some_and(|kind| kind.starts_with("text/"));
            let unnamed = part["Filename"].as_str().is_none_or(str::is_empty);
            if let (true, true, true, Some(text)) =
                (messages.contains(&message), is_text, unnamed, part["Content"].as_str())
            {
                texts.entry(message).or_insert_with(|| text.to_owned());
            }
        }
        Ok(texts.into_values().collect())
    }

    async fn mails(&self, ticket: TicketNumber) -> Result<Vec<Mail>, Broken> {
        mails(&self.settings.mail, &format!("#{ticket}"))
    }
}

/// An id, as a number or in quotes.
fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

/// A file name with non-ASCII characters in the form that the service understands in JSON.
fn encoded_word(name: &str) -> String {
    if name.is_ascii() { name.to_owned() } else { format!("=?UTF-8?B?{}?=", STANDARD.encode(name)) }
}

/// The mails in the spool about this ticket.
fn mails(spool: &Path, ticket: &str) -> Result<Vec<Mail>, Broken> {
    let mut mails = Vec::new();
    for entry in std::fs::read_dir(spool)? {
        let path = entry?.path();
        if path.extension().is_none_or(|ending| ending != "eml") {
            continue;
        }
        let bytes = std::fs::read(&path)?;
        let text = String::from_utf8_lossy(&bytes);
        let (head, _) = text.split_once("\n\n").unwrap_or((&text, ""));
        // A line that begins with white space continues the line before.
        let head = head.replace("\n ", " ").replace("\n\t", " ");
        let fields: Vec<(&str, &str)> = head.lines().filter_map(|line| line.split_once(':')).collect();
        let is = |name: &str, field: &str| field.eq_ignore_ascii_case(name);
        if !fields
            .iter()
            .any(|(field, value)| is("X-RT-Ticket", field) && value.split_whitespace().last() == Some(ticket))
        {
            continue;
        }
        let people = fields.iter().filter(|(field, _)| is("To", field) || is("Cc", field) || is("Bcc", field));
        let to = people.flat_map(|(_, value)| value.split(',')).map(address).filter(|to| to.contains('@')).collect();
        mails.push(Mail { to });
    }
    Ok(mails)
}

/// The address in lower case, from `"Name" <address>` or a bare address.
fn address(text: &str) -> String {
    let bare = text.rsplit_once('<').map_or(text, |(_, rest)| rest);
    bare.trim().trim_end_matches('>').to_lowercase()
}
