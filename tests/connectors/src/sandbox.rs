//! The Zendesk connector against the sandbox server, with a sandbox of its own for every case.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pocketdesk::connectors::Remote;
use pocketdesk::connectors::zendesk::Zendesk;
use pocketdesk::factory::Connector;
use pocketdesk::model::{CommentId, StatusKind, TicketNumber};
use pocketdesk::net::{Body, Http, HttpRequest, Method, ReqwestHttp, Tokens};
use pocketdesk::product::Product;
use pocketdesk_sandbox::users::{self, ADA, BEN, ZOE};
use pocketdesk_sandbox::{Options, Running, Sandbox};
use serde_json::{Value, json};
use url::Url;

use crate::harness::{Answer, Mail, Need, Person, Service, TOGGLE, TestServer, Who, offering};
use crate::trouble::Broken;

/// The ticket field that the company's trigger ticks when feedback was given.
const FEEDBACK_GIVEN: i64 = 360_002_000_012;

/// Starts a sandbox for every case.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sandboxes;

#[async_trait]
impl Service for Sandboxes {
    fn name(&self) -> String {
        "zendesk: the sandbox".to_owned()
    }

    async fn test_server(&self) -> Result<Box<dyn TestServer>, Broken> {
        let sandbox = Sandbox::start(Options { tickets: 0, ..Options::default() }).await?;
        let address = Url::parse(&sandbox.base_url)?;
        let http = ReqwestHttp::new()?;
        let server = SandboxServer { _running: sandbox, address, http, tokens: Mutex::default() };
        let given = json!({ "id": FEEDBACK_GIVEN, "type": "checkbox", "editable": false, "titles": { "en": "Feedback given" } });
        server.call(Method::Post, "/sandbox/ticket_fields", given).await?;
        Ok(Box::new(server))
    }
}

struct SandboxServer {
    /// Runs for as long as this value lives.
    _running: Running,
    address: Url,
    http: ReqwestHttp,
    /// Tokens that are valid instead of the people's first ones.
    tokens: Mutex<BTreeMap<Who, String>>,
}

const fn user(who: Who) -> &'static users::Person {
    match who {
        Who::Ada => &ADA,
        Who::Ben => &BEN,
        Who::Zoe => &ZOE,
    }
}

/// The server's name for a status.
fn server_status(status: StatusKind) -> &'static str {
    match status {
        StatusKind::Open => "open",
        StatusKind::Working => "hold",
        StatusKind::AwaitingUser => "pending",
        StatusKind::Solved => "solved",
        StatusKind::Closed => "closed",
    }
}

impl SandboxServer {
    async fn call(&self, method: Method, path: &str, body: Value) -> Result<Value, Broken> {
        let url = self.address.join(path)?;
        let body = if body.is_null() { Body::Empty } else { Body::Json(body.to_string().into_bytes()) };
        let answer = self.http.send(HttpRequest { method, url, headers: Vec::new(), body }).await?;
        if !answer.is_success() {
            return Err(Broken::new(format!("the sandbox answers {} to {path}", answer.status)));
        }
        Ok(serde_json::from_slice(&answer.body)?)
    }

    async fn change(&self, ticket: TicketNumber, what: &str, body: Value) -> Result<Value, Broken> {
        self.call(Method::Post, &format!("/sandbox/tickets/{ticket}/{what}"), body).await
    }
}

#[async_trait]
impl TestServer for SandboxServer {
    fn address(&self) -> Url {
        self.address.clone()
    }

    fn choice(&self) -> Connector {
        Connector::Zendesk
    }

    fn product(&self) -> String {
        let mut product = offering(&["add_cc", "solve"]);
        product["read_marks"] = json!("shared|device");
        product["fields"] = json!({
            "feedback_given": { "type": "bool" }, TOGGLE: { "type": "bool?", "per": "ticket+me", "writable": "me" }
        });
        if let Some(actions) = product["actions"].as_array_mut() {
            actions.push(json!({ "id": "feedback", "kind": "feedback", "who": "owner", "when": ["can.feedback"],
                                 "once": "field.feedback_given", "rating": ["bad", "good"], "text": "optional" }));
            actions.push(json!({ "id": TOGGLE, "kind": "toggle", "who": "any", "field": TOGGLE }));
        }
        let words = json!({ "action.feedback": "Feedback", "feedback.bad": "Bad", "feedback.good": "Good",
                            "action.proxy_login": "Proxy login" });
        product["strings"] = json!({ "en": words, "de": words, "es": words });
        product["connectors"] = json!({ "zendesk": {
            "shared_read_marks": true, "feedback": "survey|legacy", "fields": { "feedback_given": FEEDBACK_GIVEN },
            "objects": { TOGGLE: { "key": "proxy_login", "ticket": "ticket", "user": "user", "value": "allowed" } }
        } });
        product.to_string()
    }

    fn connector(
        &self,
        address: Url,
        http: Arc<dyn Http>,
        tokens: Arc<dyn Tokens>,
        product: &Product,
    ) -> Result<Box<dyn Remote>, Broken> {
        Ok(Box::new(Zendesk::new(address, http, tokens, product)))
    }

    fn offers(&self, need: Need) -> bool {
        !matches!(need, Need::FormattedTexts | Need::Articles)
    }

    fn person(&self, who: Who) -> Person {
        Person { name: user(who).name.to_owned(), email: user(who).email.to_owned() }
    }

    async fn token(&self, who: Who) -> Result<String, Broken> {
        let tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        let first = || user(who).token.unwrap_or_default().to_owned();
        Ok(tokens.get(&who).cloned().unwrap_or_else(first))
    }

    async fn revoke_tokens(&self, who: Who) -> Result<(), Broken> {
        let path = format!("/sandbox/users/{}/revoke_token", user(who).key);
        let answer = self.call(Method::Post, &path, json!({})).await?;
        let token = answer["token"].as_str().ok_or_else(|| Broken::new("the sandbox gives no token"))?;
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner).insert(who, token.to_owned());
        Ok(())
    }

    async fn answer(&self, ticket: TicketNumber, answer: &Answer<'_>) -> Result<(), Broken> {
        let status = if let Some(status) = answer.status {
            json!(server_status(status))
        } else {
            let known = self.call(Method::Get, &format!("/sandbox/tickets/{ticket}"), Value::Null).await?;
            known["ticket"]["status"].clone()
        };
        let files: Vec<Value> = answer
            .file
            .iter()
            .map(|(name, bytes)| {
                json!({ "name": name, "content_type": "application/octet-stream", "content": STANDARD.encode(bytes) })
            })
            .collect();
        self.change(ticket, "answer", json!({ "body": answer.text, "status": status, "files": files })).await.map(drop)
    }

    async fn note(&self, ticket: TicketNumber, text: &str) -> Result<(), Broken> {
        self.change(ticket, "note", json!({ "body": text })).await.map(drop)
    }

    async fn set_status(&self, ticket: TicketNumber, status: StatusKind) -> Result<(), Broken> {
        self.change(ticket, "status", json!({ "status": server_status(status) })).await.map(drop)
    }

    async fn edit(&self, ticket: TicketNumber, comment: CommentId, text: &str) -> Result<(), Broken> {
        self.change(ticket, "edit_comment", json!({ "comment": comment.0, "body": text })).await.map(drop)
    }

    async fn hide(&self, ticket: TicketNumber, from: Who) -> Result<(), Broken> {
        self.change(ticket, "revoke", json!({ "user": user(from).key })).await.map(drop)
    }

    async fn show(&self, ticket: TicketNumber, to: Who) -> Result<(), Broken> {
        self.change(ticket, "restore", json!({ "user": user(to).key })).await.map(drop)
    }

    async fn tickets(&self, subject: &str) -> Result<Vec<TicketNumber>, Broken> {
        let mut path = self.address.join("/sandbox/tickets")?;
        path.query_pairs_mut().append_pair("subject", subject);
        let answer = self.call(Method::Get, path.as_str(), Value::Null).await?;
        let all = answer["tickets"].as_array().into_iter().flatten();
        let named = all.filter(|ticket| ticket["subject"].as_str() == Some(subject));
        Ok(named.filter_map(|ticket| ticket["id"].as_i64()).map(TicketNumber).collect())
    }

    async fn texts(&self, ticket: TicketNumber) -> Result<Vec<String>, Broken> {
        let answer = self.call(Method::Get, &format!("/sandbox/tickets/{ticket}"), Value::Null).await?;
        let all = answer["ticket"]["comments"].as_array().into_iter().flatten();
        let public = all.filter(|comment| comment["public"] == json!(true));
        Ok(public.filter_map(|comment| comment["body"].as_str()).map(str::to_owned).collect())
    }

    async fn mails(&self, ticket: TicketNumber) -> Result<Vec<Mail>, Broken> {
        let answer = self.call(Method::Get, &format!("/sandbox/mails?ticket={ticket}"), Value::Null).await?;
        let all = answer["mails"].as_array().into_iter().flatten();
        Ok(all.filter_map(|mail| mail["to"].as_str()).map(|to| Mail { to: vec![to.to_lowercase()] }).collect())
    }

    fn feedback_systems(&self) -> &'static [&'static str] {
        &["surveys", "legacy"]
    }

    async fn activate_feedback(&self, system: &str) -> Result<(), Broken> {
        self.call(Method::Post, "/sandbox/settings", json!({ "satisfaction": system })).await.map(drop)
    }

    async fn feedback(&self, ticket: TicketNumber) -> Result<Option<String>, Broken> {
        let answer = self.call(Method::Get, &format!("/sandbox/tickets/{ticket}"), Value::Null).await?;
        let rating = &answer["ticket"]["rating"];
        Ok((!rating.is_null()).then(|| rating["comment"].as_str().unwrap_or_default().to_owned()))
    }

    async fn toggle(&self, ticket: TicketNumber, who: Who) -> Result<Option<bool>, Broken> {
        let answer = self.call(Method::Get, &format!("/sandbox/tickets/{ticket}"), Value::Null).await?;
        Ok(answer["ticket"]["proxy_logins"][user(who).id.to_string()].as_bool())
    }

    async fn allow_toggles(&self, allowed: bool) -> Result<(), Broken> {
        self.call(Method::Post, "/sandbox/settings", json!({ "proxy_login": allowed })).await.map(drop)
    }
}
