//! Stores a thread that was read, and matches its comments with the messages in the file.
//!
//! Which comment is which message is decided in the outbox's `matching`; this file applies it to the comments of one
//! ticket. A thread may have thousands of comments, and a user's write must not wait until all of them are stored. So
//! a thread is stored in slices of at most [`SLICE`](crate::store::room::decide::SLICE) rows, fewer if a user writes. Each is a
//! transaction, and between two, users' writes go first ([`room`](crate::store::room)):
//!
//! 1. The **people** are stored. Then, oldest first, every **comment that cannot be one of our messages** is stored.
//!    Such a comment becomes a new row, or changes the row that it already has. If the comment is news, the same
//!    transaction marks its ticket as unread.
//! 2. The rows of comments that were **hidden** are deleted.
//! 3. The last slice does the rest in one transaction. It links the **comments that may be our messages** to them,
//!    which settles the operations of these messages. And it writes what is now known about the thread: up to which
//!    update of the ticket it was read, who spoke last, and the last activity.
//!
//! Most threads need one slice. If the process is killed between two slices, the thread is still due. The next read
//! recognises the stored rows by the ids of their comments, and continues.
//!
//! A comment counts as hidden only if a whole read does not contain it. Nothing is sent into a thread that was never read.
//!
//! A thread of many or large pages does not fit into memory. Then pages are stored as *parts*, before the others arrive
//! ([`Rest`]). A part is matched only with messages for which it has every comment above their high-water mark. A comment
//! that may be another message of ours is left for a later part. [`walks`] tells how the
//! rest of a very long thread is read.

use std::collections::BTreeSet;

use rusqlite::{OptionalExtension, params};

use crate::bugs::{self, Bug};
use crate::model::{MessageId, RemoteComment, RemotePerson, TicketId, Timestamp, millis, same_text};
use crate::outbox::{self, Candidate, Change, Evidence, Match, Settlement};
use crate::store::blobs::staged;
use crate::store::db::statements::Cached;
use crate::store::db::writer_lock::Priority;
use crate::store::outbox::apply::apply;
use crate::store::reconcile::candidates::unlinked_messages;
use crate::store::reconcile::parts::{AppliedThread, ReadThread, Rest, WHOLE};
use crate::store::reconcile::rows::{insert_comment, refresh, structure};
use crate::store::reconcile::{read_marks, tickets::CLOCK_SKEW};
use crate::store::schedule::{pauses, walks};
use crate::store::{Edit, OrMissing, Store, StoreError};

impl Store {
    /// Stores a whole thread, and returns what it settled. Fails with [`StoreError::NoSuchTicket`] if its ticket is not
    /// visible.
    pub fn apply_thread(&self, read: &ReadThread<'_>) -> Result<Vec<Settlement>, StoreError> {
        Ok(self.apply_thread_with(read, &Rest::default())?.settled)
    }

    /// Like [`apply_thread`](Self::apply_thread), for a read that does not contain the whole thread. `rest` says what
    /// it leaves out.
    pub fn apply_thread_with(&self, read: &ReadThread<'_>, rest: &Rest) -> Result<AppliedThread, StoreError> {
        let mut slices = Slices { rest, ..Slices::of(read) };
        while !self.apply_slice(&mut slices)? {}
        self.empty_log()?;
        Ok(AppliedThread { settled: slices.settled, left_over: slices.left_over })
    }

    /// Stores the next slice of a thread, in one transaction. True if it was the last.
    pub(in crate::store) fn apply_slice(&self, slices: &mut Slices<'_>) -> Result<bool, StoreError> {
        self.write(Priority::Sync, |edit| slices.next(edit))
    }
}

/// How far a thread has been stored. It lives in memory only: after a kill the thread is read again from the beginning.
pub(in crate::store) struct Slices<'a> {
    read: &'a ReadThread<'a>,
    /// How many people have been stored.
    people: usize,
    /// How many comments have been handled.
    comments: usize,
    /// The indexes of the comments that may be our messages. They are left for the last slice.
    ours: Vec<usize>,
    /// What the last slice has settled.
    settled: Vec<Settlement>,
    /// What the read does not contain.
    rest: &'a Rest,
    /// The indexes of the comments that may be a message which this part need not contain. They are not stored.
    left_over: Vec<usize>,
}

impl<'a> Slices<'a> {
    pub(in crate::store) fn of(read: &'a ReadThread<'a>) -> Self {
        Self {
            read,
            people: 0,
            comments: 0,
            ours: Vec::new(),
            settled: Vec::new(),
            rest: &WHOLE,
            left_over: Vec::new(),
        }
    }

    fn next(&mut self, edit: &mut Edit<'_>) -> Result<bool, StoreError> {
        let known = Known::of(edit, self.read, self.rest)?;
        let (waiting, elsewhere): (Vec<_>, Vec<_>) =
            unlinked_messages(edit, self.read.ticket)?.into_iter().partition(|candidate| self.rest.covers(candidate));
        let (most, mut written, mut has_room) = (edit.room, 0, true);
        for person in self.read.people.iter().skip(self.people) {
            has_room = edit.has_room();
            if !has_room {
                break;
            }
            written += put_person(edit, person)?;
            self.people += 1;
        }
        for (index, comment) in self.read.comments.iter().enumerate().skip(self.comments) {
            has_room = has_room && edit.has_room();
            if !has_room {
                break;
            }
            if let Some(message) = linked(edit, self.read.ticket, comment)? {
                written += refresh(edit, message, comment, comment.author == Some(self.read.seen.by))?;
            } else if waiting.iter().any(|candidate| candidate.may_be(index, comment, self.read.seen.by)) {
                self.ours.push(index);
            } else if elsewhere
                .iter()
                .any(|candidate| !candidate.description && candidate.may_be(index, comment, self.read.seen.by))
            {
                self.left_over.push(index);
            } else {
                known.insert(edit, self.read, index, comment)?;
                written += 1;
            }
            self.comments += 1;
        }
        let hidden = if has_room && edit.room > 0 { hidden(edit, self.read, self.rest, &known)? } else { Vec::new() };
        for message in &hidden {
            has_room = has_room && edit.has_room();
            if !has_room {
                break;
            }
            written += edit.tx.execute_cached("DELETE FROM messages WHERE id = ?1", [message.0])?;
        }
        if written > 0 {
            edit.touch(self.read.ticket);
        }
        // If there is not enough room left for the comments that may be ours, they get the next slice to themselves.
        if !has_room || edit.room == 0 || edit.room < self.ours.len().min(most) {
            return Ok(false);
        }
        self.settled = match_ours(edit, self.read, &known, &self.ours, &waiting)?;
        conclude(edit, self.read, self.rest, &known)?;
        edit.touch(self.read.ticket);
        Ok(true)
    }
}

/// What the file knew about the thread before this read, and whether the read is complete.
struct Known {
    /// The thread was read to its end before.
    thread: bool,
    /// A time in ms, by the server's clock. Comments up to this time existed before this device first saw the ticket,
    /// and count as read.
    read_through: i64,
    /// The newest comment that some user of the account has read, by its id.
    shared_through: i64,
    /// The read is complete: it was made so late after the ticket's update that it shows everything up to the update.
    complete: bool,
    /// The server's clock does not tell how late the read was made: there is no such time, or the ticket's update is ahead
    /// of it.
    no_clock: bool,
    /// The first comment of the read is the thread's description.
    has_first: bool,
}

impl Known {
    /// Fails with [`StoreError::NoSuchTicket`] if the ticket was revoked while its thread was being read. Then nothing of
    /// the thread is stored.
    fn of(edit: &Edit<'_>, read: &ReadThread<'_>, rest: &Rest) -> Result<Self, StoreError> {
        let sql =
            "SELECT thread_as_of IS NOT NULL, read_through, shared_through, updated_at = ?4, update_seen_at + ?3 <= ?2,
                    (SELECT ifnull(max(updated_at), 0) FROM tickets WHERE number IS NOT NULL AND updated_at <= ?2 + ?5)
                   FROM tickets WHERE id = ?1 AND visible";
        let args = params![read.ticket.0, read.seen.at.0, millis(edit.visible_after), read.of.0, millis(CLOCK_SKEW)];
        let known = edit.tx.query_row_cached(sql, args, |row| {
            // The thread was requested for an earlier update than the one that is known now, perhaps the update that a message
            // sent in the meantime has made. Such a read need not contain the newest update.
            let current: bool = row.get(3)?;
            // The server's clock does not jump, so its time decides. If the server tells no time, its clock has at least reached
            // the newest update that was seen anywhere and is not ahead of the device's clock. If even that is too early, or if
            // the update is ahead of the server's clock, the device's clock decides.
            let (waited, newest): (bool, i64) = (row.get(4)?, row.get(5)?);
            let reached = read.seen.server.unwrap_or(Timestamp(newest));
            let no_clock = read.seen.server.is_none_or(|server| read.of > server.plus(CLOCK_SKEW));
            let late = read.of.plus(edit.visible_after) <= reached || no_clock && waited;
            Ok(Self {
                thread: row.get(0)?,
                read_through: row.get(1)?,
                shared_through: row.get(2)?,
                complete: current && late,
                no_clock,
                has_first: !rest.without_first,
            })
        });
        known.or_missing(StoreError::NoSuchTicket)
    }

    /// Stores a comment that has no row yet as a new row. Marks its ticket as unread if the comment is news.
    fn insert(
        &self,
        edit: &Edit<'_>,
        read: &ReadThread<'_>,
        index: usize,
        comment: &RemoteComment,
    ) -> Result<(), StoreError> {
        let mine = comment.author == Some(read.seen.by);
        insert_comment(edit, read.ticket, comment, mine, index == 0 && self.has_first)?;
        let read_elsewhere = comment.id.0 <= self.shared_through;
        let news = !mine && !read_elsewhere && (self.thread || comment.created_at.0 > self.read_through);
        if news && read.seen.open_thread != Some(read.ticket) {
            edit.tx.execute_cached("UPDATE tickets SET unread = 1 WHERE id = ?1 AND NOT unread", [read.ticket.0])?;
        }
        Ok(())
    }
}

/// The message that is linked to this comment already.
fn linked(edit: &Edit<'_>, ticket: TicketId, comment: &RemoteComment) -> Result<Option<MessageId>, StoreError> {
    let sql = "SELECT id FROM messages WHERE ticket = ?1 AND comment = ?2";
    let message = edit.tx.query_row_cached(sql, [ticket.0, comment.id.0], |row| row.get(0).map(MessageId));
    Ok(message.optional()?)
}

/// Links the comments at the indexes `ours` to the candidates that they are, and stores the others as new rows. Returns
/// what this settled.
fn match_ours(
    edit: &mut Edit<'_>,
    read: &ReadThread<'_>,
    known: &Known,
    ours: &[usize],
    candidates: &[Candidate],
) -> Result<Vec<Settlement>, StoreError> {
    let mut settled = Vec::new();
    let matches = outbox::match_comments(candidates, read.comments, ours, read.seen.by, known.complete);
    for (index, decided) in ours.iter().copied().zip(matches) {
        let Some(comment) = read.comments.get(index) else { continue };
        match decided {
            Match::Ours(place) if index == 0 || !bugs::is_on(Bug::SettleAndPullNotLinked) => {
                let Some(candidate) = candidates.get(place) else { continue };
                settled.extend(link_message(edit, read.ticket, candidate, comment)?);
                if bugs::is_on(Bug::EqualRepliesMatchedTwice) {
                    let equal = |other: &&Candidate| {
                        other.message != candidate.message
                            && other.high_water_mark < comment.id.0
                            && same_text(&other.body, &comment.body)
                    };
                    for twice in candidates.iter().filter(equal) {
                        edit.tx.execute_cached("DELETE FROM messages WHERE id = ?1", [twice.message.0])?;
                    }
                }
            }
            Match::Later => {
                // Until a later read decides, no message that is sent from now on can be this comment.
                let sql = "UPDATE tickets SET known_through = max(ifnull(known_through, 0), ?2) WHERE id = ?1";
                edit.tx.execute_cached(sql, [read.ticket.0, comment.id.0])?;
            }
            Match::Ours(_) | Match::Elsewhere => known.insert(edit, read, index, comment)?,
        }
    }
    Ok(settled)
}

/// Writes what is now known about the thread, after all of the read is stored. Does nothing after a part without the
/// newest comments.
fn conclude(edit: &mut Edit<'_>, read: &ReadThread<'_>, rest: &Rest, known: &Known) -> Result<(), StoreError> {
    if rest.part.is_some_and(|part| !part.newest) {
        return Ok(());
    }
    edit.tx.execute_cached(
        "WITH newest AS (SELECT m.created_at, (SELECT p.agent FROM people p WHERE p.id = m.author) AS agent
                         FROM messages m WHERE m.ticket = ?1 AND m.comment IS NOT NULL
                         ORDER BY m.comment DESC LIMIT 1)
         UPDATE tickets
         SET thread_as_of = ?2, user_spoke_last = NOT (SELECT agent FROM newest), thread_settled = ?3,
             -- The read was too early by the server's clock, whatever the device's clock shows: the wait for the sure read
             -- starts again. It also starts again if the server's clock tells nothing and the device's clock was set back.
             update_seen_at = CASE WHEN ?5 THEN min(update_seen_at, ?4) ELSE ?4 END,
             last_activity = CASE WHEN thread_as_of IS NULL THEN ifnull((SELECT created_at FROM newest), last_activity)
                                  ELSE max(last_activity, ifnull((SELECT created_at FROM newest), last_activity)) END,
             has_attachments = EXISTS (SELECT 1 FROM messages m WHERE m.ticket = ?1 AND m.attachments <> '[]'),
             left_out = CASE WHEN ?6 IS NULL THEN left_out ELSE ?6 END
         WHERE id = ?1",
        params![
            read.ticket.0,
            read.of.0,
            known.complete,
            read.seen.at.0,
            known.no_clock,
            (rest.part.is_none() || !rest.unreadable.is_empty()).then(|| rest.unreadable.count())
        ],
    )?;
    read_marks::advance_if_open(edit, read.ticket, read.seen)?;
    pauses::end_pause(edit, read.ticket)?;
    if rest.part.is_none() {
        read_marks::is_read_by_others(edit, read.ticket)?;
        walks::end(edit, read.ticket)?;
    }
    Ok(())
}

/// The messages whose comments were hidden or made private: the read does not show them, although it is certainly newer
/// than they are. That is certain if it shows a later comment or is complete.
fn hidden(edit: &Edit<'_>, read: &ReadThread<'_>, rest: &Rest, known: &Known) -> Result<Vec<MessageId>, StoreError> {
    // A comment that could not be read is not hidden. If it is not known which comment that is, none is hidden.
    if rest.part.is_some() || rest.unreadable.unknown > 0 {
        return Ok(Vec::new());
    }
    let mut shown: BTreeSet<i64> = read.comments.iter().map(|comment| comment.id.0).collect();
    shown.extend(&rest.stored);
    shown.extend(&rest.unreadable.ids);
    let newest = shown.last().copied();
    let sql = "SELECT comment, id FROM messages WHERE ticket = ?1 AND comment IS NOT NULL";
    let mut statement = edit.tx.prepare_cached(sql)?;
    let mut rows = statement.query([read.ticket.0])?;
    let mut hidden = Vec::new();
    while let Some(row) = rows.next()? {
        let (comment, message): (i64, i64) = (row.get(0)?, row.get(1)?);
        if shown.contains(&comment) {
            continue;
        }
        let sql = "SELECT created_at <= ?2 FROM messages WHERE id = ?1";
        let old = || edit.tx.query_row_cached(sql, [message, read.of.0], |row| row.get::<_, bool>(0));
        if newest.is_some_and(|newest| newest > comment) || (known.complete && old()?) {
            hidden.push(MessageId(message));
        }
    }
    Ok(hidden)
}

/// Links a message of ours to its comment, which fixes its place in the thread. Also settles its operation in any
/// state, except a creation, which only the number of its ticket settles.
fn link_message(
    edit: &mut Edit<'_>,
    ticket: TicketId,
    candidate: &Candidate,
    comment: &RemoteComment,
) -> Result<Vec<Settlement>, StoreError> {
    let sql = "UPDATE messages SET comment = ?2, unsent = 0, created_at = ?3, author = ?4, body = ?5, attachments = ?6,
                                   shortened = ?7, channel = ?8, structure = ?9
               WHERE id = ?1";
    let (created_at, attachments) = (comment.created_at.0, serde_json::to_string(&comment.attachments)?);
    let author = comment.author.map(|author| author.0);
    edit.tx.execute_cached(
        sql,
        params![
            candidate.message.0,
            comment.id.0,
            created_at,
            author,
            comment.body,
            attachments,
            comment.shortened,
            comment.channel,
            structure(comment)?
        ],
    )?;
    staged::remove(edit, candidate.message)?;
    edit.touch_outbox(ticket);
    let settlement = |operation| Change::Settle(Settlement { operation, by: Evidence::Comment(comment.id) });
    let changes: Vec<Change> = candidate.operation.map(settlement).into_iter().collect();
    apply(edit, &changes)
}

/// Stores a person's name, whether they are an agent, and where their photo is. Returns the number of changed rows, 0 or 1.
pub(in crate::store) fn put_person(edit: &Edit<'_>, person: &RemotePerson) -> Result<usize, StoreError> {
    let sql = "INSERT INTO people (id, name, agent, photo) VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT (id) DO UPDATE SET name = excluded.name, agent = excluded.agent, photo = excluded.photo
               WHERE (name, agent, photo) IS NOT (excluded.name, excluded.agent, excluded.photo)";
    Ok(edit.tx.execute_cached(sql, params![person.id.0, person.name, person.agent, person.photo])?)
}
