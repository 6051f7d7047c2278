//! A device and an app for the targets: time stands still, random bytes are counted, and a future that waits for anything
//! but an answer is a mistake.

use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use async_trait::async_trait;
use pocketdesk::environment::Environment;
use pocketdesk::model::Timestamp;
use pocketdesk::net::{TokenFailure, Tokens};

/// 2026-03-05T12:00:00Z, on the device and on every server.
pub(crate) const NOW: Timestamp = Timestamp(1_772_712_000_000);

/// An environment whose clock stands still.
#[derive(Default)]
pub(crate) struct Device(AtomicU64);

#[async_trait]
impl Environment for Device {
    fn now(&self) -> Timestamp {
        NOW
    }

    async fn sleep(&self, _length: Duration) {
        std::future::pending::<()>().await;
    }

    fn random(&self) -> [u8; 16] {
        let number = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        u128::from(number).to_be_bytes()
    }
}

/// An app with one token.
pub(crate) struct SignedIn(pub &'static str);

#[async_trait]
impl Tokens for SignedIn {
    async fn token(&self, _refused: bool) -> Result<String, TokenFailure> {
        Ok(self.0.to_owned())
    }
}

/// Completes a future that has nothing to wait for.
pub(crate) fn complete<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it waits for something"),
    }
}
