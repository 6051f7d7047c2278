//! The outbox: how everything that a user writes reaches the server exactly once, and in order.
//!
//! # The story
//!
//! Each write is one *operation*: a new ticket, a reply, the upload of a file, more CC addresses, marking a ticket as
//! solved, feedback, a toggle, or a read mark. The transaction that consumes the draft also inserts the operation, as
//! one row. The operation waits for its turn and is sent. Its row is deleted when something shows the result: the
//! server's answer, the thread, a list, or the ticket's status. A [`Settlement`] says which of them it was.
//!
//! ```text
//!   held ──► queued ──► sending ──┬──► sent ──┬──────────► row deleted: the thread shows the comment
//!               ▲                 │           └──────────► not shown: it never does, and the user is told
//!               │                 │
//!               │                 ├──► waiting ──────────► sent again when the wait is over
//!               │                 │
//!               │                 ├──► needs the user ───► the user retries, edits or discards it
//!               │                 │
//!               │                 └──► checking ──┬──────► row deleted: the server shows the result
//!               │                       ▲         ├──────► may have been sent: the user decides
//!               │                       │         │
//!               │                       └─────────┤ not there, but it is too early to be certain
//!               └─────────────────────────────────┘ not there, in two reads or more, the last one late
//! ```
//!
//! * **held**: While the app is in front, a message can be undone for some seconds. Leaving the app and losing the network
//!   end this at once.
//! * **queued → sending**: The store writes the attempt down before the request leaves: the exact body, the idempotency
//!   key and the *high-water mark*, which is the newest comment id (for a new ticket: ticket number) known at that
//!   moment. Every later attempt repeats body and key unchanged. Only a comment above the high-water mark can be the
//!   result of this write. If the thread was never read, or the first sync has not ended, no such mark is known; then
//!   sync first reads the thread, or the newest own tickets.
//! * **sending → sent**: The server has confirmed the write. The answer to a new ticket contains its number, so that
//!   row is deleted at once, and so is the row of any change or read mark. The answer to a reply does not name the
//!   comment, so the row of a reply stays until the thread shows the comment; it blocks nothing meanwhile. The row of
//!   an upload stays, with its token, until the message that names it is on the server.
//! * **sent → not shown**: Several reads, the last of them late, do not show the comment: a filter took it, or somebody
//!   made it private. The text stays on this device, because it may be the only copy. The user can remove it here, and
//!   write it again. If a later read shows the comment, it is matched like any other.
//! * **sending → waiting**: The write was certainly not applied (no connection, 429, 409). A wait is stored as a start
//!   and a length. It is over when the current time is past its end or before its start, so a clock that jumps cannot
//!   prolong it for ever. A wait also ends when the network returns or the user asks for a sync; a *server-imposed* one
//!   (`Retry-After`) only if it began at least a minute ago. All waits end when a busy server works again.
//! * **sending → checking**: The attempt is *ambiguous*: the connection broke, or the answer made no sense, so the
//!   server may or may not have applied the write. Sync reads the place where the result would be (the thread, the
//!   ticket's status, or the list of own tickets), and matching settles the operation if it finds the result, although
//!   the server may have changed the text. A read that does not show the result proves little: it may come from a replica
//!   that lags (`stale_read`), and the server may still apply the request (`late_apply`). Therefore "not there" is
//!   believed only after at least two reads, the last one at least the *ambiguity timeout* after the first. This time is
//!   measured by the server's clock, if its answers carry a time, so no jump of the device's clock and no restart can
//!   shorten it. Then the operation is queued again; after several ambiguous attempts it waits first. Uploads, CC
//!   addresses and read marks never enter this state, because applying them twice is the same as applying them once; they
//!   are simply sent again.
//! * **checking → may have been sent**: No read can decide it. Either the ticket can no longer be read. Or the thread shows
//!   a comment of this user that was not written here and whose text resembles none of ours: it may be this message,
//!   changed beyond recognition, or something else that the user wrote meanwhile, for example by mail. Only the user can
//!   tell. If the user sends the message again, it is looked for once more, and the comments that were there count as
//!   something else.
//! * **sending → needs the user**: The server refused the write, does not allow it, has closed the ticket, or no longer
//!   shows it. Nothing was applied. A server may refuse this user everything for a while, which says nothing about one
//!   ticket. So "not allowed" and "not there" count only if a later request shows that the account works. "Signed out",
//!   "somebody else is signed in" and "an agent is signed in" concern the account and not this write: the attempt
//!   counts as not made, the operation returns to *queued*, and the run ends.
//!
//! A firewall or a proxy between this device and the server may also refuse a write, for example because of a word in
//! the text. If nothing in the answer shows that the server itself refused, the attempt is ambiguous. After three such
//! attempts, each proven not to have arrived, the message needs the user. If the tokens of uploads expire, or the
//! server does not know them, the files are uploaded again. Then the message counts as never attempted and gets a new
//! key. `retry.rs` and `uploads.rs` say how often this happens, and with what pauses.
//!
//! A ticket *without an account* goes the same way until its attempt ends, and no further: nothing of it can ever be read.
//! Its answer is all that is known. If the attempt is ambiguous, a look could not decide it, so the ticket becomes *may
//! have been sent* at once and never *checking*, also after a crash. The user sends it again, which may make it arrive
//! twice, or takes it back. What certainly did not arrive waits as usual.
//!
//! The operations of one ticket are sent strictly in order, and tickets are independent of each other: an operation
//! that waits or needs the user blocks only its own ticket. A reply thus waits for the creation of its ticket, and a
//! message for its uploads, simply because they were written earlier. There are four exceptions. A read mark blocks
//! nothing, is blocked by nothing, and is dropped if the server refuses it. A change of the ticket blocks
//! nothing once the user has to decide about it, because no message depends on it. Feedback and a toggle stand apart: they
//! neither wait for the ticket's other operations nor hold them up. And on a server without client
//! references, new tickets with equal subject and text are sent one by one; the reason is at the top of `duplicates.rs`.
//!
//! An edit is allowed only while the server certainly has nothing of the operation. It gives the row a new text and a
//! new key, which no attempt has used. If an attempt with the old text was being prepared, it finds that the key has
//! changed and does not begin.
//!
//! **Changes** are writes that make no comment. What the outbox has to know of a kind is declared in its
//! [facts](crate::model::ChangeFacts): whether sending it twice is harmless, what shows after a lost answer that the server
//! has it, whether it stands apart, and whether a later one replaces it. Order and recognition use nothing else.
//!
//! * *Feedback* is given once, and some servers take it twice. After a lost answer it is looked for. If the server refuses
//!   a repeated attempt because it was given, that attempt is done.
//! * A *toggle* has only one value that counts: the user's last. A new value drops the waiting ones before it. The value on
//!   the server may be the same as before an ambiguous attempt, so finding it proves nothing while the attempt may still
//!   be applied. Therefore the outcome is decided after the ambiguity timeout only, and a newer value waits for that. So an
//!   older value can never arrive last.
//!
//! # What a crash leaves behind
//!
//! * Before the commit of the write: the whole draft.
//! * In *held*, *queued*, *waiting* or *checking*: the row, and the next run continues with it.
//! * In *sending*: nobody knows whether the request left, so the next run moves the operation to *checking* (a
//!   repeatable one to *queued*, a ticket without an account to *may have been sent*).
//! * In *sent*: the next read of the thread finds the comment.
//!
//! # A copy of the file
//!
//! A backup that is restored on another device contains operations that the first device may have sent since, or may
//! still send. Therefore the file stores the id of its installation. When it is opened under another id, nothing is
//! sent without the user. New tickets, replies and solved tickets that were ever attempted are checked first, and the
//! user is asked about each one that is not found. The user is asked at once about everything else that waits to be
//! sent, and about every ticket without an account. The first device may still be in use, so anything that the server shows later is matched to its row as usual.
//! If a ticket on the server could be several pending tickets with different files, none of them is matched, and the
//! server's ticket gets a row of its own.
//!
//! # Known limits
//!
//! * The same user writes the same text in the same ticket on two devices, and one of them has not read the other's
//!   comment when its own attempt becomes ambiguous. Then it may take the other device's comment for its own, and the
//!   server has the text once instead of twice. No text is doubled. The same holds for texts that differ in form only,
//!   or in at most a fifth of their words.
//! * The same can happen to two new tickets with equal subject and text on a server without client references, even if
//!   the user has discarded the first one after it *may have been sent*. The files of the missing ticket are then
//!   missing too.
//! * A server that replaces a text altogether shows a message twice: as the comment that it made of it, and as *not
//!   shown*. No text is lost.
//! * If the user sends a message again that *may have been sent*, the server may have it twice. The user was told so.
//!   A ticket without an account comes to this whenever an answer to it is lost.
//! * If the server applies a request later than the product definition claims (`consistency`), a text may appear twice.
//! * If an ambiguous attempt to solve a ticket turns out not to have been applied, it is repeated, even if an agent has
//!   reopened the ticket since.
//!
//! # Where the code is
//!
//! Every decision is a pure function over operations. It returns a list of [`Change`]s, which the store applies in the
//! transaction in which it loaded them. [`sync`](crate::sync) makes the requests.
//!
//! | file | what it decides |
//! | --- | --- |
//! | `decide` | The next step, and what the outcome of an attempt means. |
//! | `look` | What it means that a read does or does not show the result of an attempt. |
//! | `refusal` | What a refused write means once its ticket was read again. |
//! | `retry` | How long to pause, how often to repeat, and what the user sees at the end. |
//! | `uploads` | When a file is uploaded again. |
//! | `matching`, `recognise` | Which comment or ticket of the server is ours, although its text was changed. |
//! | `replaced` | What a later operation makes pointless. |
//! | `duplicates` | Which new tickets must not be on their way at the same time. |
//! | `commands` | What the user, a start of the app and a copied or salvaged file change. |
//! | `delivery` | What the user sees of it. |
//! | `votes` | Answers about help articles, which belong to no ticket and are no operations. |

mod change;
mod commands;
mod decide;
mod delivery;
mod duplicates;
mod look;
mod matching;
mod operation;
mod refusal;
mod replaced;
mod retry;
#[cfg(test)]
mod tests;
mod uploads;
pub mod votes;

pub use self::change::{Change, Evidence, Settlement, Verdict};
pub use self::commands::{
    EndWaits, Known, Release, can_discard, copied, edited, end_waits, recover, release, retry, salvaged,
};
pub(crate) use self::decide::concerns_account;
pub use self::decide::{
    Next, Step, after_attempt, begin, cannot_send, confirmed, due_uploads, interrupted, next, postponed, unproven,
};
pub(crate) use self::delivery::{deciding_operation, delivery, refusal_of_file};
pub use self::duplicates::{Fingerprint, fingerprint, hold_back_duplicates, may_have_duplicates};
pub use self::look::{Look, after_check};
pub use self::matching::recognise::{Likeness, Text};
pub use self::matching::{Candidate, Creation, Match, NewTicketCandidate, match_comments, match_ticket};
pub use self::operation::{ClockReading, Kind, Operation, State, Wait};
pub use self::refusal::{Refusal, contradicted, explained, needs_explaining};
pub use self::replaced::replaced;
pub use self::retry::{ASK_A_BUSY_SERVER, Bound, backoff, pause, time_to_serve};
pub use self::uploads::{as_new, renew, uploaded};
