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
/// lags by at most one second, so that an ambiguous outcome is resolved within seconds instead of a minute.
pub fn open(folder: &Path, url: &str) -> Result<Arc<Client>, Error> {
    let product = json!({
        "schema": 1, "id": "tested", "version": 1, "extends": "impact-mobile@1",
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
