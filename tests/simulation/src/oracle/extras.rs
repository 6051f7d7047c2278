//! What has to hold of feedback, toggles and closing, when everything has come to rest.
//!
//! * An installation gives feedback about a ticket at most once.
//! * Of the values of a toggle, the one that an installation applies last is the one that the user chose last there, unless
//!   the server has that value from another installation. Only what needs the user may be missing.
//! * A ticket is not closed after something that the user wrote after pressing close. What the user wrote is told from what
//!   stands in the ticket already by its text, so only texts that are new there count.
//! * Nothing of this is lost silently, also if the user has lost the role for it meanwhile: the server has it, or it is
//!   shown with a reason at the ticket, which says that it needs the user.

use std::collections::{BTreeMap, BTreeSet};

use pocketdesk::Client;
use pocketdesk::model::{ChangeKind, PendingChange, TicketId};

use super::Oracle;
use super::end::is_with_user;
use crate::Violation;
use crate::server::State;

/// What the user did beside writing, on this installation.
#[derive(Debug, Clone, Default)]
pub(crate) struct ExtraActs {
    /// The value that the user chose last, by ticket.
    pub toggled: BTreeMap<TicketId, bool>,
    /// The last time that the user closed a ticket: how many messages were written before.
    pub closed: BTreeMap<TicketId, usize>,
    /// The tickets about which feedback was given.
    pub given: BTreeSet<TicketId>,
    /// How often the user pressed something of this kind, on any installation.
    pub presses: u64,
}

impl Oracle {
    pub(super) fn check_extras(&self, app: &Client, server: &State, installation: u32) -> Result<(), Violation> {
        for (ticket, ratings) in &server.extras().ratings {
            let by: BTreeSet<u32> = ratings.iter().map(|rating| rating.installation).collect();
            if by.len() < ratings.len() {
                return Err(Violation::new(format!("#{ticket} got feedback {} times", ratings.len())));
            }
        }
        let acted = self.extras.closed.keys().map(|ticket| (ticket, ChangeKind::Solve));
        for (ticket, kind) in acted.chain(self.extras.given.iter().map(|ticket| (ticket, ChangeKind::Feedback))) {
            let Ok(head) = app.ticket(*ticket) else { continue };
            let Some(number) = head.row.number.filter(|number| head.row.visible && !server.was_hidden(number.0)) else {
                continue;
            };
            // A close waits behind a message that needs the user; feedback waits behind nothing.
            let may_wait = |change: &PendingChange| kind == ChangeKind::Solve || is_with_user(&change.delivery);
            let is_told =
                head.row.needs_user && head.changes.iter().any(|change| change.kind == kind && may_wait(change));
            let is_there = match kind {
                ChangeKind::Solve => server.was_solved(number.0),
                _ => server.extras().ratings.contains_key(&number.0),
            };
            if !is_told && !is_there {
                return Err(Violation::new(format!("{kind:?} of #{number} is lost: {:?}", head.changes)));
            }
        }
        for (ticket, last) in &self.extras.toggled {
            let Ok(head) = app.ticket(*ticket) else { continue };
            let Some(number) = head.row.number.filter(|_| head.row.visible) else { continue };
            let mut changes = head.changes.iter().filter(|change| change.kind == ChangeKind::Toggle);
            if changes.clone().any(|change| is_with_user(&change.delivery)) || server.was_hidden(number.0) {
                continue;
            }
            if let Some(waiting) = changes.next() {
                return Err(Violation::new(format!("a toggle of #{number} still waits: {:?}", waiting.delivery)));
            }
            let applied = server.extras().toggles.get(&number.0).map_or(&[][..], Vec::as_slice);
            let ours = applied.iter().rfind(|applied| applied.installation == installation);
            // If the server has the value from another installation, this one need not write it again.
            let has_it = [ours, applied.last()].into_iter().flatten().any(|applied| applied.value == *last);
            if !has_it {
                return Err(Violation::new(format!("the user's last value {last} of #{number} did not arrive last")));
            }
        }
        for (ticket, before) in &self.extras.closed {
            let number = app.ticket(*ticket).ok().and_then(|head| head.row.number);
            let Some(order) = number.and_then(|number| server.extras().order.get(&number.0)) else { continue };
            let of_ticket = |from: &[super::Written]| -> Vec<String> {
                let own = from.iter().filter(|written| written.ticket == *ticket);
                own.map(|written| written.text.clone()).collect()
            };
            let earlier = of_ticket(&self.writes[..(*before).min(self.writes.len())]);
            let later = of_ticket(&self.writes[(*before).min(self.writes.len())..]);
            let is_later = |text: &String| later.contains(text) && !earlier.contains(text);
            let behind = self.left_behind.iter().map(|left| &left.text).collect::<BTreeSet<_>>();
            let first = order.iter().position(|applied| {
                applied.installation == installation
                    && applied.value.as_ref().is_some_and(|text| is_later(text) && !behind.contains(text))
            });
            let closed_after = first.is_some_and(|first| {
                order[first..].iter().any(|applied| applied.installation == installation && applied.value.is_none())
            });
            if closed_after {
                return Err(Violation::new("a ticket was closed after the user wrote again"));
            }
        }
        Ok(())
    }
}
