//! What the client shows, compared with what the server shows.

use std::collections::BTreeSet;

use pocketdesk::Client;
use pocketdesk::client::HistoryRequest;
use pocketdesk::model::{Delivery, ServerStatus, TicketId, TicketRow};
use pocketdesk::product::StatusFacts;
use pocketdesk::query::HistoryFilter;
use pocketdesk::store::PageFrom;

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

/// Checks that every filter by status, and by read and unread, shows the rows of the history for which it holds, and counts them.
pub(super) fn filters_agree(app: &Client, rows: &[TicketRow]) -> Result<(), Violation> {
    let statuses = app.product().definition.statuses.iter().map(|status| status.id.clone());
    let by_status = statuses.map(|id| HistoryFilter { statuses: [id].into(), ..HistoryFilter::default() });
    let by_read = [false, true].map(|read| HistoryFilter { read: Some(read), ..HistoryFilter::default() });
    for filter in by_status.chain(by_read) {
        let holds = |row: &&TicketRow| {
            let status = row.status.id.as_ref().is_some_and(|id| filter.statuses.contains(id));
            (filter.statuses.is_empty() || status && row.visible) && filter.read.is_none_or(|read| read != row.unread)
        };
        let expected: BTreeSet<TicketId> = rows.iter().filter(holds).map(|row| row.id).collect();
        let request = HistoryRequest { filter: filter.clone(), ..HistoryRequest::default() };
        let failed = |error| Violation::new(format!("no history: {error:?}"));
        let page = app.history_page(&request, PageFrom::Top, 200).map_err(failed)?;
        let found: BTreeSet<TicketId> = page.tickets.iter().map(|row| row.id).collect();
        let total = app.history_counts(&request).map_err(failed)?.total;
        let counts = [page.total, total].map(|count| usize::try_from(count).unwrap_or_default());
        if !page.preparing && (found != expected || counts != [expected.len(); 2]) {
            let text = format!("{filter:?} shows {found:?} and counts {counts:?}, should be {expected:?}");
            return Err(Violation::new(text));
        }
    }
    Ok(())
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
