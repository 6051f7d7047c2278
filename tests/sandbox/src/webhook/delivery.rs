//! Signs events and sends them, as the service does: `base64(HMAC-SHA256(secret, timestamp + body))` in one header, the
//! timestamp in another.
//!
//! The service documents that it tries again after a timeout and after some answers. After which, how often and when is
//! simplified here: after no answer, 409, 429 and 5xx, with short pauses.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{Request, StatusCode, Uri, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use http_body_util::Full;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use sha2::Sha256;
use thiserror::Error;
use tokio::net::TcpStream;

use super::Event;
use crate::clock::timestamp;
use crate::server::Server;

/// How often an event is sent at most.
pub const ATTEMPTS: u32 = 5;
/// How long an attempt may take. The service waits for ten seconds.
const LONGEST: Duration = Duration::from_secs(2);
/// The pause after the first attempt. It doubles.
const PAUSE: Duration = Duration::from_millis(50);

/// Where the webhook sends its events: an address on this machine, and nowhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The address as it was given.
    pub url: String,
    /// The webhook's own id.
    pub id: String,
    /// The secret that signs.
    pub secret: String,
    address: SocketAddr,
    path: String,
}

/// This is no address of a webhook.
#[derive(Debug, Error)]
#[error("url must be http://127.0.0.1:PORT/PATH, an address on this machine")]
pub struct NotHere;

/// No answer came.
#[derive(Debug, Error)]
enum Unanswered {
    #[error("there is no connection")]
    Connect(#[from] std::io::Error),
    #[error("the connection ended")]
    Ended(#[from] hyper::Error),
    #[error("the request cannot be written")]
    Request(#[from] axum::http::Error),
    #[error("the secret cannot sign")]
    Secret,
    #[error("it took too long")]
    TooLong,
}

impl Target {
    /// A webhook with this address. It has an id and a secret of its own.
    pub fn new(url: &str) -> Result<Self, NotHere> {
        let parsed: Uri = url.parse().map_err(|_| NotHere)?;
        let host = parsed.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
        let ip: IpAddr = host.parse().map_err(|_| NotHere)?;
        if parsed.scheme_str() != Some("http") || !ip.is_loopback() {
            return Err(NotHere);
        }
        Ok(Self {
            url: url.to_owned(),
            id: format!("{:026X}", rand::random::<u128>() >> 26),
            secret: STANDARD.encode(rand::random::<[u8; 32]>()),
            address: SocketAddr::new(ip, parsed.port_u16().unwrap_or(80)),
            path: parsed.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
        })
    }

    /// The signature of a body that is sent at this time.
    fn sign(&self, at: &str, body: &str) -> Option<String> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret.as_bytes()).ok()?;
        mac.update(at.as_bytes());
        mac.update(body.as_bytes());
        Some(STANDARD.encode(mac.finalize().into_bytes()))
    }

    /// One attempt. Returns the status of the answer.
    async fn send(&self, event: &Event, at: &str) -> Result<StatusCode, Unanswered> {
        let request = Request::post(&self.path)
            .header(header::HOST, self.address.to_string())
            .header(header::CONTENT_TYPE, "application/json; charset=utf-8")
            .header("x-zendesk-account-id", "123456")
            .header("x-zendesk-webhook-id", &self.id)
            .header("x-zendesk-webhook-invocation-id", event.invocation)
            .header("x-zendesk-webhook-signature", self.sign(at, &event.body).ok_or(Unanswered::Secret)?)
            .header("x-zendesk-webhook-signature-timestamp", at)
            .body(Full::new(Bytes::from(event.body.clone())))?;
        let stream = TcpStream::connect(self.address).await?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        // The connection ends when the sender is dropped.
        let (answer, _) =
            tokio::join!(async move { sender.send_request(request).await.map(|it| it.status()) }, connection);
        Ok(answer?)
    }
}

/// Whether an answer says that the event has arrived.
pub fn is_success(status: u16) -> bool {
    (200..300).contains(&status)
}

/// Whether the service tries again after this answer.
fn is_tried_again(answer: Option<u16>) -> bool {
    answer.is_none_or(|status| status == 409 || status == 429 || status >= 500)
}

/// Delivers events in their order, until the task is dropped.
pub async fn deliver(server: Arc<Server>) {
    loop {
        let (target, event) = server.webhooks.next().await;
        let mut pause = PAUSE;
        for _ in 0..ATTEMPTS {
            let at = timestamp(server.clock.seconds());
            let sent = tokio::time::timeout(LONGEST, target.send(&event, &at)).await;
            let answer = sent.unwrap_or(Err(Unanswered::TooLong)).ok().map(|status| status.as_u16());
            if !server.webhooks.note(&target, &event, answer) || !is_tried_again(answer) {
                break;
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
    }
}
