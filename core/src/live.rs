//! Live views: what changed, so that a screen can ask again for the rows it shows.
//!
//! A change carries no data. The store announces it after the commit; every subscriber has one [`Changes`] that gathers
//! announcements until the subscriber takes it, so a slow screen costs a constant amount of memory and never misses one.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::Notify;

use crate::model::TicketId;

/// What changed since the last look.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Some row of the history.
    pub history: bool,
    /// Messages or the head of these tickets.
    pub threads: BTreeSet<TicketId>,
    /// Something is queued, sent, or needs the user.
    pub outbox: bool,
    /// Syncing, reachability, or an account-level problem.
    pub status: bool,
}

impl Changes {
    /// Only [`status`](Self::status).
    #[must_use]
    pub fn of_status() -> Self {
        Self { status: true, ..Self::default() }
    }

    /// Whether nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.history && !self.outbox && !self.status && self.threads.is_empty()
    }

    fn add(&mut self, other: &Self) {
        self.history |= other.history;
        self.outbox |= other.outbox;
        self.status |= other.status;
        self.threads.extend(&other.threads);
    }
}

/// Where changes are announced.
#[derive(Default)]
pub struct Live {
    subscribers: Mutex<Vec<Weak<Mailbox>>>,
}

#[derive(Default)]
struct Mailbox {
    gathered: Mutex<Changes>,
    notify: Notify,
}

/// One subscriber's side. Dropping it ends the subscription.
pub struct Subscription(Arc<Mailbox>);

impl Live {
    /// Starts gathering changes for one more subscriber.
    pub fn subscribe(&self) -> Subscription {
        let mailbox = Arc::new(Mailbox::default());
        let mut subscribers = self.subscribers.lock().unwrap_or_else(PoisonError::into_inner);
        subscribers.retain(|subscriber| subscriber.strong_count() > 0);
        subscribers.push(Arc::downgrade(&mailbox));
        Subscription(mailbox)
    }

    /// Tells every subscriber. Never blocks on one of them.
    pub fn announce(&self, changes: &Changes) {
        if changes.is_empty() {
            return;
        }
        let subscribers = self.subscribers.lock().unwrap_or_else(PoisonError::into_inner);
        for mailbox in subscribers.iter().filter_map(Weak::upgrade) {
            mailbox.gathered.lock().unwrap_or_else(PoisonError::into_inner).add(changes);
            mailbox.notify.notify_one();
        }
    }

    /// How many subscriptions are alive.
    #[must_use]
    pub fn subscriptions(&self) -> usize {
        let subscribers = self.subscribers.lock().unwrap_or_else(PoisonError::into_inner);
        subscribers.iter().filter(|subscriber| subscriber.strong_count() > 0).count()
    }
}

impl Subscription {
    /// Waits until something changed, and takes all that was gathered. Cancelling it loses nothing.
    pub async fn next(&self) -> Changes {
        loop {
            let taken = std::mem::take(&mut *self.0.gathered.lock().unwrap_or_else(PoisonError::into_inner));
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
