//! The outbox: how something a user wrote reaches the server exactly once, and in order.
//!
//! # The story
//!
//! A write is one row here, made in the transaction that consumed the draft: a new ticket, a reply, the upload of a file,
//! more CC addresses, that the ticket is solved, or how far it was read. It waits its turn, is sent, and leaves when the server shows it:
//!
//! ```text
//!   held ──┐  ┌───────── not applied, try later (waiting) ◄──┐
//!   (undo) ▼  ▼                                              │
//!        queued ─► sending ─► sent ─► (row gone: seen in the thread)
//!           ▲         │  └──► needs the user ── retry ──► queued
//!           │         ▼ unclear        └────── edit ────► queued, with a new key
//!           │      checking ─► (row gone: it is there)
//!           │         │  └───► may have been sent ── the user says: again ──► queued
//!           └─────────┘ twice not there, the last time long after the attempt
//! ```
//!
//! * **held**: while the app is in front a message can be undone for some seconds. Leaving the app ends that at once.
//! * **queued** → **sending** is written down before the request leaves: the exact body, the idempotency key, and the
//!   *base*, the newest comment known. Every later attempt repeats body and key unchanged. In a thread that was never
//!   read, and for a ticket before the first sync, nothing is known: then the server is asked first, because what is after
//!   the base and has the same text is taken for this write.
//! * **sending** → **sent**: the server said yes. A reply's row stays until the thread shows its comment, because the
//!   answer does not name it, but it holds up nobody; a ticket's row leaves at once, because the answer has its number.
//!   A comment that a late reading does not show any more was hidden meanwhile, and its message goes.
//!   An upload's row stays, with its token, until the message that names it is at the server: a token can expire, and then
//!   the file is uploaded again.
//! * **sending** → **waiting**: certainly not applied (no connection, 429, 409). A wait is a start and a length, and over
//!   when now is before the start or behind the end, so that a clock that jumps cannot hold it for ever. A *firm* wait is
//!   the server's own wish; the others end when the network returns.
//! * **sending** → **checking**: the connection broke, or the answer made no sense. The server may have it. The thread (or
//!   the list of own tickets) is read by id, and what is there is matched by the store's one matching step. "Not there"
//!   is believed only after two reads, the last at least stale + late after the first: a read may be that stale, and a
//!   request may be applied that late. That time is taken from the server's own clock, so that no jump of the device's
//!   clock, and no restart, can shorten it. Then the row is queued again; after several unclear attempts with a pause.
//!   Uploads, CC addresses and read marks skip all this: sending them twice is the same as sending them once.
//! * **checking** → **may have been sent**: the ticket can no longer be looked at. Only the user can decide.
//! * **sending** → **needs the user**: refused, not allowed, closed, no longer visible. Nothing was applied. Signed out
//!   and somebody else concern the account, not one write: the row goes back to queued and the run ends.
//!
//! A ticket's rows go strictly in order, tickets independently: a row that waits or needs the user holds up its own ticket
//! only. Read marks alone stand outside that order: they hold up nobody, and one that the server refuses is dropped. So a
//! reply waits for its ticket's creation, and a message for its uploads, simply by being written after them. And new
//! tickets that look the same to a server without references wait for the end of each other's doubts, because one that turns
//! up could be taken for another.
//!
//! An edit is allowed while certainly nothing is at the server. It gives the row a new text and a new key, which no attempt
//! has used, and an attempt that was prepared for the old text finds another key and does not begin.
//!
//! # What a crash leaves behind
//!
//! Before the commit of the write: the draft, whole. In *held*, *queued*, *waiting*, *checking*: the row, which goes on. In
//! *sending*: nobody knows whether the request left, so the next run begins with checking. Between *sent* and seen: the
//! next read of the thread finds the comment.
//!
//! # A copy of the file
//!
//! A backup that is restored on another device brings rows that the first device may have sent since, or may still send.
//! So the file knows its installation, and under another one nothing is sent by itself: what was ever attempted is looked
//! for, and the user is asked about whatever is not there. What the server shows later still finds its row, because the first
//! device goes on, too. Only what could be any of several new tickets with other files is none of them, but a row of its
//! own.
//!
//! # What remains possible
//!
//! If the same user writes the same text in the same ticket on two devices, and one of them has not read the other's when
//! its attempt becomes unclear, the one comment that is there may be taken for the other's. Then one text stands there
//! instead of two equal ones; none is doubled. The same is true of two new tickets with the same subject and text, at a server
//! that keeps no reference, also if the first may have been sent and was taken back; a file of the one that is missing is
//! missing, too. A message that *may have been sent* and is sent again by the user may stand there twice, as the user was
//! told. And a server that applies a request later than its product says is late (`consistency`) can make one text two.
//! A wish to solve a ticket that was unclear and is not there is made again, even if an agent opened the ticket since.
//!
//! All decisions are the pure functions [`next`], [`hold_back_duplicates`], [`after_attempt`] and [`after_check`]; [`sync`](crate::sync) carries
//! them out, the store writes them down.

mod decide;
mod delivery;
mod duplicates;
mod operation;
#[cfg(test)]
mod tests;

pub(crate) use self::decide::concerns_account;
pub use self::decide::{Next, Step, Verdict, after_attempt, after_check, backoff, next};
pub(crate) use self::delivery::{deciding_operation, delivery};
pub use self::duplicates::{Fingerprint, hold_back_duplicates, may_have_duplicates};
pub use self::operation::{ClockReading, Kind, Operation, State, Wait};
