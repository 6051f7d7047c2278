//! Files in a schedule.

use super::generated::device_event;
use super::{Event, Schedule, UserAction};
use crate::picked::KINDS;
use crate::server::{Fault, FaultScope, InjectedFault};
use crate::world::Chance;

impl Schedule {
    /// Attaches files before most messages. Sometimes something happens in between or to the uploads.
    pub(crate) fn attach_files(&mut self, chance: &mut Chance) {
        self.traits.upload_life = chance.pick(&[40_000, 300_000, 3_600_000]);
        self.traits.tells_expiry = !chance.one_in(3);
        let mut events = Vec::new();
        for event in self.events.drain(..) {
            let to = match event {
                Event::User(UserAction::Reply { ticket, .. } | UserAction::Draft { ticket, .. }) => Some(Some(ticket)),
                Event::User(UserAction::Submit { .. } | UserAction::TicketDraft(_)) => Some(None),
                _ => None,
            };
            let to = to.filter(|_| !chance.one_in(4));
            for _ in 0..to.map_or(0, |_| 1 + chance.below(3)) {
                let file = chance.small(KINDS);
                events.extend(to.map(|to| Event::User(UserAction::Attach { to, file })));
                if chance.one_in(12) {
                    events.extend(to.map(|to| Event::User(UserAction::Detach(to))));
                }
                if chance.one_in(8) {
                    events.push(Event::Device(device_event(chance)));
                }
            }
            if to.is_some() && chance.one_in(2) {
                let fault = chance.pick(&Fault::ALL);
                events.push(Event::Fault(InjectedFault { fault, on: FaultScope::Uploads, times: 1 + chance.small(2) }));
            }
            events.push(event);
        }
        self.events = events;
    }
}
