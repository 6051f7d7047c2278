//! The server's clock: the machine's clock, which a test can move forward so that keys and upload tokens expire.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// The server's clock. All stored times are whole seconds since 1970, as in the service's answers.
#[derive(Debug, Default)]
pub struct Clock {
    offset_ms: AtomicI64,
}

impl Clock {
    /// Milliseconds since 1970.
    pub fn millis(&self) -> i64 {
        let machine = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(machine.as_millis()).unwrap_or(i64::MAX).saturating_add(self.offset_ms.load(Ordering::Relaxed))
    }

    /// Seconds since 1970.
    pub fn seconds(&self) -> i64 {
        self.millis().div_euclid(1000)
    }

    /// Moves the clock forward. It never goes back, except by [`reset`](Self::reset).
    pub fn advance(&self, seconds: u32) {
        self.offset_ms.fetch_add(i64::from(seconds) * 1000, Ordering::Relaxed);
    }

    /// Goes back to the machine's time.
    pub fn reset(&self) {
        self.offset_ms.store(0, Ordering::Relaxed);
    }
}

/// Formats a time as the service does: `2026-03-01T09:30:00Z`.
pub fn timestamp(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).unwrap_or(jiff::Timestamp::UNIX_EPOCH).to_string()
}

/// Parses a time in ISO 8601 with an offset into seconds since 1970.
pub fn parse_timestamp(text: &str) -> Option<i64> {
    text.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_second)
}
