//! Marking tickets as read and unread in a schedule.

use super::generated::pass;
use super::{Event, Schedule, UserAction};
use crate::server::{Fault, FaultScope, InjectedFault, ServerAction};
use crate::world::Chance;

impl Schedule {
    /// Lets the user mark tickets as unread, read, and all as read, with answers before and faults in between.
    pub(super) fn add_marks(&mut self, chance: &mut Chance) {
        self.marks = true;
        self.tickets = self.tickets.max(4);
        for _ in 0..=chance.below(3) {
            let ticket = chance.small(4);
            let acts = match chance.below(5) {
                0 | 1 => reminded(ticket, chance),
                2 | 3 => read(ticket, chance),
                _ => all_before_a_reply(chance),
            };
            self.add_acts(acts, chance);
        }
    }
}

/// Agents answer, and the answers reach the device. The ticket with the last answer is the first in the history.
fn answered(tickets: &[u8]) -> Vec<Event> {
    let mut acts = vec![Event::User(UserAction::Online(true)), Event::Pass(3_000)];
    for ticket in tickets {
        acts.push(Event::Server(ServerAction::Answer { ticket: *ticket, waits: false }));
        acts.push(Event::Pass(1_100));
    }
    acts.extend([Event::User(UserAction::Sync), Event::Pass(8_000)]);
    acts
}

/// A reminder, and what may end it: a colleague reads the thread, and the ticket is read again.
fn reminded(ticket: u8, chance: &mut Chance) -> Vec<Event> {
    let mut acts = answered(&[ticket]);
    let mark = UserAction::MarkUnread(chance.small(2));
    acts.extend([Event::User(mark), Event::Pass(500), Event::Server(ServerAction::Seen(ticket))]);
    for place in 0..2 {
        acts.extend([Event::User(UserAction::Push(place)), Event::Pass(3_000)]);
    }
    if chance.one_in(3) {
        acts.push(Event::User(UserAction::MarkRead(0)));
    }
    acts
}

/// A read mark, perhaps with a fault, and perhaps another one while it waits or is under way.
fn read(ticket: u8, chance: &mut Chance) -> Vec<Event> {
    let mut acts = answered(&[ticket]);
    let faults = [Fault::Late, Fault::CutAfter, Fault::CutBefore, Fault::Failing, Fault::TooMany, Fault::NotSent];
    for _ in 0..=chance.below(2) {
        if chance.one_in(2) {
            let fault = InjectedFault { fault: chance.pick(&faults), on: FaultScope::Writes, times: 1 };
            acts.push(Event::Fault(fault));
        }
        let place = chance.small(2);
        let mark = [UserAction::Open(place), UserAction::MarkRead(place), UserAction::MarkAllRead];
        acts.extend([Event::User(chance.pick(&mark)), pass(chance), Event::User(UserAction::Leave)]);
        acts.extend(answered(&[ticket]));
    }
    acts.push(Event::User(UserAction::MarkAllRead));
    acts
}

/// Many read marks wait, and the user writes something when they begin to go.
fn all_before_a_reply(chance: &mut Chance) -> Vec<Event> {
    let mut acts = answered(&[0, 1, 2, 3]);
    acts.extend([UserAction::Online(false), UserAction::MarkAllRead, UserAction::Online(true)].map(Event::User));
    acts.push(Event::Pass(chance.pick(&[20, 60, 120, 250])));
    acts.push(Event::Prompt { ticket: chance.small(3), text: chance.small(3) });
    acts
}
