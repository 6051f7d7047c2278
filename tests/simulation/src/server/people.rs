//! What people do on the server while the client runs: agents, a colleague, and the same user on another device.
//!
//! Every comment of an agent and every ticket that is created here contains a unique marker. When the server no longer
//! shows a text, the oracle looks for its marker in the raw bytes of every file on the device, and must not find it.
//! Two texts have no marker: a redacted one, and a reply from the user's other device, which has one of the fixed texts
//! of the app's user.

use std::collections::BTreeSet;

use super::extras::Applied;
use super::state::{ADA, BEN, Comment, MARTA, Origin, Ticket, Via};
use super::{ModelServer, State, Text};

/// Something that somebody does. A ticket is given by its position from the newest, among all tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServerAction {
    /// An agent answers, and may wait for the user.
    Answer {
        /// The ticket.
        ticket: u8,
        /// Whether the status becomes "pending".
        waits: bool,
    },
    /// An agent writes a private note.
    Note(u8),
    /// An agent edits the newest answer.
    Edit(u8),
    /// An agent redacts the newest answer.
    Redact(u8),
    /// An agent makes an earlier answer private.
    Hide(u8),
    /// An agent puts the ticket on hold: `updated_at` moves without a comment.
    Hold(u8),
    /// An agent marks the ticket as solved.
    Solve(u8),
    /// The server closes the ticket.
    Close(u8),
    /// The user may no longer see it.
    Revoke(u8),
    /// The user may see it again.
    Restore(u8),
    /// The user loses the role with which they could close the ticket, rate it and set its toggle.
    Demote(u8),
    /// A colleague creates a ticket that the user sees.
    Colleague {
        /// Whether the user sees it as a CC instead of through the organisation.
        copied: bool,
    },
    /// The same user writes in the ticket on another device.
    Elsewhere {
        /// The ticket.
        ticket: u8,
        /// The index of the text.
        text: u8,
    },
    /// The same user creates a ticket on another device.
    Opened,
    /// A colleague reads the ticket to its end, which changes nothing else.
    Seen(u8),
}

impl ModelServer {
    /// Creates the tickets that exist at the start, of different ages, each with an agent's answer.
    pub fn fill(&self, count: u8) {
        let mut state = self.state();
        for index in 0..i64::from(count) {
            let at = -(index * index * 40_000_000 + 60_000);
            let subject = format!("Auszahlung fehlt – Vorgang {index} 🧾");
            let mut ticket = state.opened(Via::Own, subject, at - 60_000);
            state.answered(&mut ticket, at);
            ticket.status =
                ["open", "pending", "solved", "hold", "closed", "new"][usize::try_from(index % 6).unwrap_or(0)];
            state.tickets.put(at, ticket);
        }
    }

    /// Carries out an action. Does nothing if it is not possible.
    pub fn perform(&self, action: ServerAction) {
        let now = self.world.time();
        let mut state = self.state();
        let changed = state.perform(action, now);
        self.world.note(|| format!("{action:?}{}", changed.map_or(": nothing".to_owned(), |id| format!(": #{id}"))));
    }
}

impl State {
    fn perform(&mut self, action: ServerAction, now: i64) -> Option<i64> {
        let place = match action {
            ServerAction::Answer { ticket, .. }
            | ServerAction::Note(ticket)
            | ServerAction::Edit(ticket)
            | ServerAction::Redact(ticket)
            | ServerAction::Hide(ticket)
            | ServerAction::Hold(ticket)
            | ServerAction::Solve(ticket)
            | ServerAction::Close(ticket)
            | ServerAction::Revoke(ticket)
            | ServerAction::Restore(ticket)
            | ServerAction::Demote(ticket)
            | ServerAction::Seen(ticket)
            | ServerAction::Elsewhere { ticket, .. } => ticket,
            ServerAction::Colleague { copied } => {
                let via = if copied { Via::Copied } else { Via::Organization };
                let subject = format!("Rechnung {} für Ben", self.marker());
                let ticket = self.opened(via, subject, now);
                return Some(self.put(ticket, now));
            }
            ServerAction::Opened => {
                let subject = format!("Von unterwegs {}", self.marker());
                let ticket = self.opened(Via::Own, subject, now);
                return Some(self.put(ticket, now));
            }
        };
        let ids: Vec<i64> = self.tickets.all().map(|ticket| ticket.id).collect();
        let id = *ids.iter().rev().nth(usize::from(place) % ids.len().max(1))?;
        if let ServerAction::Seen(_) = action {
            let newest = self.tickets.get(id)?.public().last()?.id;
            self.mark_read(id, Applied { at: now, installation: 0, value: newest });
            return Some(id);
        }
        let mut ticket = Ticket::clone(self.tickets.get(id)?);
        if ticket.status == "closed" && !matches!(action, ServerAction::Revoke(_) | ServerAction::Restore(_)) {
            return None;
        }
        self.change_ticket(&mut ticket, action, now)?;
        Some(self.put(ticket, now))
    }

    fn change_ticket(&mut self, ticket: &mut Ticket, action: ServerAction, now: i64) -> Option<()> {
        let by_agent = |comment: &&mut Comment| comment.author == MARTA && comment.public;
        match action {
            ServerAction::Answer { waits, .. } => {
                self.answered(ticket, now);
                ticket.status = if waits { "pending" } else { "open" };
            }
            ServerAction::Note(_) => {
                let text = format!("Nur intern: {}", self.marker());
                let note = self.comment(MARTA, Origin::Elsewhere, Text::of(text), now);
                ticket.comments.push(Comment { public: false, ..note });
            }
            ServerAction::Edit(_) => {
                let marker = self.marker();
                let comment = ticket.comments.iter_mut().rev().find(by_agent)?;
                comment.text = Text::of(format!("Korrigiert: {marker}"));
            }
            ServerAction::Redact(_) => ticket.comments.iter_mut().rev().find(by_agent)?.text = Text::of("▇▇▇▇"),
            ServerAction::Hide(_) => ticket.comments.iter_mut().rev().skip(1).find(by_agent)?.public = false,
            ServerAction::Hold(_) => ticket.status = "hold",
            ServerAction::Solve(_) => ticket.status = "solved",
            ServerAction::Close(_) => ticket.status = "closed",
            ServerAction::Revoke(_) => ticket.visible = false,
            ServerAction::Demote(_) => ticket.demoted = true,
            ServerAction::Restore(_) if !ticket.visible => ticket.visible = true,
            ServerAction::Elsewhere { text, .. } if ticket.visible && ticket.via == Via::Own => {
                let text = self.stored(crate::user::text(text));
                ticket.comments.push(self.comment(ADA, Origin::Elsewhere, text, now));
                ticket.status = "open";
            }
            _ => return None,
        }
        ticket.updated_at = now;
        Some(())
    }

    fn put(&mut self, ticket: Ticket, now: i64) -> i64 {
        let id = ticket.id;
        self.tickets.put(now, ticket);
        id
    }

    fn opened(&mut self, via: Via, subject: String, at: i64) -> Ticket {
        let id = self.id();
        let author = if via == Via::Own { ADA } else { BEN };
        let text = format!("Guten Tag, hier ist {}.", self.marker());
        let comment = self.comment(author, Origin::Elsewhere, Text::of(text), at);
        Ticket {
            id,
            via,
            origin: Origin::Elsewhere,
            subject,
            status: "new",
            created_at: at,
            updated_at: at,
            visible: true,
            demoted: false,
            access: Some(via == Via::Organization),
            issue_type: None,
            reference: None,
            cc: Vec::new(),
            comments: vec![comment],
        }
    }

    fn answered(&mut self, ticket: &mut Ticket, at: i64) {
        let text = format!("Wir prüfen das 🙏 {}", self.marker());
        ticket.comments.push(self.comment(MARTA, Origin::Elsewhere, Text::of(text), at));
        ticket.updated_at = at;
    }

    /// A public comment without files.
    pub(super) fn comment(&mut self, author: i64, origin: Origin, text: Text, at: i64) -> Comment {
        Comment { id: self.id(), author, origin, text, at, public: true, files: Vec::new() }
    }

    pub(super) fn marker(&mut self) -> String {
        self.markers += 1;
        marker(self.markers)
    }

    /// The markers of all texts that the server does not show to Ada now.
    pub fn hidden_markers(&self) -> Vec<String> {
        let mut shown = BTreeSet::new();
        for ticket in self.tickets.all().filter(|ticket| self.shows(ticket)) {
            let bodies = ticket.public().map(|comment| comment.text.body.as_str());
            for text in bodies.chain([ticket.subject.as_str()]) {
                shown.extend(text.split([' ', '.']).filter(|word| word.starts_with("MARKE-")).map(str::to_owned));
            }
        }
        (1..=self.markers).map(marker).filter(|marker| !shown.contains(marker)).collect()
    }
}

fn marker(number: u32) -> String {
    format!("MARKE-{number:05}-ENDE")
}
