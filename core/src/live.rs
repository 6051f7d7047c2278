//! Live views: announcements of what changed, so that a screen can query again for the rows that it shows.
//!
//! An announcement contains no data, only what to query again. The store announces after each commit. Every subscriber
//! has one [`Changes`] that collects announcements until the subscriber takes it. So a slow screen misses nothing, and
//! needs no queue that grows.
//!
//! A sync commits many times a second, and a screen that queries again each time does nothing else. So an announcement says
//! whether somebody waits for it ([`Urgency`]), and a subscriber can let the others gather for a moment
//! ([`Subscription::gather`]). What the user does is never held up.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::Notify;

use crate::model::TicketId;

/// What changed since the subscriber last took its changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// At least one row of the history changed, or the order of the rows, or what a search finds.
    pub history: bool,
    /// These tickets changed: their fields, their messages, or the progress of their files.
    pub threads: BTreeSet<TicketId>,
    /// What any thread shows may have changed: labels, actions, what holds for the user. A change of the history alone is none.
    pub every_thread: bool,
    /// An operation of the outbox was added, removed, or changed its state.
    pub outbox: bool,
    /// Something of the help centre changed: an article, the user's answer about one, or whether there is a help centre.
    pub articles: bool,
    /// The status of sync changed: a run began or ended, the first sync went on, or the network, the account's problem
    /// or a recovery changed.
    pub status: bool,
}

impl Changes {
    /// A change of [`status`](Self::status) only.
    #[must_use]
    pub fn of_status() -> Self {
        Self { status: true, ..Self::default() }
    }

    /// A change of everything that a screen can show.
    #[must_use]
    pub fn of_everything() -> Self {
        Self { history: true, threads: BTreeSet::new(), every_thread: true, outbox: true, articles: true, status: true }
    }

    /// Whether the thread of this ticket has to be asked for again.
    #[must_use]
    pub fn concern(&self, ticket: TicketId) -> bool {
        self.every_thread || self.threads.contains(&ticket)
    }

    /// Whether nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn add(&mut self, other: &Self) {
        self.history |= other.history;
        self.every_thread |= other.every_thread;
        self.outbox |= other.outbox;
        self.articles |= other.articles;
        self.status |= other.status;
        self.threads.extend(&other.threads);
    }
}

/// Whether somebody waits for a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// The user did something, or something of the user's own moved on.
    Now,
    /// Sync read something. It may be shown a moment later, with what is read until then.
    Later,
}

/// The subscribers of one client. Shared between threads.
#[derive(Default)]
pub struct Live {
    subscribers: Mutex<Vec<Weak<Mailbox>>>,
}

/// The changes that one subscriber has not taken yet.
#[derive(Default)]
struct Mailbox {
    collected: Mutex<Collected>,
    notify: Notify,
}

#[derive(Default)]
struct Collected {
    changes: Changes,
    /// Whether somebody waits for one of them.
    now: bool,
}

/// One subscription. Dropping it ends it.
pub struct Subscription(Arc<Mailbox>);

impl Live {
    /// Adds a subscriber. It gets every change that is announced from now on.
    pub fn subscribe(&self) -> Subscription {
        let mailbox = Arc::new(Mailbox::default());
        let mut subscribers = self.subscribers.lock().unwrap_or_else(PoisonError::into_inner);
        subscribers.retain(|subscriber| subscriber.strong_count() > 0);
        subscribers.push(Arc::downgrade(&mailbox));
        Subscription(mailbox)
    }

    /// Announces changes to every subscriber. Never waits for one of them.
    pub fn announce(&self, changes: &Changes, urgency: Urgency) {
        if changes.is_empty() {
            return;
        }
        let subscribers = self.subscribers.lock().unwrap_or_else(PoisonError::into_inner);
        for mailbox in subscribers.iter().filter_map(Weak::upgrade) {
            let mut collected = mailbox.collected.lock().unwrap_or_else(PoisonError::into_inner);
            collected.changes.add(changes);
            collected.now |= urgency == Urgency::Now;
            drop(collected);
            mailbox.notify.notify_one();
        }
    }

    /// How many subscriptions exist.
    #[must_use]
    pub fn subscriptions(&self) -> usize {
        let subscribers = self.subscribers.lock().unwrap_or_else(PoisonError::into_inner);
        subscribers.iter().filter(|subscriber| subscriber.strong_count() > 0).count()
    }
}

impl Subscription {
    /// Waits until something has changed, and takes all collected changes. Dropping the future loses none.
    pub async fn next(&self) -> Changes {
        loop {
            let taken = std::mem::take(&mut *self.0.collected.lock().unwrap_or_else(PoisonError::into_inner));
            if !taken.changes.is_empty() {
                return taken.changes;
            }
            self.0.notify.notified().await;
        }
    }

    /// Lets changes gather until `pause` completes, or until there is one that somebody waits for. Call it between two calls of
    /// [`next`](Self::next) on behalf of a screen. Takes nothing.
    pub async fn gather(&self, pause: impl Future<Output = ()>) {
        let awaited = async {
            while !self.0.collected.lock().unwrap_or_else(PoisonError::into_inner).now {
                self.0.notify.notified().await;
            }
        };
        tokio::select! {
            () = pause => (),
            () = awaited => (),
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[test]
    fn changes_gather_until_they_are_taken() {
        let live = Live::default();
        let screen = live.subscribe();
        assert!(screen.next().now_or_never().is_none());
        live.announce(&Changes { history: true, ..Changes::default() }, Urgency::Now);
        live.announce(&Changes { threads: [TicketId(7)].into(), ..Changes::default() }, Urgency::Later);
        let expected = Changes { history: true, threads: [TicketId(7)].into(), ..Changes::default() };
        assert_eq!(screen.next().now_or_never(), Some(expected));
        assert!(screen.next().now_or_never().is_none());
    }

    #[test]
    fn what_sync_reads_gathers_and_what_the_user_does_ends_that() {
        let live = Live::default();
        let screen = live.subscribe();
        let mut gathering = Box::pin(screen.gather(std::future::pending()));
        assert!(gathering.as_mut().now_or_never().is_none());
        for ticket in 0..1_000 {
            live.announce(&Changes { threads: [TicketId(ticket)].into(), ..Changes::default() }, Urgency::Later);
            assert!(gathering.as_mut().now_or_never().is_none(), "sync ends nothing");
        }
        live.announce(&Changes { outbox: true, ..Changes::default() }, Urgency::Now);
        assert!(gathering.as_mut().now_or_never().is_some());
        drop(gathering);
        let all = screen.next().now_or_never().expect("they are taken at once");
        assert_eq!((all.threads.len(), all.outbox), (1_000, true));
        assert!(screen.next().now_or_never().is_none());
    }

    #[test]
    fn gathering_ends_with_its_pause_and_loses_nothing() {
        let live = Live::default();
        let screen = live.subscribe();
        live.announce(&Changes { history: true, ..Changes::default() }, Urgency::Later);
        assert!(screen.gather(std::future::ready(())).now_or_never().is_some());
        assert_eq!(screen.next().now_or_never(), Some(Changes { history: true, ..Changes::default() }));
    }

    #[test]
    fn a_change_of_the_history_concerns_no_thread() {
        let seven = TicketId(7);
        assert!(!Changes { history: true, ..Changes::default() }.concern(seven));
        assert!(Changes { threads: [seven].into(), ..Changes::default() }.concern(seven));
        assert!(Changes::of_everything().concern(seven));
    }

    #[test]
    fn a_dropped_subscription_leaves_nothing_behind() {
        let live = Live::default();
        for _ in 0..1_000 {
            drop(live.subscribe());
        }
        let last = live.subscribe();
        assert_eq!(live.subscriptions(), 1);
        drop(last);
        assert_eq!(live.subscriptions(), 0);
    }
}
