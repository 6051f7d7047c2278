//! A thread that was read: its comments meet the messages of the file.
//!
//! Which comment is which message is told in [`matching`](crate::store::reconcile::tickets); this is how it is written down. A thread may have
//! thousands of comments, and a user's tap must not wait for all of them. So it is taken in by slices, each a transaction of
//! its own that looks at [`SLICE`] rows at most, and lets users go first:
//!
//! 1. The **people**, and then, oldest first, every **comment that no message of ours may take**: a new row, or an edit of
//!    the row it has. The row of a comment that is news comes with its ticket's unread mark.
//! 2. The rows of comments that were **hidden**.
//! 3. In the last slice, all together, the **comments that a message of ours may take**, with what they settle, and all that
//!    the ticket says of its thread: as of which update it is known, who spoke last, its last activity.
//!
//! Most threads are one slice. A kill between two leaves a thread that is known as of no later update than before, so it is
//! still due; the next reading finds the rows that are there by their comments' ids, and goes on. Nothing is concluded from
//! a part: a comment is hidden if the reading does not have it, whatever was written of it; and in a thread that was never
//! read to the end, nothing is sent before it was.

use std::collections::BTreeSet;

use rusqlite::{OptionalExtension, params};

use crate::bugs::{self, Bug};
use crate::model::{
    Attachment, MessageId, PersonId, RemoteComment, RemotePerson, RemoteThread, TicketId, Timestamp, millis, normalise,
    same_text,
};
use crate::store::blobs::staged;
use crate::store::db::statements::Cached;
use crate::store::db::writer_lock::Priority;
use crate::store::{Edit, Observation, Store, StoreError};

/// How many rows one transaction looks at.
pub(in crate::store) const SLICE: usize = 200;

/// A whole thread that was read.
pub struct ReadThread<'a> {
    /// Whose thread it is.
    pub ticket: TicketId,
    /// The ticket's last update when the thread was asked for.
    pub of: Timestamp,
    /// What came.
    pub thread: &'a RemoteThread,
    /// Whom the file belongs to, and when it was asked for.
    pub seen: Observation,
}

impl Store {
    /// Takes in a whole thread. [`StoreError::NotFound`] if its ticket is not there, or no longer visible.
    pub fn apply_thread(&self, read: &ReadThread<'_>) -> Result<(), StoreError> {
        let mut slices = Slices::of(read);
        while !self.apply_slice(&mut slices)? {}
        self.empty_log()
    }

    /// Takes in the next slice of a thread. True if it was the last.
    pub(in crate::store) fn apply_slice(&self, slices: &mut Slices<'_>) -> Result<bool, StoreError> {
        self.write(Priority::Sync, |edit| slices.next(edit))
    }
}

/// How far a thread is taken in. What it remembers is worth nothing after a kill, and nothing is lost with it.
pub(in crate::store) struct Slices<'a> {
    read: &'a ReadThread<'a>,
    /// So many people are written.
    people: usize,
    /// So many comments were looked at.
    comments: usize,
    /// Which of them are left for the last slice.
    ours: Vec<usize>,
}

impl<'a> Slices<'a> {
    pub(in crate::store) fn of(read: &'a ReadThread<'a>) -> Self {
        Self { read, people: 0, comments: 0, ours: Vec::new() }
    }

    fn next(&mut self, edit: &mut Edit<'_>) -> Result<bool, StoreError> {
        let known = Known::of(edit, self.read)?;
        let mut waiting = unlinked_messages(edit, self.read.ticket)?;
        let (mut room, mut written) = (SLICE, 0);
        let people = self.read.thread.people.iter().skip(self.people).take(room);
        for person in people {
            written += put_person(edit, person)?;
            self.people += 1;
            room -= 1;
        }
        let comments = self.read.thread.comments.iter().enumerate().skip(self.comments).take(room);
        for (index, comment) in comments {
            if let Some(message) = linked(edit, self.read.ticket, comment)? {
                written += refresh(edit, message, comment, comment.author == self.read.seen.by)?;
            } else if waiting.iter().any(|candidate| candidate.may_take(index, comment, self.read.seen.by)) {
                self.ours.push(index);
            } else {
                known.insert(edit, self.read, index, comment)?;
                written += 1;
            }
            self.comments += 1;
            room -= 1;
        }
        let hidden = if room > 0 { hidden(edit, self.read, &known)? } else { Vec::new() };
        for message in hidden.iter().take(room) {
            written += edit.tx.execute_cached("DELETE FROM messages WHERE id = ?1", [message.0])?;
        }
        if written > 0 {
            edit.touch(self.read.ticket);
        }
        // What is ours has a slice to itself if it needs one.
        if room <= hidden.len() || room < self.ours.len().min(SLICE) {
            return Ok(false);
        }
        match_ours(edit, self.read, &known, &self.ours, &mut waiting)?;
        conclude(edit, self.read, &known)?;
        edit.touch(self.read.ticket);
        Ok(true)
    }
}

/// What the ticket says of its thread before this reading.
struct Known {
    /// The thread was read before.
    thread: bool,
    /// Older comments were there before the user first saw the ticket.
    read_through: i64,
    /// Somebody of the account has read up to here.
    shared_through: i64,
    /// The reading is so late after the ticket's update that everything up to it is there.
    complete: bool,
}

impl Known {
    /// [`StoreError::NotFound`] if the ticket was found gone while its thread was on its way: nothing of it is kept.
    fn of(edit: &Edit<'_>, read: &ReadThread<'_>) -> Result<Self, StoreError> {
        let sql =
            "SELECT thread_as_of IS NOT NULL, read_through, shared_through, updated_at = ?4, update_seen_at + ?3 <= ?2,
                          (SELECT ifnull(max(updated_at), 0) FROM tickets WHERE number IS NOT NULL)
                   FROM tickets WHERE id = ?1 AND visible";
        let args = params![read.ticket.0, read.seen.at.0, millis(edit.visible_after), read.of.0];
        Ok(edit.tx.query_row_cached(sql, args, |row| {
            // A thread that was due before the update was known, as a message sent meanwhile makes one, has nothing of it for
            // sure.
            let current: bool = row.get(3)?;
            // The server's clock does not jump. If it tells no time, the newest update seen anywhere is one that it had reached,
            // or else the device's clock has to do.
            let (waited, newest): (bool, i64) = (row.get(4)?, row.get(5)?);
            let reached = read.seen.server.unwrap_or(Timestamp(newest));
            let late = read.of.plus(edit.visible_after) <= reached || read.seen.server.is_none() && waited;
            Ok(Self {
                thread: row.get(0)?,
                read_through: row.get(1)?,
                shared_through: row.get(2)?,
                complete: current && late,
            })
        })?)
    }

    /// A comment without a row gets one, and its ticket the unread mark if it is news.
    fn insert(
        &self,
        edit: &Edit<'_>,
        read: &ReadThread<'_>,
        index: usize,
        comment: &RemoteComment,
    ) -> Result<(), StoreError> {
        let mine = comment.author == read.seen.by;
        insert_comment(edit, read.ticket, comment, mine, index == 0)?;
        let read_elsewhere = comment.id.0 <= self.shared_through;
        let news = !mine && !read_elsewhere && (self.thread || comment.created_at.0 > self.read_through);
        if news && read.seen.open_thread != Some(read.ticket) {
            let sql = "UPDATE tickets SET unread = 1 WHERE id = ?1 AND NOT unread";
            edit.tx.execute_cached(sql, [read.ticket.0])?;
        }
        Ok(())
    }
}

/// The message that has this comment already.
fn linked(edit: &Edit<'_>, ticket: TicketId, comment: &RemoteComment) -> Result<Option<MessageId>, StoreError> {
    let sql = "SELECT id FROM messages WHERE ticket = ?1 AND comment = ?2";
    let message = edit.tx.query_row_cached(sql, [ticket.0, comment.id.0], |row| row.get(0).map(MessageId));
    Ok(message.optional()?)
}

/// Gives the messages that wait their comments, and takes in what is left over.
fn match_ours(
    edit: &mut Edit<'_>,
    read: &ReadThread<'_>,
    known: &Known,
    ours: &[usize],
    waiting: &mut Vec<Candidate>,
) -> Result<(), StoreError> {
    for index in ours.iter().copied() {
        let Some(comment) = read.thread.comments.get(index) else { continue };
        // What was sent after a confirmed message comes after it.
        let later = read.thread.comments.get(index + 1..).unwrap_or_default();
        let comes_later = |before: &Candidate| before.confirmed && appears(before, later);
        let in_order = |place: &usize| !waiting.iter().take(*place).any(comes_later);
        let taken = waiting.iter().position(|candidate| candidate.takes(index, comment, read.seen.by));
        let taken = taken.filter(in_order);
        let explaining = waiting.iter().position(|candidate| {
            candidate.explains(comment, read.seen.by) && !appears(candidate, &read.thread.comments)
        });
        let explaining = explaining.filter(in_order);
        if taken.is_none() && explaining.is_some() && !known.complete {
            // Ours with another text, or one of another device in a reading that is too old for ours: a later one tells. It
            // is no message that is sent from now on.
            let sql = "UPDATE tickets SET known_through = max(ifnull(known_through, 0), ?2) WHERE id = ?1";
            edit.tx.execute_cached(sql, [read.ticket.0, comment.id.0])?;
            continue;
        }
        let taken = taken.or(explaining);
        let taken = taken.filter(|_| index == 0 || !bugs::is_on(Bug::SettleAndPullNotLinked));
        let Some(taken) = taken else {
            known.insert(edit, read, index, comment)?;
            continue;
        };
        link_message(edit, read.ticket, waiting.remove(taken).id, comment)?;
        if bugs::is_on(Bug::EqualRepliesMatchedTwice) {
            let twice: Vec<_> = waiting.extract_if(.., |candidate| candidate.matches(comment)).collect();
            for candidate in twice {
                edit.tx.execute_cached("DELETE FROM messages WHERE id = ?1", [candidate.id.0])?;
            }
        }
    }
    Ok(())
}

/// Writes what the ticket says of its thread, now that all of it is there.
fn conclude(edit: &Edit<'_>, read: &ReadThread<'_>, known: &Known) -> Result<(), StoreError> {
    let newest = read.thread.comments.iter().max_by_key(|comment| (comment.created_at, comment.id));
    let from_agent = newest.and_then(|newest| {
        read.thread.people.iter().find(|person| person.id == newest.author).map(|person| person.agent)
    });
    edit.tx.execute_cached(
        "UPDATE tickets
         SET thread_as_of = ?2, user_spoke_last = ?3, thread_settled = ?5,
             -- Too early by the server's clock, whatever the device's says: the wait begins again. So it does if the server tells
             -- no time and the device's clock was set back.
             update_seen_at = CASE WHEN ?7 THEN min(update_seen_at, ?6) ELSE ?6 END,
             last_activity = CASE WHEN thread_as_of IS NULL THEN ifnull(?4, last_activity)
                                  ELSE max(last_activity, ifnull(?4, last_activity)) END,
             has_attachments = EXISTS (SELECT 1 FROM messages m WHERE m.ticket = ?1 AND m.attachments <> '[]')
         WHERE id = ?1",
        params![
            read.ticket.0,
            read.of.0,
            from_agent.map(|agent| !agent),
            newest.map(|newest| newest.created_at.0),
            known.complete,
            read.seen.at.0,
            read.seen.server.is_none()
        ],
    )?;
    Ok(())
}

/// Messages whose comments were hidden or made private: gone from a reading that is certainly newer than the comment, because
/// it has a later one, or because it is late enough to be complete.
fn hidden(edit: &Edit<'_>, read: &ReadThread<'_>, known: &Known) -> Result<Vec<MessageId>, StoreError> {
    let shown: BTreeSet<i64> = read.thread.comments.iter().map(|comment| comment.id.0).collect();
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

/// Whether some comment has this candidate's own text.
fn appears(candidate: &Candidate, comments: &[RemoteComment]) -> bool {
    comments.iter().any(|comment| candidate.matches(comment))
}

/// A message of ours that may be at the server.
struct Candidate {
    id: MessageId,
    description: bool,
    /// The server said yes.
    confirmed: bool,
    high_water_mark: i64,
    body: String,
    attachments: Vec<Attachment>,
}

impl Candidate {
    /// Whether this comment may turn out to be this message.
    fn may_take(&self, index: usize, comment: &RemoteComment, me: PersonId) -> bool {
        self.takes(index, comment, me) || self.explains(comment, me)
    }

    /// Whether this comment is this message, if no earlier one is.
    fn takes(&self, index: usize, comment: &RemoteComment, me: PersonId) -> bool {
        if self.description { index == 0 } else { comment.author == me && self.matches(comment) }
    }

    /// Whether this comment is this message, if none has its text.
    fn explains(&self, comment: &RemoteComment, me: PersonId) -> bool {
        comment.author == me && self.confirmed && comment.id.0 > self.high_water_mark
    }

    fn matches(&self, comment: &RemoteComment) -> bool {
        // In any order, and however the server composes an accent: one device's "ü" is another's "u" with two dots.
        let names = |files: &[Attachment]| {
            let mut names: Vec<String> = files.iter().map(|file| normalise(&file.name)).collect();
            names.sort_unstable();
            names
        };
        comment.id.0 > self.high_water_mark
            && same_text(&self.body, &comment.body)
            && names(&self.attachments) == names(&comment.attachments)
    }
}

fn unlinked_messages(edit: &Edit<'_>, ticket: TicketId) -> Result<Vec<Candidate>, StoreError> {
    let sql = "SELECT m.id, m.description, ifnull(o.high_water_mark, 0), m.body, m.attachments, o.state IS 'sent'
               FROM messages m LEFT JOIN outbox o ON o.message = m.id AND o.kind <> 'upload'
               WHERE m.ticket = ?1 AND m.comment IS NULL AND (m.description OR o.high_water_mark IS NOT NULL) ORDER BY m.id";
    let mut statement = edit.tx.prepare_cached(sql)?;
    let mut rows = statement.query([ticket.0])?;
    let mut candidates = Vec::new();
    while let Some(row) = rows.next()? {
        let attachments: String = row.get(4)?;
        candidates.push(Candidate {
            id: MessageId(row.get(0)?),
            description: row.get(1)?,
            confirmed: row.get(5)?,
            high_water_mark: row.get(2)?,
            body: row.get(3)?,
            attachments: serde_json::from_str(&attachments)?,
        });
    }
    Ok(candidates)
}

/// Gives a message of ours its comment, and its place. Its sending is done, whatever its row said.
fn link_message(
    edit: &mut Edit<'_>,
    ticket: TicketId,
    message: MessageId,
    comment: &RemoteComment,
) -> Result<(), StoreError> {
    let sql = "UPDATE messages SET comment = ?2, unsent = 0, created_at = ?3, author = ?4, body = ?5, attachments = ?6
               WHERE id = ?1";
    let (created_at, attachments) = (comment.created_at.0, serde_json::to_string(&comment.attachments)?);
    edit.tx.execute_cached(
        sql,
        params![message.0, comment.id.0, created_at, comment.author.0, comment.body, attachments],
    )?;
    staged::remove(edit, message)?;
    // With its uploads. A creation is settled by its ticket's number alone.
    let sql = "DELETE FROM outbox WHERE message = ?1
               AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message = ?1 AND o.kind = 'create')";
    edit.tx.execute_cached(sql, [message.0])?;
    edit.touch_outbox(ticket);
    Ok(())
}

fn insert_comment(
    edit: &Edit<'_>,
    ticket: TicketId,
    comment: &RemoteComment,
    mine: bool,
    description: bool,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO messages (ticket, comment, author, mine, body, created_at, description, attachments, unsent)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0)";
    edit.tx.execute_cached(
        sql,
        params![
            ticket.0,
            comment.id.0,
            comment.author.0,
            mine,
            comment.body,
            comment.created_at.0,
            description,
            serde_json::to_string(&comment.attachments)?
        ],
    )?;
    Ok(())
}

/// An edited or redacted comment takes its new text; an unchanged one is not written. Answers how many rows changed.
fn refresh(edit: &Edit<'_>, message: MessageId, comment: &RemoteComment, mine: bool) -> Result<usize, StoreError> {
    let sql = "UPDATE messages SET body = ?2, attachments = ?3, author = ?4, mine = ?5
               WHERE id = ?1 AND (body <> ?2 OR attachments <> ?3 OR author IS NOT ?4)";
    let attachments = serde_json::to_string(&comment.attachments)?;
    Ok(edit.tx.execute_cached(sql, params![message.0, comment.body, attachments, comment.author.0, mine])?)
}

fn put_person(edit: &Edit<'_>, person: &RemotePerson) -> Result<usize, StoreError> {
    let sql = "INSERT INTO people (id, name, agent) VALUES (?1, ?2, ?3)
               ON CONFLICT (id) DO UPDATE SET name = excluded.name, agent = excluded.agent
               WHERE (name, agent) IS NOT (excluded.name, excluded.agent)";
    Ok(edit.tx.execute_cached(sql, params![person.id.0, person.name, person.agent])?)
}
