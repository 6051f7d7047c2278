//! Feedback, toggles and closing in a schedule.

use super::generated::device_event;
use super::{Event, Schedule, UserAction};
use crate::server::{Fault, FaultScope, InjectedFault, ServerAction};
use crate::world::Chance;

impl Schedule {
    /// Lets the user give feedback, turn a toggle on and off, and write after closing, with faults in between.
    pub(super) fn add_extras(&mut self, chance: &mut Chance) {
        self.extras = true;
        for _ in 0..=chance.below(4) {
            let ticket = chance.small(3);
            let user = Event::User;
            let faults = [Fault::Late, Fault::Late, Fault::CutAfter, Fault::CutBefore, Fault::FailingAfter];
            let fault = |chance: &mut Chance| {
                Event::Fault(InjectedFault { fault: chance.pick(&faults), on: FaultScope::Writes, times: 1 })
            };
            let pass = |chance: &mut Chance| Event::Pass(chance.pick(&[100, 800, 3_000, 12_000, 70_000]));
            let mut acts = vec![user(UserAction::Open(ticket)), user(UserAction::Sync), Event::Pass(2_000)];
            match chance.below(3) {
                0 => {
                    for _ in 0..2 + chance.below(4) {
                        if chance.one_in(2) {
                            acts.push(fault(chance));
                        }
                        acts.push(user(UserAction::Toggle { ticket, on: chance.one_in(2) }));
                        acts.push(pass(chance));
                    }
                }
                1 => {
                    acts.push(Event::Server(ServerAction::Solve(ticket)));
                    acts.extend([user(UserAction::Open(ticket)), user(UserAction::Sync), Event::Pass(4_000)]);
                    acts.push(fault(chance));
                    acts.push(user(UserAction::Feedback { ticket, good: chance.one_in(2) }));
                    acts.push(pass(chance));
                    acts.push(user(UserAction::Feedback { ticket, good: chance.one_in(2) }));
                }
                _ => {
                    acts.push(Event::Server(ServerAction::Answer { ticket, waits: true }));
                    acts.extend([user(UserAction::Sync), Event::Pass(2_000), fault(chance)]);
                    acts.push(user(UserAction::Solve(ticket)));
                    acts.push(pass(chance));
                    acts.push(user(UserAction::Reply { ticket, text: 3 + chance.small(3), taps: 1 }));
                }
            }
            acts.push(pass(chance));
            if chance.one_in(6) {
                acts.insert(acts.len() / 2, Event::Device(device_event(chance)));
            }
            let place = usize::try_from(chance.below(self.events.len() as u64 + 1)).unwrap_or_default();
            self.events.splice(place..place, acts);
        }
    }
}
