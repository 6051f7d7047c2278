//! Whether an update of a ticket is news: it moves the ticket up in the history, and makes it unread. New comments are news
//! of their own (see [`comments`](super::comments)).
//!
//! A change of status is news, and so is a change of the custom status alone, with some exceptions:
//!
//! * the server's own closing of a solved ticket;
//! * a change to *open* from solved, pending or on hold, because a reply of this user causes that, here or on another
//!   device;
//! * a solve that this device has attempted;
//! * a solved ticket does not become unread, although it moves up, if the user could have solved it on another device.
//!
//! The server does not say who changed a status. The second and the last exception guess: an agent who reopens or
//! solves a ticket writes why, and that comment makes it unread.

use crate::model::{PersonId, RemoteTicket, ServerStatus, TicketId};
use crate::store::db::statements::Cached;
use crate::store::{Edit, Observation, StoreError};

/// What an update of a ticket means.
pub(super) struct News {
    /// Whether it is activity in the ticket.
    pub activity: bool,
    /// Whether it makes the ticket unread.
    pub unread: bool,
}

/// Decides what `remote` means for a known ticket. `before`: the status and the custom status in the file.
pub(super) fn of(
    edit: &Edit<'_>,
    ticket: TicketId,
    remote: &RemoteTicket,
    (before, custom_before): (ServerStatus, Option<&str>),
    seen: Observation,
) -> Result<News, StoreError> {
    let is_expected = matches!(
        (before, remote.status),
        (ServerStatus::Solved, ServerStatus::Closed)
            | (ServerStatus::Solved | ServerStatus::Pending | ServerStatus::Hold, ServerStatus::Open)
    );
    // With the server's status its custom status changes as well. It counts on its own only if the status stays.
    let other_custom = custom_before.is_some() && custom_before != remote.custom_status.as_deref();
    let changed = if remote.status == before { other_custom } else { !is_expected };
    let activity = changed && !is_own_solve(edit, ticket, remote)?;
    let unread = activity
        && seen.open_thread != Some(ticket)
        && !(remote.status != before && may_have_solved(edit, ticket, remote, seen.by)?);
    Ok(News { activity, unread })
}

/// Whether this device is solving the ticket: an attempt was made, and a read shows its result before the answer arrives.
fn is_own_solve(edit: &Edit<'_>, ticket: TicketId, remote: &RemoteTicket) -> Result<bool, StoreError> {
    if remote.status != ServerStatus::Solved {
        return Ok(false);
    }
    let sql = "SELECT EXISTS (SELECT 1 FROM outbox WHERE ticket = ?1 AND (kind = 'solve' OR with_change = 'solve') AND ever_attempted)";
    Ok(edit.tx.query_row_cached(sql, [ticket.0], |row| row.get(0))?)
}

/// Whether the user may have solved the ticket on another device, because the app offered it there.
fn may_have_solved(
    edit: &Edit<'_>,
    ticket: TicketId,
    remote: &RemoteTicket,
    user: PersonId,
) -> Result<bool, StoreError> {
    if !edit.offers_solve || remote.status != ServerStatus::Solved || remote.requester != Some(user) {
        return Ok(false);
    }
    // What the server said before this update.
    Ok(edit
        .tx
        .query_row_cached("SELECT ifnull(can_solve, 1) FROM tickets WHERE id = ?1", [ticket.0], |row| row.get(0))?)
}
