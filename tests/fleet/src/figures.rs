//! What a scenario measures.

use std::time::Duration;

use crate::account::Minute;

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
    writes: Vec<u64>,
    /// The numbers of what arrived, in the order of arrival.
    arrived: Vec<u32>,
    written: u32,
}

impl Figures {
    /// An answer is on the device, so long after the agent wrote it.
    pub fn shown(&mut self, age: u64) {
        if self.now >= self.from {
            self.ages.push(age);
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

    /// How many writes never arrived, and how many arrived twice.
    #[must_use]
    pub fn lost_and_doubled(&self) -> (usize, usize) {
        let mut numbers = self.arrived.clone();
        numbers.sort_unstable();
        numbers.dedup();
        (self.written as usize - numbers.len(), self.arrived.len() - numbers.len())
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
