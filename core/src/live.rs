//! Live views: announcements of what changed, so that a screen can query again for the rows that it shows.
//!
//! An announcement contains no data, only what to query again. The store announces after each commit. Every subscriber
//! has one [`Changes`] that collects announcements until the subscriber takes it. So a slow screen misses nothing, and
//! needs no queue that grows.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::Notify;

use crate::model::TicketId;

/// What changed since the subscriber last took its changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// At least one row of the history changed.
    pub history: bool,
    /// These tickets changed: their fields, their messages, or the progress of their files.
    pub threads: BTreeSet<TicketId>,
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

    /// Whether nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.history && !self.outbox && !self.articles && !self.status && self.threads.is_empty()
    }

    fn add(&mut self, other: &Self) {
        self.history |= other.history;
        self.outbox |= other.outbox;
        self.articles |= other.articles;
        self.status |= other.status;
        self.threads.extend(&other.threads);
    }
}

/// The subscribers of one client. Shared between threads.
#[derive(Default)]
pub struct Live {
    subscribers: Mutex<Vec<Weak<Mailbox>>>,
}

/// The changes that one subscriber has not taken yet.
#[derive(Default)]
struct Mailbox {
    collected: Mutex<Changes>,
    notify: Notify,
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
    pub fn announce(&self, changes: &Changes) {
        if changes.is_empty() {
            return;
        }
        let subscribers = self.subscribers.lock().unwrap_or_else(PoisonError::into_inner);
        for mailbox in subscribers.iter().filter_map(Weak::upgrade) {
            mailbox.collected.lock().unwrap_or_else(PoisonError::into_inner).add(changes);
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
            if !taken.is_empty() {
                return taken;
            }
            self.0.notify.notified().await;
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
        live.announce(&Changes { history: true, ..Changes::default() });
        live.announce(&Changes { threads: [TicketId(7)].into(), ..Changes::default() });
        let expected = Changes { history: true, threads: [TicketId(7)].into(), ..Changes::default() };
        assert_eq!(screen.next().now_or_never(), Some(expected));
        assert!(screen.next().now_or_never().is_none());
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
