//! The request budget: how many requests and bytes reading threads may cost in an hour.
//!
//! The reads of the fetch queue, the pages of walks and the reads of the help centre are charged. The thread on screen,
//! the tickets of push messages and the reads after an ambiguous outcome are not. Only idle reading (threads that
//! nothing asks for) waits when the budget is used up. The hour is a start and a length by the device's clock, so a
//! clock that was set back starts a new hour. After a crash between a read and its charge, only that charge is missing.

use std::time::Duration;

use crate::model::{Timestamp, Traffic};
use crate::outbox::Wait;
use crate::product::ThreadPolicy;
use crate::store::db::statements::Cached;
use crate::store::{Priority, Store, StoreError};

/// How long one budget lasts.
const HOUR: Duration = Duration::from_hours(1);

/// The state of the budget: whether it allows one more idle read of a thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Budget {
    /// It allows another read.
    Left,
    /// It is used up. The next hour begins after this long.
    ExhaustedFor(Duration),
}

impl Store {
    /// Whether the budget allows another idle read at `now`, by the device's clock.
    pub(crate) fn budget(&self, policy: ThreadPolicy, now: Timestamp) -> Result<Budget, StoreError> {
        self.read(|db| {
            let sql = "SELECT since, requests, bytes FROM request_budget";
            let (since, requests, bytes): (i64, i64, i64) =
                db.query_row_cached(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            let left = Wait { start: Timestamp(since), length: HOUR, server_imposed: false }.left(now);
            let within = |used: i64, allowed: u64| u64::try_from(used).is_ok_and(|used| used < allowed);
            let is_none = policy.requests_per_hour == 0 || policy.bytes_per_hour == 0;
            Ok(match left {
                None if is_none => Budget::ExhaustedFor(HOUR),
                Some(left)
                    if !within(requests, policy.requests_per_hour.into()) || !within(bytes, policy.bytes_per_hour) =>
                {
                    Budget::ExhaustedFor(left)
                }
                _ => Budget::Left,
            })
        })
    }

    /// Charges what a read has cost. Starts a new hour if the last one is over.
    pub(crate) fn charge(&self, cost: Traffic, now: Timestamp) -> Result<(), StoreError> {
        self.write(Priority::Sync, |edit| {
            let since: i64 = edit.tx.query_row_cached("SELECT since FROM request_budget", [], |row| row.get(0))?;
            if (Wait { start: Timestamp(since), length: HOUR, server_imposed: false }).left(now).is_none() {
                edit.tx.execute_cached("UPDATE request_budget SET since = ?1, requests = 0, bytes = 0", [now.0])?;
            }
            let counted = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
            let sql = "UPDATE request_budget SET requests = requests + ?1, bytes = bytes + ?2";
            edit.tx.execute_cached(sql, [counted(cost.requests), counted(cost.bytes)])?;
            Ok(())
        })
    }
}
