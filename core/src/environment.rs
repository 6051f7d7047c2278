//! What comes in from outside: time, waiting and randomness.
//!
//! Core owns no clock, timer or random source, so that a simulation can own them all and replay a run byte for byte.
//! The network comes in as [`Http`](crate::net::Http), files as a directory.

use std::time::Duration;

use async_trait::async_trait;
use uuid::Uuid;

use crate::model::Timestamp;

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
