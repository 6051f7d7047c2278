//! The tally: how many kills there were, in which states they left the outbox, and every broken promise.

use std::collections::BTreeMap;
use std::fmt;

/// The counts of one round, or of all.
#[derive(Debug, Default)]
pub struct Tally {
    pub kills: usize,
    /// Messages that were accepted.
    pub writes: usize,
    /// Actions that were accepted, and those that the client did not offer.
    pub actions: (usize, usize),
    /// Kills before the victim reported that it was open.
    while_opening: usize,
    /// Outbox rows found at reopening, by state.
    rows: BTreeMap<String, usize>,
    /// Reopenings that found at least one row in that state; "empty" for none at all.
    reopenings: BTreeMap<String, usize>,
    /// Messages that became "may have been sent", so that the user had to decide.
    pub left_to_the_user: usize,
    pub differences: Vec<String>,
}

impl Tally {
    pub fn killed(&mut self, opened: bool) {
        self.kills += 1;
        if !opened {
            self.while_opening += 1;
        }
    }

    /// Records the outbox found at reopening, as `state=rows`.
    pub fn found(&mut self, states: &[&str]) {
        if states.is_empty() {
            *self.reopenings.entry("empty".to_owned()).or_default() += 1;
        }
        for (state, rows) in states.iter().filter_map(|state| state.split_once('=')) {
            *self.reopenings.entry(state.to_owned()).or_default() += 1;
            *self.rows.entry(state.to_owned()).or_default() += rows.parse::<usize>().unwrap_or_default();
        }
    }

    pub fn differs(&mut self, difference: String) {
        self.differences.push(difference);
    }

    pub fn add(&mut self, other: Self) {
        self.kills += other.kills;
        self.writes += other.writes;
        self.actions = (self.actions.0 + other.actions.0, self.actions.1 + other.actions.1);
        self.while_opening += other.while_opening;
        self.left_to_the_user += other.left_to_the_user;
        for (state, count) in other.rows {
            *self.rows.entry(state).or_default() += count;
        }
        for (state, count) in other.reopenings {
            *self.reopenings.entry(state).or_default() += count;
        }
        self.differences.extend(other.differences);
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} messages and {} actions accepted, {} actions not offered, {} kills, {} of them while opening",
            self.writes, self.actions.0, self.actions.1, self.kills, self.while_opening
        )?;
        for (state, count) in &self.reopenings {
            let rows = self.rows.get(state).copied().unwrap_or_default();
            writeln!(f, "  {state:<18} {count:>6} reopenings {rows:>6} rows")?;
        }
        write!(f, "{} times the user had to decide whether it was sent", self.left_to_the_user)
    }
}
