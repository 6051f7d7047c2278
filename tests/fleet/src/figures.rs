//! What a scenario measures.

use std::time::Duration;

use crate::account::Minute;
use crate::phone::Change;

/// The measured values of one scenario.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    /// What is measured begins at this moment, in milliseconds.
    pub from: u64,
    /// The time of the event that is handled.
    pub now: u64,
    /// How many devices have read the history since the beginning.
    pub readers: usize,
    ages: Vec<u64>,
    closed_ages: Vec<u64>,
    writes: Vec<u64>,
    /// The numbers of what arrived, in the order of arrival.
    arrived: Vec<u32>,
    written: u32,
}

impl Figures {
    /// A change is on the device `at` this moment, in milliseconds.
    pub fn shown(&mut self, change: Change, at: u64) {
        if self.now >= self.from {
            let ages = if change.is_answer { &mut self.ages } else { &mut self.closed_ages };
            ages.push(at.saturating_sub(change.at));
        }
    }

    /// Something was written. Returns its number.
    pub fn wrote(&mut self) -> u32 {
        self.written += 1;
        self.written
    }

    /// What was written has arrived, so long after it was written.
    pub fn arrived(&mut self, number: u32, wait: u64) {
        self.arrived.push(number);
        if self.now >= self.from {
            self.writes.push(wait);
        }
    }

    /// How many answers were shown.
    #[must_use]
    pub fn answers(&self) -> usize {
        self.ages.len()
    }

    /// How many writes never arrived. A phone of the model sends nothing twice; that the real outbox does not either is what
    /// the simulation of the whole client shows.
    #[must_use]
    pub fn lost(&self) -> usize {
        let mut numbers = self.arrived.clone();
        numbers.sort_unstable();
        numbers.dedup();
        self.written as usize - numbers.len()
    }

    /// How many writes have arrived.
    #[must_use]
    pub fn arrived_writes(&self) -> usize {
        self.arrived.len()
    }

    /// The age of an answer when it is shown: the median, and the value that 99 of 100 do not exceed.
    #[must_use]
    pub fn age(&self) -> (Duration, Duration) {
        quantiles(&self.ages)
    }

    /// The age of a closed ticket when it is shown: the median, and the value that 99 of 100 do not exceed.
    #[must_use]
    pub fn closed_age(&self) -> (Duration, Duration) {
        quantiles(&self.closed_ages)
    }

    /// How long a write takes to arrive: the median, and the value that 99 of 100 do not exceed.
    #[must_use]
    pub fn write(&self) -> (Duration, Duration) {
        quantiles(&self.writes)
    }
}

fn quantiles(values: &[u64]) -> (Duration, Duration) {
    let mut values = values.to_vec();
    values.sort_unstable();
    let at = |hundredth: usize| {
        let index = (values.len() * hundredth / 100).min(values.len().saturating_sub(1));
        Duration::from_millis(values.get(index).copied().unwrap_or_default())
    };
    (at(50), at(99))
}

/// Requests a minute in all of `minutes`, rounded.
#[must_use]
pub fn mean_requests(minutes: &[Minute]) -> u32 {
    let asked: u64 = minutes.iter().map(|minute| u64::from(minute.asked())).sum();
    u32::try_from(asked / (minutes.len() as u64).max(1)).unwrap_or(u32::MAX)
}

/// How many of 10,000 requests of `minutes` were refused.
#[must_use]
pub fn refused(minutes: &[Minute]) -> u32 {
    let sum = |count: fn(&Minute) -> u32| minutes.iter().map(|minute| u64::from(count(minute))).sum::<u64>();
    let asked = sum(|minute| minute.answered + minute.refused).max(1);
    u32::try_from(sum(|minute| minute.refused) * 10_000 / asked).unwrap_or(u32::MAX)
}

/// The longest run of minutes in which more than `limit` requests were made.
#[must_use]
pub fn longest_above(minutes: &[Minute], limit: u32) -> usize {
    let runs = minutes.split(|minute| minute.asked() <= limit);
    runs.map(<[Minute]>::len).max().unwrap_or_default()
}

/// A time as the table has it.
#[must_use]
pub fn rounded(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds < 120.0 { format!("{seconds:.1} s") } else { format!("{:.0} min", seconds / 60.0) }
}
