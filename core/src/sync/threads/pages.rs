//! The pages of one thread, read one after the other and stored as parts.
//!
//! A page of a thread may be large, and a thread may have many pages. So little is kept in memory. When the pages that
//! were read have more than [`MEMORY`] bytes of text, they are stored, and only the ids of their comments are kept.
//! After the last page, the ids show what the whole thread contains. A thread of more than [`PAGES`] pages is not read
//! to its end at once. It is *walked*, as the store's file `store/schedule/walks.rs` describes. If a message waits for what
//! the thread shows, and the oldest comments come first, up to [`MOST_PAGES`] are read, because the message would be on the
//! last page. Comments that were not read by then count as left out.
//!
//! The ids show whether the pages come newest first: then they descend from page to page. What the server says about
//! the order is not believed. What it says about a next page is not believed either: if a place comes back, or if a page
//! brings nothing that the pages before it did not bring, the pages lead in a circle. Then everything in the circle was
//! read. The thread counts as read, with something left out, because nobody knows what is outside the circle.
//!
//! A page that is too large is asked for again with a quarter of its rows, down to one row. A page that is too slow is
//! asked for only once more, with a quarter of its rows, because each attempt takes long. A single comment that is too
//! large is counted as left out, and the run asks for what comes after it. If the service has no cursor for that, or if
//! there are many such comments, the pages before it are stored as the newest part of the thread, if the newest
//! comments come first; otherwise the read fails.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::BoxFuture;

use crate::model::{CommentPage, Outcome, RemoteComment, RemotePerson, Timestamp, Unreadable};
use crate::outbox::{Operation, Settlement};
use crate::store::{AppliedThread, Observation, Part, ReadThread, Rest, StoreError, ThreadDue, Walk};
use crate::sync::context::{Me, SyncContext};
use crate::sync::report::SyncFailure;

/// How many pages of a thread are read at once at most.
pub(super) const PAGES: u32 = 8;
/// How many pages are read at most if a message waits for the newest comments, and the oldest come first.
pub(super) const MOST_PAGES: u32 = 100;
/// How many comments that are too large are passed in one reading.
const TOO_LARGE: u32 = 3;
/// How many bytes of text are kept in memory before they are stored.
const MEMORY: usize = 2 * 1024 * 1024;

/// Serves the user between two pages of a thread. It is a pointer, because serving the user may read another thread,
/// and so call itself.
pub(super) type Serve = for<'a> fn(&'a SyncContext<'a>, Me) -> BoxFuture<'a, Result<(), SyncFailure>>;

/// A thread that was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::sync) struct ThreadRead {
    /// The time of the answer by the server's clock; `None` if the server tells no time.
    pub as_of: Option<Timestamp>,
    /// The operations whose messages the thread contains.
    pub settled: Vec<Settlement>,
}

impl ThreadRead {
    /// Whether the read settled this operation.
    pub fn has_settled(&self, operation: &Operation) -> bool {
        self.settled.iter().any(|settlement| settlement.operation == operation.id)
    }
}

/// Reads a thread from its first page on, and stores what it has read. `interrupted` serves the user between two pages.
/// It is `None` if the user waits for this very thread, or if a message waits for what it shows. At most `most`
/// pages are read if the oldest comments come first. Also returns the highest id of a comment that was left out; 0 if none
/// was.
pub(super) async fn read(
    ctx: &SyncContext<'_>,
    due: ThreadDue,
    me: Me,
    interrupted: Option<Serve>,
    most: u32,
) -> Result<(ThreadRead, i64), SyncFailure> {
    let walk = ctx.store.walk(due.ticket)?;
    let mut reading = Reading::new(ctx, due, me);
    let mut cursor: Option<String> = None;
    let mut pages = 0;
    let mut places = BTreeSet::new();
    // What was too large the last time is asked for with care.
    let (mut rows, mut left_to_pass) = if ctx.health.is_too_large(due.ticket) { (1, 0) } else { (u32::MAX, TOO_LARGE) };
    loop {
        let page = match page(ctx, due, cursor.as_deref(), rows).await {
            // A single comment is too large. The others are read without it.
            Err(failed) if failed.failure.is_too_large() => {
                reading.unreadable.unknown = reading.unreadable.unknown.saturating_add(1);
                reading.passed += 1;
                match ctx.remote.comments_behind(reading.passed).filter(|_| left_to_pass > 0) {
                    Some(behind) => {
                        (cursor, rows, left_to_pass) = (Some(behind), 1, left_to_pass - 1);
                        continue;
                    }
                    None if pages > 0 && reading.newest_first => {
                        reading.store(reading.part(true), false)?;
                        let walk = Walk { cursor: None, of: due.of, newest_first: true, pages };
                        ctx.store.put_walk(due.ticket, &walk, ctx.environment.now())?;
                        return Ok(reading.result());
                    }
                    None => {
                        ctx.health.too_large(due.ticket, true);
                        return Err(failed.into());
                    }
                }
            }
            page => page?,
        };
        pages += 1;
        rows = rows.saturating_mul(2);
        ctx.health.too_large(due.ticket, false);
        let brings_something = reading.add(page.value, page.server);
        let next = reading.next.take().filter(|next| {
            let leads_on = brings_something && places.insert(next.clone());
            reading.unreadable.unknown += u32::from(!leads_on);
            leads_on
        });
        let Some(next) = next else {
            // This was the last page.
            reading.store(None, true)?;
            return Ok(reading.result());
        };
        // A long thread has changed. Everything older than a comment that the file knows was read before.
        let reached = walk.is_some() && reading.newest_first && reading.reaches_known()?;
        if reached || pages >= if reading.newest_first { PAGES } else { most } {
            reading.store(reading.part(reading.newest_first), false)?;
            if !reached {
                reading.unread_through =
                    if reading.newest_first { reading.lowest.unwrap_or_default() - 1 } else { i64::MAX };
            }
            let place = match walk {
                Some(walk) if reached => walk.cursor,
                _ => Some(next),
            };
            let walk = Walk { cursor: place, of: due.of, newest_first: reading.newest_first, pages };
            ctx.store.put_walk(due.ticket, &walk, ctx.environment.now())?;
            return Ok(reading.result());
        }
        if reading.bytes > MEMORY {
            reading.store(reading.part(false), false)?;
        }
        cursor = Some(next);
        if let Some(serve) = interrupted {
            serve(ctx, me).await?;
        }
    }
}

/// Reads the next page of a long thread, and stores it.
pub(super) async fn walk_on(ctx: &SyncContext<'_>, due: ThreadDue, walk: Walk, me: Me) -> Result<(), SyncFailure> {
    let page = match page(ctx, due, walk.cursor.as_deref(), u32::MAX).await {
        // The server no longer knows the cursor. The thread is read again from its beginning.
        Err(failed) if failed.failure.is_refused() => {
            let walk = Walk { cursor: None, newest_first: false, ..walk };
            return Ok(ctx.store.put_walk(due.ticket, &walk, ctx.environment.now())?);
        }
        page => page?,
    };
    let mut reading = Reading::new(ctx, due, me);
    reading.add(page.value, page.server);
    let next = reading.next.take().filter(|next| walk.cursor.as_ref() != Some(next));
    // If the newest comments come last, the thread is up to date only now, at its end.
    let newest = next.is_none() && !walk.newest_first;
    // The last page of a thread that is read from its newest comment on begins with the description.
    let with_first = next.is_none() && walk.newest_first;
    let part = Part { above: None, newest };
    reading.store(Some(part), with_first)?;
    let walk = Walk { cursor: next, pages: walk.pages.saturating_add(1), ..walk };
    Ok(ctx.store.put_walk(due.ticket, &walk, ctx.environment.now())?)
}

/// Reads one page, with as many rows as the server can deliver, and at most `rows`.
async fn page(ctx: &SyncContext<'_>, due: ThreadDue, cursor: Option<&str>, rows: u32) -> Outcome<CommentPage> {
    let mut rows = ctx.health.page_rows(ctx.product.sync.page_size).clamp(1, rows);
    let mut patient = true;
    loop {
        match ctx.remote.comments(due.number, cursor, rows).await {
            Err(failed) if failed.failure.is_too_large() && rows > 1 => rows = (rows / 4).max(1),
            Err(failed) if failed.failure.is_too_much() && rows > 1 && std::mem::take(&mut patient) => {
                rows = (rows / 4).max(1);
            }
            Ok(page) => {
                ctx.health.good_page();
                return Ok(page);
            }
            Err(failed) => return Err(failed),
        }
    }
}

/// What was read of a thread so far.
struct Reading<'a> {
    ctx: &'a SyncContext<'a>,
    due: ThreadDue,
    me: Me,
    /// When the reading began, by the device's clock. The whole result counts as read at that time.
    asked: Timestamp,
    /// Whether the first page has arrived, and its time by the server's clock.
    has_page: bool,
    as_of: Option<Timestamp>,
    /// The comments that are not stored yet.
    comments: BTreeMap<i64, RemoteComment>,
    people: BTreeMap<i64, RemotePerson>,
    /// The size of these comments' texts, in bytes.
    bytes: usize,
    /// The ids of the comments that are stored.
    stored: BTreeSet<i64>,
    /// How many comments the pages had so far.
    passed: u64,
    /// The operations that are settled.
    settled: Vec<Settlement>,
    unreadable: Unreadable,
    /// Comments up to this id were not read; 0 if all were.
    unread_through: i64,
    /// Whether the ids have descended so far.
    newest_first: bool,
    /// The lowest id so far.
    lowest: Option<i64>,
    next: Option<String>,
}

impl<'a> Reading<'a> {
    fn new(ctx: &'a SyncContext<'a>, due: ThreadDue, me: Me) -> Self {
        Self {
            ctx,
            due,
            me,
            asked: ctx.environment.now(),
            has_page: false,
            as_of: None,
            comments: BTreeMap::new(),
            people: BTreeMap::new(),
            bytes: 0,
            stored: BTreeSet::new(),
            passed: 0,
            settled: Vec::new(),
            unreadable: Unreadable::default(),
            unread_through: 0,
            newest_first: true,
            lowest: None,
            next: None,
        }
    }

    /// Adds a page. False if it has nothing that the pages before it did not have.
    fn add(&mut self, page: CommentPage, server: Option<Timestamp>) -> bool {
        if !std::mem::replace(&mut self.has_page, true) {
            self.as_of = server;
        }
        self.ctx.seen(self.me, server);
        let ids = page.comments.iter().map(|comment| comment.id.0);
        let is_new = |id: i64| !self.comments.contains_key(&id) && !self.stored.contains(&id);
        // A page without comments may have had nothing but private notes.
        let brings_something = page.comments.is_empty() || !page.unreadable.is_empty() || ids.clone().any(is_new);
        let descending = self.lowest.into_iter().chain(ids.clone()).is_sorted_by(|newer, older| newer > older);
        // A single comment on the first page has no order.
        self.newest_first &= descending;
        self.lowest = self.lowest.into_iter().chain(ids).min();
        self.passed += page.comments.len() as u64 + u64::from(page.unreadable.count());
        for comment in page.comments {
            self.bytes += comment.body.len();
            self.comments.insert(comment.id.0, comment);
        }
        self.people.extend(page.people.into_iter().map(|person| (person.id.0, person)));
        self.unreadable.add(page.unreadable);
        self.next = page.next;
        brings_something
    }

    /// Whether the file has any of the comments that are not stored yet.
    fn reaches_known(&self) -> Result<bool, SyncFailure> {
        let ids: Vec<i64> = self.comments.keys().copied().collect();
        Ok(self.ctx.store.knows_comment(self.due.ticket, &ids)?)
    }

    /// Which part of a longer thread the comments are that are not stored yet. `newest` says that the thread counts as
    /// read with them.
    #[expect(clippy::unnecessary_wraps, reason = "the caller passes it on as it is")]
    fn part(&self, newest: bool) -> Option<Part> {
        // If the newest comments come first, every comment above the lowest id was read, unless one was left out.
        let all_above = self.newest_first && self.unreadable.is_empty();
        Some(Part { above: self.lowest.filter(|_| all_above), newest })
    }

    /// Stores the comments that are not stored yet: as a part of the thread, or, if `part` is `None`, as the end of the
    /// whole thread. `with_first` says that the oldest of them is the thread's first comment.
    fn store(&mut self, part: Option<Part>, with_first: bool) -> Result<(), SyncFailure> {
        let comments: Vec<RemoteComment> = std::mem::take(&mut self.comments).into_values().collect();
        let people: Vec<RemotePerson> = std::mem::take(&mut self.people).into_values().collect();
        self.bytes = 0;
        let oldest = comments.first().map(|comment| comment.id.0);
        // A page of an oldest-first thread begins with the first comment only if nothing was stored before.
        let is_oldest = oldest.is_some_and(|oldest| self.stored.first().is_none_or(|stored| oldest < *stored));
        let without_first = !(is_oldest && (with_first || !self.newest_first && part.is_some()));
        let seen = Observation { at: self.asked, ..self.ctx.seen(self.me, self.as_of) };
        let read = ReadThread { ticket: self.due.ticket, of: self.due.of, comments: &comments, people: &people, seen };
        let rest =
            Rest { stored: std::mem::take(&mut self.stored), unreadable: self.unreadable.clone(), part, without_first };
        let left_over = match self.ctx.store.apply_thread_with(&read, &rest) {
            // The ticket was deleted or revoked on this device while its thread was on its way.
            Err(StoreError::NoSuchTicket) => Vec::new(),
            applied => {
                let AppliedThread { settled, left_over } = applied?;
                self.settled.extend(settled);
                left_over
            }
        };
        self.stored = rest.stored;
        for (index, comment) in comments.into_iter().enumerate() {
            if left_over.contains(&index) {
                self.bytes += comment.body.len();
                self.comments.insert(comment.id.0, comment);
            } else {
                self.stored.insert(comment.id.0);
            }
        }
        Ok(())
    }

    fn result(self) -> (ThreadRead, i64) {
        let unknown = (self.unreadable.unknown > 0).then_some(i64::MAX);
        let left_out_through = unknown.or(self.unreadable.ids.iter().copied().max()).unwrap_or_default();
        (ThreadRead { as_of: self.as_of, settled: self.settled }, left_out_through.max(self.unread_through))
    }
}
