//! What the client shows, compared with what the server shows.

use pocketdesk::Client;
use pocketdesk::model::{Delivery, ServerStatus, TicketRow};
use pocketdesk::product::StatusFacts;

use super::files::{Shown, read, shown_alike, visible_content};
use crate::Violation;
use crate::server::{ADA, MARTA, State, Ticket};

/// Checks that the history has every ticket that the server shows, and that is not excepted.
pub(super) fn misses_nothing(
    rows: &[TicketRow],
    server: &State,
    excepted: impl Fn(&Ticket) -> bool,
) -> Result<(), Violation> {
    for ticket in server.tickets().filter(|ticket| server.shows(ticket) && !excepted(ticket)) {
        if !rows.iter().any(|row| row.visible && row.number.is_some_and(|number| number.0 == ticket.id)) {
            return Err(Violation::new(format!("the history misses #{}", ticket.id)));
        }
    }
    Ok(())
}

/// The whole history.
pub(super) fn rows(app: &Client) -> Result<Vec<TicketRow>, Violation> {
    let page = app.history(None, 200).map_err(|error| Violation::new(format!("no history: {error:?}")))?;
    Ok(page.tickets)
}

/// Checks that a ticket reads as the server shows it.
pub(super) fn same_ticket(app: &Client, row: &TicketRow, server: &State) -> Result<(), Violation> {
    let number = row.number.map(|number| number.0).unwrap_or_default();
    let Some(ticket) = server.ticket(number).filter(|ticket| server.shows(ticket)) else {
        return Err(Violation::new(format!("the history has #{number}, which the server does not show")));
    };
    if ticket.subject != row.subject {
        return Err(Violation::new(format!("#{number} is called {:?}", row.subject)));
    }
    let thread = app.thread(row.id, None, 200).map_err(|error| Violation::new(format!("no thread: {error:?}")))?;
    let head = app.ticket(row.id).map_err(|error| Violation::new(format!("no ticket: {error:?}")))?;
    let user_spoke_last = ticket.public().last().map(|comment| comment.author != MARTA);
    let known = user_spoke_last.filter(|_| head.thread_complete);
    let facts = StatusFacts::of(server_status(ticket.status));
    let status = |user_spoke_last| app.product().status(&StatusFacts { user_spoke_last, ..facts });
    let expected = status(known);
    // A comment may have been read without its author.
    if expected != row.status && !(server.was_odd(number) && status(None) == row.status) {
        return Err(Violation::new(format!(
            "#{number} is {:?}, should be {expected:?} ({})",
            row.status, ticket.status
        )));
    }
    // The threads of solved and closed tickets that nobody opened are read when somebody opens them.
    if !head.thread_complete && matches!(ticket.status, "solved" | "closed") {
        return Ok(());
    }
    let theirs: Vec<_> =
        ticket.public().map(|comment| (comment.author == ADA, visible_content(&comment.content()))).collect();
    let sent = thread.messages.iter().filter(|message| message.delivery == Delivery::Sent);
    let ours: Vec<_> = sent.map(|message| (message.mine, read(message))).collect();
    let alike =
        |(mine, ours): &(bool, Shown), (own, theirs): &(bool, Shown)| mine == own && shown_alike(ours, theirs, server);
    let same = if server.dated_oddly(number) {
        // Odd times put messages into an odd order, and their texts may have been changed as well.
        let mut left: Vec<_> = theirs.iter().collect();
        ours.iter().all(|message| {
            let found = left.iter().position(|comment| alike(message, comment));
            found.map(|index| left.swap_remove(index)).is_some()
        })
    } else {
        ours.iter().zip(&theirs).all(|(message, comment)| alike(message, comment))
    };
    if same && ours.len() == theirs.len() {
        return Ok(());
    }
    Err(Violation::new(format!("#{number} reads {ours:?}; the server shows {theirs:?}")))
}

fn server_status(name: &str) -> ServerStatus {
    match name {
        "new" => ServerStatus::New,
        "open" => ServerStatus::Open,
        "pending" => ServerStatus::Pending,
        "hold" => ServerStatus::Hold,
        "solved" => ServerStatus::Solved,
        _ => ServerStatus::Closed,
    }
}
