//! What a user may expect while the server is in a [mood](crate::server::Mood), when everything else has come to rest.
//!
//! * Nothing that the user wrote is dropped silently.
//! * One odd row and one failing thread cost themselves: every other ticket is in the history as the server shows it,
//!   with its whole thread, and every other message has left.
//! * Every refusal has an end: a message that the server does not take needs the user after a few attempts, and a file at
//!   the first. If the server said why, the user reads it.
//! * If the server refuses everything, a problem is shown, and nothing is removed.
//! * Nothing repeats without a pause: while nothing happens, there are few requests.

use std::collections::BTreeSet;

use pocketdesk::Client;
use pocketdesk::model::{Delivery, Message, Reason, ReasonKind, TicketId};

use super::shown::{rows, same_ticket};
use super::{Oracle, Written};
use crate::Violation;
use crate::server::{ADA, ModelServer, Mood, Origin, State, WORDS};

/// After this many attempts that the server answered with something that no client understands, a message needs the
/// user.
const MAX_NOT_UNDERSTOOD: u64 = 3;

impl Oracle {
    /// Checks what has to hold in the present moods.
    pub fn check_in_a_mood(&self, app: &Client, server: &ModelServer) -> Result<(), Violation> {
        let server = server.state();
        let moods = server.moods();
        self.nothing_is_dropped_silently(app, &server)?;
        if moods.is_on(Mood::AllRefused) || moods.is_on(Mood::WebPages) {
            let problem = app.state().map_err(|error| Violation::new(format!("no state: {error:?}")))?.problem;
            return if problem.is_some() {
                Ok(())
            } else {
                Err(Violation::new("the server refuses everything, and the user is not told"))
            };
        }
        Self::the_others_are_read(app, &server)?;
        let excepted = self.troubled(&server);
        self.nothing_waits_without_reason(app, &excepted)
    }

    /// Checks that tickets and threads without an odd row are as the server shows them.
    fn the_others_are_read(app: &Client, server: &State) -> Result<(), Violation> {
        let rows = rows(app)?;
        // A row that could not be read while its list was is missing until the next full reconciliation.
        for ticket in server.tickets().filter(|ticket| server.shows(ticket) && !server.hid_row(ticket.id)) {
            let row = rows.iter().find(|row| row.visible && row.number.is_some_and(|number| number.0 == ticket.id));
            let Some(row) = row else {
                return Err(Violation::new(format!("the history misses #{}, which the server shows well", ticket.id)));
            };
            // While pages lead in a circle, a comment that is missing from them is not taken for hidden.
            let may_miss = server.moods().is_on(Mood::Circles) && ticket.public().count() < ticket.comments.len();
            if !server.thread_fails(ticket.id) && !server.was_odd(ticket.id) && !may_miss {
                same_ticket(app, row, server)?;
            }
        }
        Ok(())
    }

    /// The tickets in which a message may wait for the end of a mood.
    fn troubled(&self, server: &State) -> BTreeSet<TicketId> {
        let moods = server.moods();
        let troubled = |written: &&Written| match written.number {
            Some(number) => {
                server.thread_fails(number)
                    || server.is_odd(number)
                    // Nobody knows what is outside a circle, so nothing proves that an attempt did not arrive.
                    || moods.is_on(Mood::Circles) && written.delivery == Delivery::Checking
                    || server.ticket(number).is_some_and(|ticket| !server.shows(ticket))
            }
            // It cannot be found among rows of which some are left out.
            None => moods.is_on(Mood::OddRows),
        };
        self.writes.iter().filter(troubled).map(|written| written.ticket).collect()
    }

    /// Checks that nothing was sent again and again that the server does not take. `ends` is how often the process
    /// ended or was suspended, each time perhaps between an answer and its commit.
    pub(super) fn refusals_end(&self, server: &State, ends: u64) -> Result<(), Violation> {
        let log = server.log();
        let rounds = |text: &String| self.wanted.get(text).copied().unwrap_or_default() + ends;
        for ((_, text), times) in &log.refused_alone {
            let allowed = MAX_NOT_UNDERSTOOD * rounds(text);
            if *times > allowed && !text.is_empty() {
                return Err(Violation::new(format!("{text:?} was refused {times} times without a word to the user")));
            }
        }
        for ((_, text), times) in &log.refused_with_words {
            if *times > rounds(text) && !text.is_empty() {
                return Err(Violation::new(format!("{text:?} was refused {times} times, and the user did not know")));
            }
        }
        for (bytes, times) in &log.files_refused {
            let wanted = self.writes.iter().map(|written| (&written.text, &written.files));
            let wanted = wanted.chain(self.left_behind.iter().map(|left| (&left.text, &left.files)));
            let wanted = wanted.chain(self.attached.iter().map(|(text, files)| (text, files)));
            let wanted = wanted.filter(|(_, files)| files.iter().any(|file| file.bytes() == *bytes));
            let allowed: u64 = wanted.map(|(text, _)| rounds(text)).sum();
            if *times > allowed {
                return Err(Violation::new(format!("a file was refused {times} times, {allowed} had a reason")));
            }
        }
        Ok(())
    }
}

/// Whether a refusal is explained by a mood.
pub(super) fn explains_refusal(reason: &Reason, written: &Written, server: &State) -> bool {
    let log = server.log();
    let times = |counts: &std::collections::BTreeMap<(u32, String), u64>| -> u64 {
        counts.iter().filter(|((_, text), _)| *text == written.text).map(|(_, times)| times).sum()
    };
    match reason.kind {
        ReasonKind::Refused | ReasonKind::NotAllowed => {
            let with_words = times(&log.refused_with_words) > 0;
            with_words
                || times(&log.not_understood) >= MAX_NOT_UNDERSTOOD
                || written.files.iter().any(|file| {
                    log.files_not_understood.get(&file.bytes()).is_some_and(|times| *times >= MAX_NOT_UNDERSTOOD)
                })
                || !written.files.is_empty() && server.moods().was_on(Mood::UploadsExpired)
        }
        ReasonKind::AttachmentTooLarge | ReasonKind::AttachmentType => {
            written.files.iter().any(|file| log.files_refused.contains_key(&file.bytes()))
        }
        _ => false,
    }
}

/// Checks that the user reads the server's words, if the server refused a message with some, and did so once.
pub(super) fn has_words(message: &Message, written: &Written, server: &State) -> bool {
    let Delivery::NeedsUser(reason) = &message.delivery else { return true };
    let log = server.log();
    let with_words = log.refused_with_words.keys().any(|(_, text)| *text == written.text);
    let otherwise = log.server_message.len() > log.refused_with_words.len()
        || log.refused_otherwise.contains(&written.text)
        || log.not_understood.keys().any(|(_, text)| *text == written.text)
        || !written.files.is_empty()
        // What the server said about a ticket leaves with it.
        || written.number.is_some_and(|number| server.was_hidden(number));
    reason.kind != ReasonKind::Refused
        || !with_words
        || otherwise
        || reason.server_message.as_deref().is_some_and(|words| words.contains(WORDS))
}

/// Whether a comment of the same user that is not from the app may be taken for a message whose outcome is ambiguous,
/// so that the user is asked.
pub(super) fn is_unexplained(written: &Written, server: &State) -> bool {
    let Some(ticket) = written.number.and_then(|number| server.ticket(number)) else { return false };
    // What the first device wrote is from elsewhere, too, for a copy of its folder, even before the copy has sent anything.
    let elsewhere = |origin| match origin {
        Origin::App(installation) => installation < server.log().present,
        Origin::Elsewhere => true,
    };
    let comments = ticket.comments.iter().skip(1);
    comments.filter(|comment| comment.author == ADA && elsewhere(comment.origin)).count() > 0
}

/// Whether a screen shows the text that was written, perhaps as the server has changed it.
pub(super) fn reads(shown: &str, written: &Written, server: &State) -> bool {
    server.is_text(shown, &written.text)
}
