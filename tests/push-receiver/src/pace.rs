//! How fast push messages leave.
//!
//! Each message makes its device ask the help desk, two or three times. One update that changes thousands of tickets would
//! so use up the help desk's rate limit within a minute, and keep users' own messages waiting. So only some messages a
//! minute are sent:
//!
//! 1. As many as in a minute leave at once. On an ordinary day nothing waits.
//! 2. Then the newest leaves first. After a mass update, an agent's answer does not wait behind thousands of closed tickets.
//! 3. What has waited for [`LONGEST_WAIT`] is dropped. Its device finds the change by asking.
//!
//! Nothing here knows the time. Whoever calls says what it is, so the simulation of a fleet runs this code in virtual time.

use std::collections::VecDeque;
use std::time::Duration;

/// How long a message may wait.
const LONGEST_WAIT: Duration = Duration::from_mins(15);
const MINUTE: Duration = Duration::from_mins(1);

/// The messages that wait, and when the next one may leave.
pub struct Pace<T> {
    most: usize,
    apart: Duration,
    /// When the next message may leave if messages left at an even pace. They may be a minute early.
    even: Duration,
    /// Oldest first, with the time at which they came.
    waiting: VecDeque<(Duration, T)>,
}

impl<T: PartialEq> Pace<T> {
    /// So many messages a minute, and at least one.
    #[must_use]
    pub fn per_minute(messages: u32) -> Self {
        let messages = messages.max(1);
        // More could not leave before they are dropped.
        let most = u64::from(messages) * LONGEST_WAIT.as_secs() / MINUTE.as_secs();
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        Self { most, apart: MINUTE / messages, even: Duration::ZERO, waiting: VecDeque::new() }
    }

    /// A message comes at `now`, the time since any moment that stays the same. If the same message waits already, it
    /// waits once, as the newer one.
    pub fn add(&mut self, message: T, now: Duration) {
        self.waiting.retain(|(_, known)| *known != message);
        self.waiting.push_back((now, message));
        if self.waiting.len() > self.most {
            self.waiting.pop_front();
        }
    }

    /// The message that leaves at `now`, if one may. Call it until it returns `None`.
    pub fn next(&mut self, now: Duration) -> Option<T> {
        while self.waiting.front().is_some_and(|(came, _)| now.saturating_sub(*came) > LONGEST_WAIT) {
            self.waiting.pop_front();
        }
        if self.even >= now + MINUTE {
            return None;
        }
        let (_, message) = self.waiting.pop_back()?;
        self.even = self.even.max(now) + self.apart;
        Some(message)
    }

    /// Whether messages wait.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
}
