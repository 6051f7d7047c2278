//! The device on which a client is measured: real time, real network, a signed-in user.

use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use pocketdesk::client::OpenError;
use pocketdesk::environment::Environment;
use pocketdesk::model::{Timestamp, millis};
use pocketdesk::net::{ReqwestHttp, TokenFailure, Tokens};
use pocketdesk::{Client, ClientConfig};
use serde_json::json;

/// The machine's clock, moved forward, and random bytes.
pub struct Device;

/// How far the clocks of all devices are ahead of the machine's, in ms.
static AHEAD: AtomicI64 = AtomicI64::new(0);

/// Moves the clocks of all devices forward.
pub fn advance(by: Duration) {
    AHEAD.fetch_add(millis(by), Ordering::Relaxed);
}

/// Since when the clocks of all devices run faster, in ms, and how many times as fast.
static FASTER: OnceLock<(i64, u32)> = OnceLock::new();

/// Lets the clocks of all devices run `times` as fast from now on, and their timers too. Only the first call counts.
pub fn run_faster(times: u32) {
    let _ = FASTER.set((machine(), times));
}

fn machine() -> i64 {
    millis(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default())
}

#[async_trait]
impl Environment for Device {
    fn now(&self) -> Timestamp {
        let machine = machine();
        let gained = FASTER.get().map_or(0, |(since, times)| (machine - since) * (i64::from(*times) - 1));
        Timestamp(machine + gained + AHEAD.load(Ordering::Relaxed))
    }

    async fn sleep(&self, length: Duration) {
        tokio::time::sleep(length / FASTER.get().map_or(1, |(_, times)| *times)).await;
    }

    fn random(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        // Without random numbers, idempotency keys would repeat; the measurements would be the same.
        let _ = getrandom::fill(&mut bytes);
        bytes
    }
}

struct Ada;

#[async_trait]
impl Tokens for Ada {
    async fn token(&self, _refused: bool) -> Result<String, TokenFailure> {
        Ok("ada-token".to_owned())
    }
}

/// Opens a client for the server at `url`, with its file in `folder`. With `threads`, every thread is fetched at once.
pub fn open(folder: &Path, url: &str, threads: bool) -> Result<Arc<Client>, Box<dyn std::error::Error>> {
    let days = if threads { 3_660 } else { 0 };
    let product = json!({
        "schema": 1, "id": "tested", "version": 1, "extends": "impact-mobile@1",
        "sync": { "threads": {
            "active_days": days, "open": threads, "unread": threads, "requests_per_hour": 10_000,
            "bytes_per_hour": 1_000_000_000
        } }
    });
    open_account(folder, "bench", url, &product.to_string())
}

/// Opens a client with this product, for an account at `url`.
pub fn open_account(
    folder: &Path,
    account: &str,
    url: &str,
    product: &str,
) -> Result<Arc<Client>, Box<dyn std::error::Error>> {
    let config = ClientConfig { product: Some(product.to_owned()), ..ClientConfig::new(folder, account, url) };
    let client = Client::open(&config, Arc::new(ReqwestHttp::new()?), Arc::new(Ada), Arc::new(Device));
    Ok(Arc::new(client.map_err(|error: OpenError| error.to_string())?))
}
