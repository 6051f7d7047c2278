//! Health: what runs find out about the server and the network, kept in memory for the next run.
//!
//! Nothing here is stored, because a new process finds it out again with a few requests.
//!
//! * **Page size.** After an answer that was too slow or too large, pages are halved, down to one row. Several good
//!   pages double them again.
//! * **Downloads** that failed wait before they are tried again.
//! * **Failing threads.** The more threads failed in a row, the longer the next run waits before it tries others. A thread
//!   that fails again and again counts once, and the one on screen does not count.
//! * **Failing extras** of a ticket wait before they are read again.
//! * **Lists.** Which ones the user has is asked once in a while ([`repetition`](super::repetition)).
//! * **Watermarks.** Which of them are settled, so that a list need not be read further back ([`settled`](super::lists::settled)).
//! * **Read marks.** No user waits for them, and "mark all as read" makes many. At most [`MARKS`] are sent in
//!   [`MARKS_TIME`], so they leave to everything else most of what the server allows.
//! * **Rate limit.** How much is left of it decides what a run reads by itself ([`remainder`](super::remainder)).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::lists::settled::Watermark;
use super::notes::isolation::FAILED_THREADS;
use super::remainder::Remainder;
use super::repetition::{asks_for_lists, extras_pause};
use crate::connectors::Remote;
use crate::model::{Chance, TicketId, TicketList, Timestamp};
use crate::outbox::{Wait, backoff};

/// After this many pages have arrived in time, the size of pages that were halved is doubled.
const GOOD_PAGES: u32 = 4;
/// How long a refusal of a ticket that a list shows is not asked about once more.
const CONTRADICTED: Duration = Duration::from_mins(15);
/// How often a thread on screen that may have more is read, although its ticket has not changed.
const READ_AGAIN: Duration = Duration::from_mins(1);
/// How many read marks are sent in [`MARKS_TIME`] at most.
const MARKS: u32 = 20;
/// See [`MARKS`].
const MARKS_TIME: Duration = Duration::from_mins(1);

/// What runs have found out. Shared by the runs of one client.
#[derive(Default)]
pub struct Health(Mutex<Findings>);

#[derive(Default)]
struct Findings {
    /// How often pages were halved.
    halved: u32,
    /// How many pages have arrived in time since the size last changed.
    good_pages: u32,
    /// The threads that failed since one was read.
    failed_threads: BTreeSet<TicketId>,
    /// The pause in which no thread is read by itself, if enough threads have failed.
    thread_pause: Option<Wait>,
    /// What is left of the rate limit.
    remainder: Remainder,
    /// The user has asked for a sync, which no run has begun since.
    asked: bool,
    /// The user has asked for the run that is under way.
    is_asked: bool,
    /// The threads of which not even one comment could be read, because the answers were too large.
    too_large: BTreeSet<TicketId>,
    /// The last proof that the account works was refused.
    account_refused: bool,
    /// The tickets that were refused although a list shows them. For a while a refusal of them needs no explanation.
    contradicted: BTreeMap<TicketId, Wait>,
    /// The pauses before threads that may have more are read again.
    read_again: BTreeMap<TicketId, Wait>,
    /// The pauses of downloads that failed, by their ids.
    downloads: BTreeMap<i64, Wait>,
    /// When the server said which lists the user has; `None` if it did not, or if that may have changed.
    lists_found: Option<Timestamp>,
    /// The extras that could not be read: how often in a row, and their pauses.
    failed_extras: BTreeMap<TicketId, (u32, Wait)>,
    /// What is known about the watermarks of the lists.
    watermarks: BTreeMap<TicketList, Watermark>,
    /// How many rows the running full reconciliation has read of each list.
    reconciled_rows: BTreeMap<TicketList, u64>,
    /// The time since the first of the last read marks, and how many there were.
    read_marks: Option<(Wait, u32)>,
}

impl Health {
    /// How many rows to ask for on a page that usually has `rows`.
    pub(super) fn page_rows(&self, rows: u32) -> u32 {
        rows.checked_shr(self.lock().halved).unwrap_or_default().max(1)
    }

    /// An answer was too slow or too large, so the next pages are smaller.
    pub(super) fn too_slow(&self) {
        let mut findings = self.lock();
        (findings.halved, findings.good_pages) = ((findings.halved + 1).min(7), 0);
    }

    /// A page has arrived.
    pub(super) fn good_page(&self) {
        let mut findings = self.lock();
        findings.good_pages += 1;
        if findings.good_pages >= GOOD_PAGES {
            (findings.halved, findings.good_pages) = (findings.halved.saturating_sub(1), 0);
        }
    }

    /// Notes whether the answers about a thread are too large, however little is asked for.
    pub(super) fn too_large(&self, ticket: TicketId, is: bool) {
        let mut findings = self.lock();
        if is {
            findings.too_large.insert(ticket);
        } else {
            findings.too_large.remove(&ticket);
        }
    }

    /// Whether not even one comment of a thread could be read the last time.
    pub(super) fn is_too_large(&self, ticket: TicketId) -> bool {
        self.lock().too_large.contains(&ticket)
    }

    /// Notes whether a proof that the account works was refused.
    pub(super) fn account_refused(&self, refused: bool) {
        self.lock().account_refused = refused;
    }

    /// Whether the last proof that the account works was refused.
    pub(super) fn was_account_refused(&self) -> bool {
        self.lock().account_refused
    }

    /// A ticket was refused although a list shows it.
    pub(super) fn contradicted(&self, ticket: TicketId, now: Timestamp) {
        self.lock().contradicted.insert(ticket, Wait::new(now, CONTRADICTED));
    }

    /// Whether a ticket was refused lately although a list shows it.
    pub(super) fn is_contradicted(&self, ticket: TicketId, now: Timestamp) -> bool {
        self.lock().contradicted.get(&ticket).and_then(|wait| wait.left(now)).is_some()
    }

    /// Whether a thread that has not changed, and may have more, is read again now. Then it is not for a while.
    pub(super) fn reads_again(&self, ticket: TicketId, now: Timestamp) -> bool {
        let mut findings = self.lock();
        let reads = findings.read_again.get(&ticket).and_then(|wait| wait.left(now)).is_none();
        if reads {
            findings.read_again.insert(ticket, Wait::new(now, READ_AGAIN));
        }
        reads
    }

    /// The thread of `ticket` could not be read.
    pub(super) fn thread_failed(&self, ticket: TicketId, now: Timestamp, chance: Chance) {
        let mut findings = self.lock();
        findings.failed_threads.insert(ticket);
        let failures = u32::try_from(findings.failed_threads.len()).unwrap_or(u32::MAX);
        findings.thread_pause = Some(Wait::new(now, backoff(failures.saturating_add(2), chance)));
    }

    /// Whether the thread of `ticket` failed, and none was read since.
    pub(super) fn has_failed(&self, ticket: TicketId) -> bool {
        self.lock().failed_threads.contains(&ticket)
    }

    /// A thread was read.
    pub(super) fn thread_read(&self) {
        let mut findings = self.lock();
        findings.failed_threads.clear();
        findings.thread_pause = None;
    }

    /// How long to wait before a thread is read by itself again, because many have failed. `None` if there is no such
    /// wait.
    pub(super) fn threads_paused(&self, now: Timestamp) -> Option<Duration> {
        let findings = self.lock();
        let many = findings.failed_threads.len() >= FAILED_THREADS;
        findings.thread_pause.filter(|_| many).and_then(|wait| wait.left(now))
    }

    /// The user asked for a sync, or the network has returned, or the server works again. The pauses of threads and
    /// downloads are over, and those of extras that the server did not impose.
    pub(crate) fn end_pauses(&self) {
        let mut findings = self.lock();
        findings.thread_pause = None;
        findings.downloads.clear();
        // The failures stay counted, so the next pause is no shorter.
        for (_, wait) in findings.failed_extras.values_mut().filter(|(_, wait)| !wait.server_imposed) {
            wait.length = Duration::ZERO;
        }
    }

    /// The user asks for a sync. The next run ignores how much is left of the rate limit.
    pub(crate) fn user_asks(&self) {
        self.lock().asked = true;
    }

    /// Gives a download a pause, or, if `pause` is `None`, forgets the pause that it had.
    pub(super) fn pause_download(&self, id: i64, now: Timestamp, pause: Option<Duration>) {
        let mut findings = self.lock();
        match pause {
            Some(pause) => drop(findings.downloads.insert(id, Wait::new(now, pause))),
            None => drop(findings.downloads.remove(&id)),
        }
    }

    /// How long a download still waits. `attempts` is how many attempts have failed. A download without a failed
    /// attempt does not wait, so one that the user has just asked for again starts at once.
    pub(super) fn download_paused(&self, id: i64, attempts: u32, now: Timestamp) -> Option<Duration> {
        let findings = self.lock();
        findings.downloads.get(&id).filter(|_| attempts > 0).and_then(|wait| wait.left(now))
    }

    /// A run begins. If the user has asked for it, it ignores how much is left of the rate limit.
    pub(super) fn begin_run(&self) {
        let mut findings = self.lock();
        findings.is_asked = std::mem::take(&mut findings.asked);
    }

    /// Whether the user has asked for the run that is under way.
    pub(super) fn was_asked(&self) -> bool {
        self.lock().is_asked
    }

    /// The server has said which lists the user has.
    pub(super) fn lists_found(&self, now: Timestamp) {
        self.lock().lists_found = Some(now);
    }

    /// Something was refused, perhaps because of a role that the user has lost. Then the user may have lost lists as well.
    pub(super) fn lists_may_have_changed(&self) {
        self.lock().lists_found = None;
    }

    /// Whether a run asks which lists the user has. `reads_them` is whether it reads every list.
    pub(super) fn asks_for_lists(&self, reads_them: bool, now: Timestamp) -> bool {
        let findings = self.lock();
        asks_for_lists(reads_them, findings.is_asked, findings.lists_found, now)
    }

    /// The extras of a ticket could not be read. `imposed` is the wait that the server asked for.
    pub(super) fn extras_failed(&self, ticket: TicketId, imposed: Option<Duration>, now: Timestamp, chance: Chance) {
        let mut findings = self.lock();
        let failures = findings.failed_extras.get(&ticket).map_or(0, |(failures, _)| *failures);
        let wait = extras_pause(failures, imposed, now, chance);
        findings.failed_extras.insert(ticket, (failures.saturating_add(1), wait));
    }

    /// The extras of a ticket were read.
    pub(super) fn extras_read(&self, ticket: TicketId) {
        self.lock().failed_extras.remove(&ticket);
    }

    /// Whether the extras of a ticket wait, because they could not be read.
    pub(super) fn are_extras_paused(&self, ticket: TicketId, now: Timestamp) -> bool {
        self.lock().failed_extras.get(&ticket).and_then(|(_, wait)| wait.left(now)).is_some()
    }

    /// The lists are read now.
    pub(super) fn polls(&self, now: Timestamp) {
        self.lock().remainder.polls(now);
    }

    /// How long everything has to wait that the user does not wait for, because little is left of the rate limit.
    /// `None` if it need not wait ([`Remainder::wait`]), or if the user has asked for this run.
    pub(super) fn little_left(&self, remote: &dyn Remote, now: Timestamp, patience: Duration) -> Option<Duration> {
        let mut findings = self.lock();
        findings.remainder.heard(remote.traffic().requests, remote.rate_limit(), now);
        findings.remainder.wait(now, patience).filter(|_| !findings.is_asked)
    }

    /// A read mark is sent.
    pub(super) fn sends_read_mark(&self, now: Timestamp) {
        let mut findings = self.lock();
        let last = findings.read_marks.filter(|(wait, _)| wait.left(now).is_some());
        let (wait, sent) = last.unwrap_or((Wait::new(now, MARKS_TIME), 0));
        findings.read_marks = Some((wait, sent + 1));
    }

    /// How long to wait before another read mark is sent; `None` if there is no such wait.
    pub(super) fn read_marks_paused(&self, now: Timestamp) -> Option<Duration> {
        self.lock().read_marks.filter(|(_, sent)| *sent >= MARKS).and_then(|(wait, _)| wait.left(now))
    }

    /// How many rows of `list` the running full reconciliation has read, as far as this process knows.
    pub(super) fn reconciled_rows(&self, list: &TicketList) -> u64 {
        self.lock().reconciled_rows.get(list).copied().unwrap_or_default()
    }

    pub(super) fn set_reconciled_rows(&self, list: &TicketList, rows: u64) {
        self.lock().reconciled_rows.insert(list.clone(), rows);
    }

    /// What is known about the watermark of `list`.
    pub(super) fn watermark(&self, list: &TicketList) -> Option<Watermark> {
        self.lock().watermarks.get(list).copied()
    }

    pub(super) fn set_watermark(&self, list: &TicketList, watermark: Watermark) {
        self.lock().watermarks.insert(list.clone(), watermark);
    }

    fn lock(&self) -> MutexGuard<'_, Findings> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
