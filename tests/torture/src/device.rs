//! The part of a phone that matters here: a clock, random numbers, a token, and the client.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use pocketdesk::environment::Environment;
use pocketdesk::model::{Timestamp, millis};
use pocketdesk::net::{ReqwestHttp, TokenFailure, Tokens};
use pocketdesk::{Client, ClientConfig};
use serde_json::json;

use crate::Error;

/// The host app's id of the user.
pub const ACCOUNT: &str = "ada";
/// The user's id on the server.
pub const USER: &str = "361882440112";
/// The ticket field that the company's trigger ticks when feedback was given.
pub const FEEDBACK_GIVEN: i64 = 360_002_000_012;

struct Device;

#[async_trait]
impl Environment for Device {
    fn now(&self) -> Timestamp {
        Timestamp(millis(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()))
    }

    async fn sleep(&self, length: Duration) {
        tokio::time::sleep(length).await;
    }

    fn random(&self) -> [u8; 16] {
        rand::random()
    }
}

struct SignedIn;

#[async_trait]
impl Tokens for SignedIn {
    async fn token(&self, _refused: bool) -> Result<String, TokenFailure> {
        Ok("ada-token".to_owned())
    }
}

/// Opens a client for the server at `url`, with its file below `folder`. The product definition says that the server
/// lags by at most one second, so that an ambiguous outcome is resolved within seconds instead of a minute. A ticket can be
/// closed, is open again after a reply, takes feedback, and has a toggle.
pub fn open(folder: &Path, url: &str) -> Result<Arc<Client>, Error> {
    let words = json!({
        "action.close": "Close", "action.feedback": "Give feedback", "feedback.bad": "Bad", "feedback.good": "Good",
        "action.proxy_login": "Proxy login", "thanks": "Thank you"
    });
    let product = json!({
        "schema": 1, "id": "tested", "version": 1, "extends": "impact-mobile@1",
        "fields": {
            "feedback_given": { "type": "bool" },
            "proxy_login": { "type": "bool?", "per": "ticket+me", "writable": "me" }
        },
        "actions": [
            { "id": "close", "kind": "solve", "who": "owner", "when": ["status.active", "can.solve"] },
            { "id": "feedback", "kind": "feedback", "who": "owner", "when": ["status.kind=solved", "can.feedback"],
              "once": "field.feedback_given", "after": "@thanks", "rating": ["bad", "good"], "text": "optional" },
            { "id": "proxy_login", "kind": "toggle", "who": "owner", "when": ["can.proxy_login"], "field": "proxy_login" }
        ],
        "connectors": { "zendesk": {
            "fields": { "feedback_given": FEEDBACK_GIVEN },
            "objects": { "proxy_login": { "key": "proxy_login", "ticket": "ticket", "user": "user", "value": "allowed" } },
            "feedback": "survey|legacy"
        } },
        "strings": { "en": words, "de": words, "es": words },
        "sync": { "stale_read_seconds": 1, "late_apply_seconds": 1, "overlap_seconds": 5 }
    });
    let config = ClientConfig {
        product: Some(product.to_string()),
        send_delay: Duration::ZERO,
        language: "en".to_owned(),
        ..ClientConfig::new(folder, ACCOUNT, url)
    };
    let http = Arc::new(ReqwestHttp::new()?);
    Ok(Arc::new(Client::open(&config, http, Arc::new(SignedIn), Arc::new(Device))?))
}
