//! Feedback, toggles, closing and lost roles in a schedule.

use super::generated::pass;
use super::{Event, Schedule, UserAction};
use crate::server::{Fault, FaultScope, InjectedFault, ServerAction};
use crate::world::Chance;

impl Schedule {
    /// Lets the user give feedback, turn a toggle on and off, write after closing, or lose the role, with faults in between.
    pub(super) fn add_extras(&mut self, chance: &mut Chance) {
        self.extras = true;
        for _ in 0..=chance.below(4) {
            let ticket = chance.small(3);
            let mut acts = opened(ticket).to_vec();
            acts.extend(match chance.below(7) {
                0..=2 => toggled(ticket, chance),
                3 => rated(ticket, chance),
                4 | 5 => closed(ticket, chance),
                _ => demoted(ticket, chance),
            });
            self.add_acts(acts, chance);
        }
    }
}

fn late() -> Event {
    Event::Fault(InjectedFault { fault: Fault::Late, on: FaultScope::Writes, times: 1 })
}

fn fault(chance: &mut Chance) -> Event {
    let faults = [Fault::Late, Fault::Late, Fault::CutAfter, Fault::CutBefore, Fault::FailingAfter];
    Event::Fault(InjectedFault { fault: chance.pick(&faults), on: FaultScope::Writes, times: 1 })
}

/// The ticket comes on screen, and its extras are read, whatever the schedule has done to the network. Only a ticket that was
/// read before can be opened.
fn opened(ticket: u8) -> [Event; 4] {
    let user = Event::User;
    [user(UserAction::Online(true)), Event::Pass(3_000), user(UserAction::Open(ticket)), Event::Pass(2_000)]
}

/// Values that follow each other. An attempt whose outcome is lost is followed by the other value before it can have been
/// applied late.
fn toggled(ticket: u8, chance: &mut Chance) -> Vec<Event> {
    let mut acts = Vec::new();
    let mut on = chance.one_in(2);
    for _ in 0..2 + chance.below(4) {
        let is_lost = chance.one_in(2);
        if is_lost {
            // Only what is applied late can arrive after the next value.
            let fault = if chance.one_in(3) { fault(chance) } else { late() };
            acts.push(fault);
        }
        acts.push(Event::User(UserAction::Toggle { ticket, on }));
        acts.push(if is_lost { Event::Pass(chance.pick(&[100, 800, 3_000])) } else { pass(chance) });
        on = if is_lost { !on } else { chance.one_in(2) };
    }
    acts
}

fn rated(ticket: u8, chance: &mut Chance) -> Vec<Event> {
    let solved = [Event::Server(ServerAction::Solve(ticket))];
    let mut acts: Vec<_> =
        solved.into_iter().chain(opened(ticket)).chain([Event::Pass(2_000), fault(chance)]).collect();
    for _ in 0..2 {
        acts.push(Event::User(UserAction::Feedback { ticket, good: chance.one_in(2) }));
        acts.push(pass(chance));
    }
    acts
}

fn closed(ticket: u8, chance: &mut Chance) -> Vec<Event> {
    vec![
        Event::Server(ServerAction::Answer { ticket, waits: true }),
        Event::User(UserAction::Sync),
        Event::Pass(2_000),
        fault(chance),
        Event::User(UserAction::Solve(ticket)),
        pass(chance),
        Event::User(UserAction::Reply { ticket, text: 3 + chance.small(3), taps: 1 }),
    ]
}

/// The user loses the role for an action that waits to be sent, or whose outcome is not known.
fn demoted(ticket: u8, chance: &mut Chance) -> Vec<Event> {
    let (before, action) = match chance.below(3) {
        0 => (ServerAction::Answer { ticket, waits: true }, UserAction::Toggle { ticket, on: chance.one_in(2) }),
        1 => (ServerAction::Answer { ticket, waits: true }, UserAction::Solve(ticket)),
        _ => (ServerAction::Solve(ticket), UserAction::Feedback { ticket, good: chance.one_in(2) }),
    };
    let mut acts = vec![Event::Server(before)];
    acts.extend(opened(ticket));
    acts.push(Event::Pass(2_000));
    acts.push(if chance.one_in(3) { fault(chance) } else { Event::User(UserAction::Online(false)) });
    acts.push(Event::User(action));
    acts.push(Event::Pass(chance.pick(&[100, 800, 3_000])));
    acts.push(Event::Server(ServerAction::Demote(ticket)));
    acts.push(Event::User(UserAction::Online(true)));
    acts
}
