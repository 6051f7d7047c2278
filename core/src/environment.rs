//! What comes in from outside: time, waiting and randomness.
//!
//! Core owns no clock, timer or random source, so that a simulation can own them all and replay a run byte for byte.
//! The network comes in as [`Http`](crate::remote::Http), files as a directory.

use std::time::Duration;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A moment, in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// This moment plus `length`; stays at the end of time instead of wrapping.
    #[must_use]
    pub fn plus(self, length: Duration) -> Self {
        Self(self.0.saturating_add(millis(length)))
    }

    /// This moment minus `length`; stays at the beginning of time instead of wrapping.
    #[must_use]
    pub fn minus(self, length: Duration) -> Self {
        Self(self.0.saturating_sub(millis(length)))
    }
}

/// `length` in whole milliseconds, as SQLite stores it.
#[must_use]
pub fn millis(length: Duration) -> i64 {
    i64::try_from(length.as_millis()).unwrap_or(i64::MAX)
}

/// What a device tells about time and chance. Called often, from any thread, and must not block.
#[async_trait]
pub trait Environment: Send + Sync {
    /// The device's wall clock. It may be wrong and may jump; nothing but waits and labels rests on it.
    fn now(&self) -> Timestamp;

    /// Completes after `length` of real (or virtual) time.
    async fn sleep(&self, length: Duration);

    /// 16 random bytes.
    fn random(&self) -> [u8; 16];

    /// A fresh random identifier (UUID version 4) made from [`random`](Self::random).
    fn new_id(&self) -> Uuid {
        uuid::Builder::from_random_bytes(self.random()).into_uuid()
    }
}
