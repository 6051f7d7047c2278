//! The environment: clock, sleep and random bytes, provided from outside.
//!
//! Core owns no clock, no timer and no random source, so that a simulation can provide them and repeat a schedule byte
//! for byte. The network is provided as [`Http`](crate::net::Http), and files as a directory.

use std::time::Duration;

use async_trait::async_trait;
use uuid::Uuid;

use crate::model::{Chance, Timestamp};

/// Clock, sleep and random bytes of a device. The methods are called often and from any thread, and must not block.
#[async_trait]
pub trait Environment: Send + Sync {
    /// The time of the device's wall clock. It may be wrong and may jump. If the server's answers tell the time, only
    /// waits and displayed times depend on this clock.
    fn now(&self) -> Timestamp;

    /// Completes after `length` of real or virtual time.
    async fn sleep(&self, length: Duration);

    /// 16 random bytes.
    fn random(&self) -> [u8; 16];

    /// What makes the next wait differ from that of other devices, made from [`random`](Self::random).
    fn chance(&self) -> Chance {
        let [first, second, third, fourth, ..] = self.random();
        Chance(u32::from_be_bytes([first, second, third, fourth]))
    }

    /// A new random identifier (UUID version 4), made from [`random`](Self::random).
    fn new_id(&self) -> Uuid {
        uuid::Builder::from_random_bytes(self.random()).into_uuid()
    }
}
