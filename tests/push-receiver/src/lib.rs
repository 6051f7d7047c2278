//! The part of a company's backend between its help desk and the push services. It is here to be copied:
//! `docs/push.md` says how a help desk is set up for it, and what the messages look like.
//!
//! A request of the help desk's webhook says which ticket has changed, and which of the help desk's users are concerned.
//! It has nothing that a user wrote. The receiver
//!
//! 1. checks that the help desk has sent it, and has sent it now ([`Receiver::is_genuine`], [`is_fresh`]),
//! 2. ignores it if it came before ([`Receiver::is_new`]),
//! 3. finds the devices of the users who are concerned ([`Device::is_concerned`]), and
//! 4. sends each the number of the ticket ([`Push::send`]), and nothing else, not faster than the help desk's rate limit
//!    bears ([`rate_limiter`]).
//!
//! A message is a hint. If one is lost, the app finds the change when it is next in front; if one comes to a user who may
//! no longer see the ticket, the app asks the help desk, is refused, and removes the ticket. So nothing here is repeated,
//! and nothing has to be exact. The help desk alone decides who sees what.

pub mod rate_limiter;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde::Deserialize;
use sha2::Sha256;

use crate::rate_limiter::RateLimiter;

/// How far the time in a request may be from now. Long enough for clocks that differ, short enough for [`REMEMBERED`].
const LONGEST_AGE: Duration = Duration::from_mins(5);
/// How many events are remembered. More than come within [`LONGEST_AGE`].
const REMEMBERED: usize = 10_000;

/// The key under which a message has the ticket's number. Apps look for it: `PocketdeskPush.ticket` in both kits.
pub const KEY: &str = "pocketdesk_ticket";

/// A device on which a user is signed in. The app registers it after the sign-in, and removes it at the sign-out.
#[derive(Debug, Clone)]
pub struct Device {
    /// The push service's token of the app on this device.
    pub token: String,
    /// The user's id at the help desk.
    pub user: i64,
    /// The user's organization at the help desk.
    pub organization: Option<i64>,
    /// Whether the help desk shows this user all tickets of the organization, as an administrator sees them.
    pub sees_all: bool,
}

/// A push service: FCM, APNs, or what a company has in front of them.
#[async_trait]
pub trait Push: Send + Sync + 'static {
    /// Sends a device the number of a ticket, as text under [`KEY`]. Quick: a real one puts the message into a queue, because
    /// the help desk waits for the answer.
    async fn send(&self, device: &str, ticket: i64);
}

/// What the webhook says. A trigger fills placeholders into texts, so every value is one.
#[derive(Debug, Deserialize)]
struct TicketChanged {
    event: String,
    ticket_id: String,
    requester_id: String,
    #[serde(default)]
    cc_ids: String,
    #[serde(default)]
    organization_id: String,
    #[serde(default)]
    shared: String,
}

impl Device {
    /// Whether the change concerns this device's user: the requester, a user in CC, or a colleague who sees the ticket.
    fn is_concerned(&self, change: &TicketChanged) -> bool {
        let is = |id: &str| id.parse() == Ok(self.user);
        let is_colleague = self.organization.is_some_and(|own| change.organization_id.parse() == Ok(own));
        is(&change.requester_id)
            || change.cc_ids.split_whitespace().any(is)
            || is_colleague && (self.sees_all || change.shared == "true")
    }
}

/// Turns the requests of a help desk's webhook into push messages.
pub struct Receiver<P> {
    /// The signing secret that the help desk shows for the webhook.
    secret: String,
    push: P,
    /// A backend keeps these in its database.
    devices: Mutex<Vec<Device>>,
    /// What came lately, oldest first. A backend of several processes keeps it where all of them see it.
    seen: Mutex<VecDeque<String>>,
    /// The devices that have a message to get, with the ticket. Like `seen`.
    waiting: Mutex<RateLimiter<(String, i64)>>,
}

impl<P: Push> Receiver<P> {
    /// A receiver without devices, which sends so many messages a minute. `docs/push.md` says how many a help desk bears.
    pub fn new(secret: impl Into<String>, push: P, messages_per_minute: u32) -> Self {
        let waiting = Mutex::new(RateLimiter::per_minute(messages_per_minute));
        Self { secret: secret.into(), push, devices: Mutex::default(), seen: Mutex::default(), waiting }
    }

    /// The app has registered a device, for the user who has signed in to it.
    pub fn register(&self, device: Device) {
        let mut devices = self.devices.lock().unwrap_or_else(PoisonError::into_inner);
        // A device has one user. Whoever used it before gets no messages there any more.
        devices.retain(|known| known.token != device.token);
        devices.push(device);
    }

    /// The route of the webhook. Use it with TLS, and take no large bodies (axum's own limit is 2 MB).
    pub fn routes(self: &Arc<Self>) -> Router {
        let receiver = Arc::clone(self);
        let receive =
            |headers: HeaderMap, body: Bytes| async move { receiver.receive(&headers, &body, Timestamp::now()).await };
        Router::new().route("/help-desk", post(receive))
    }

    /// Takes a request that arrived `now`, and returns the status of its answer. Whatever is not the help desk's gets 401.
    /// The help desk does not send a request again after any of these answers.
    pub async fn receive(&self, headers: &HeaderMap, body: &[u8], now: Timestamp) -> StatusCode {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let (Some(signature), Some(signed_at), Some(event)) = (
            header("x-zendesk-webhook-signature"),
            header("x-zendesk-webhook-signature-timestamp"),
            header("x-zendesk-webhook-invocation-id"),
        ) else {
            return StatusCode::UNAUTHORIZED;
        };
        if !self.is_genuine(signature, signed_at, body) || !is_fresh(signed_at, now) {
            return StatusCode::UNAUTHORIZED;
        }
        let Ok(change) = serde_json::from_slice::<TicketChanged>(body) else { return StatusCode::BAD_REQUEST };
        let Ok(ticket) = change.ticket_id.parse() else { return StatusCode::BAD_REQUEST };
        if change.event == "ticket_changed" && self.is_new(event) {
            self.wait(self.concerned(&change), ticket, now);
            self.send_due(now).await;
        }
        StatusCode::NO_CONTENT
    }

    /// Sends what may leave `now`. Call it every second, for what did not leave when it came.
    pub async fn send_due(&self, now: Timestamp) {
        while let Some((device, ticket)) = self.next(now) {
            self.push.send(&device, ticket).await;
        }
    }

    fn wait(&self, devices: Vec<String>, ticket: i64, now: Timestamp) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        for device in devices {
            waiting.add((device, ticket), now.duration_since(Timestamp::UNIX_EPOCH).unsigned_abs());
        }
    }

    fn next(&self, now: Timestamp) -> Option<(String, i64)> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.next(now.duration_since(Timestamp::UNIX_EPOCH).unsigned_abs())
    }

    /// Whether the help desk has signed this: `base64(HMAC-SHA256(secret, time + body))`. Compares in constant time.
    fn is_genuine(&self, signature: &str, signed_at: &str, body: &[u8]) -> bool {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.secret.as_bytes()) else { return false };
        mac.update(signed_at.as_bytes());
        mac.update(body);
        STANDARD.decode(signature).is_ok_and(|signature| mac.verify_slice(&signature).is_ok())
    }

    /// Whether the event with this id was not seen before. It is from now on.
    ///
    /// The id is not signed. Whoever could copy a request could send it again under other ids, for as long as it is fresh, and would
    /// make devices read a ticket once more. The signature says nothing about that: two changes of a ticket in one second have the
    /// same one.
    fn is_new(&self, id: &str) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.iter().any(|known| known == id) {
            return false;
        }
        if seen.len() >= REMEMBERED {
            seen.pop_front();
        }
        seen.push_back(id.to_owned());
        true
    }

    fn concerned(&self, change: &TicketChanged) -> Vec<String> {
        let devices = self.devices.lock().unwrap_or_else(PoisonError::into_inner);
        devices.iter().filter(|device| device.is_concerned(change)).map(|device| device.token.clone()).collect()
    }
}

/// Whether a request was signed lately. An older one may be a copy that somebody sends again.
fn is_fresh(signed_at: &str, now: Timestamp) -> bool {
    signed_at.parse::<Timestamp>().is_ok_and(|at| now.duration_since(at).unsigned_abs() <= LONGEST_AGE)
}
