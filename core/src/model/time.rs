//! Points in time, in whole milliseconds, and what makes waits differ.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A point in time, in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The time of an RFC 3339 text, such as `2026-03-05T12:00:00Z`. `None` for any other text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.parse::<jiff::Timestamp>().ok().map(|moment| Self(moment.as_millisecond()))
    }

    /// This time plus `length`. Saturates at the largest value instead of wrapping.
    #[must_use]
    pub fn plus(self, length: Duration) -> Self {
        Self(self.0.saturating_add(millis(length)))
    }

    /// This time minus `length`. Saturates at the smallest value instead of wrapping.
    #[must_use]
    pub fn minus(self, length: Duration) -> Self {
        Self(self.0.saturating_sub(millis(length)))
    }
}

/// `length` in whole milliseconds, as SQLite stores it. Saturates if it is too long.
#[must_use]
pub fn millis(length: Duration) -> i64 {
    i64::try_from(length.as_millis()).unwrap_or(i64::MAX)
}

/// What makes a wait differ from that of other devices: a random part of a whole. Devices that were cut off together
/// must not return together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Chance(pub u32);

impl Chance {
    /// Picks nothing of a wait.
    pub const NONE: Self = Self(0);
    /// Picks half of a wait.
    pub const HALF: Self = Self(1 << 31);
    /// Picks all of a wait.
    pub const MOST: Self = Self(u32::MAX);

    /// The part of `length` that this picks, in whole milliseconds.
    #[must_use]
    pub fn of(self, length: Duration) -> Duration {
        let millis = length.as_millis() * u128::from(self.0) / u128::from(u32::MAX);
        Duration::from_millis(u64::try_from(millis).unwrap_or(u64::MAX))
    }
}
