//! Shrinks a failing schedule to what it needs to fail in the same way.

use std::path::Path;

use crate::run::run;
use crate::schedule::{Event, Schedule};

/// The most runs. The schedule is small enough by then.
const MAX_RUNS: u32 = 1_500;

/// Returns the smallest schedule found that fails with the same [kind](crate::Violation::kind).
#[must_use]
pub fn shrink(failing: &Schedule, kind: &str, folder: &Path) -> Schedule {
    let mut runs = 0;
    let mut fails = |schedule: &Schedule| {
        runs += 1;
        runs <= MAX_RUNS && run(schedule, folder, false).violation.is_some_and(|violation| violation.kind() == kind)
    };
    let mut best = failing.clone();
    loop {
        let before = best.clone();
        remove_events(&mut best, &mut fails);
        simplify(&mut best, &mut fails);
        if best == before {
            return best;
        }
    }
}

/// Removes events: in halves, in quarters, and finally one by one.
fn remove_events(best: &mut Schedule, fails: &mut impl FnMut(&Schedule) -> bool) {
    let mut size = best.events.len().div_ceil(2).max(1);
    loop {
        let mut start = 0;
        while start < best.events.len() {
            let mut shorter = best.clone();
            shorter.events.drain(start..(start + size).min(best.events.len()));
            if fails(&shorter) {
                *best = shorter;
            } else {
                start += size;
            }
        }
        if size == 1 {
            return;
        }
        size /= 2;
    }
}

/// Simplifies the rest: a simplify server, fewer tickets, joined waits.
fn simplify(best: &mut Schedule, fails: &mut impl FnMut(&Schedule) -> bool) {
    let simplifications: [fn(&mut Schedule); 11] = [
        |schedule| schedule.tickets = 0,
        |schedule| schedule.tickets = schedule.tickets.saturating_sub(1),
        |schedule| schedule.off_by = 0,
        |schedule| schedule.page_size = 100,
        |schedule| schedule.reconciliation = (86_400, 20),
        |schedule| schedule.reference = true,
        |schedule| schedule.traits.organization_refused = false,
        |schedule| schedule.traits.notes_leak = false,
        |schedule| schedule.traits.rewrites = false,
        |schedule| schedule.traits.organization = false,
        |schedule| schedule.traits.tells_time = true,
    ];
    let mut attempt = |best: &mut Schedule, candidate: Schedule| {
        if candidate != *best && fails(&candidate) {
            *best = candidate;
        }
    };
    for simplification in simplifications {
        let mut candidate = best.clone();
        simplification(&mut candidate);
        attempt(best, candidate);
    }
    for index in 0..best.events.len() {
        if let Event::Mood { mood, variant, length } = best.events[index]
            && length > 0
        {
            let mut candidate = best.clone();
            candidate.events[index] = Event::Mood { mood, variant, length: 0 };
            attempt(best, candidate);
        }
        if let Event::Fault(fault) = best.events[index]
            && fault.times > 1
        {
            let mut candidate = best.clone();
            candidate.events[index] = Event::Fault(crate::server::InjectedFault { times: 1, ..fault });
            attempt(best, candidate);
        }
        if let (Event::Pass(a), Some(Event::Pass(b))) = (best.events[index], best.events.get(index + 1).copied()) {
            let mut candidate = best.clone();
            candidate.events[index] = Event::Pass(a + b);
            candidate.events.remove(index + 1);
            attempt(best, candidate);
            return;
        }
    }
}
