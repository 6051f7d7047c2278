//! Time, chance, and the trace of a run.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use async_trait::async_trait;
use pocketdesk::environment::{Environment, Timestamp, millis};

/// 2026-03-02T09:00:00Z: every run begins on the same Monday.
const START: i64 = 1_772_442_000_000;

/// What a run's device has: a clock that moves when everybody waits, and random numbers from a seed.
#[derive(Clone)]
pub struct World(Arc<Mutex<Inner>>);

struct Inner {
    now: i64,
    chance: u64,
    timers: Vec<(i64, Waker)>,
    trace: Vec<String>,
}

impl World {
    /// A world that is a function of `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(Inner { now: START, chance: seed, timers: Vec::new(), trace: Vec::new() })))
    }

    /// A number below `bound` (which is not zero).
    #[must_use]
    pub fn below(&self, bound: u64) -> u64 {
        self.number() % bound.max(1)
    }

    /// Adds a line to the trace, with the time since the start.
    pub fn note(&self, line: &str) {
        let mut inner = self.lock();
        let at = inner.now - START;
        inner.trace.push(format!("{at:>8} {line}"));
    }

    /// The trace so far.
    #[must_use]
    pub fn trace(&self) -> String {
        self.lock().trace.join("\n")
    }

    /// Moves the clock to the next timer and wakes whoever waits for it. False if nobody waits.
    pub(crate) fn advance(&self) -> bool {
        let mut inner = self.lock();
        let Some(next) = inner.timers.iter().map(|(at, _)| *at).min() else { return false };
        inner.now = inner.now.max(next);
        let now = inner.now;
        let (due, later): (Vec<_>, Vec<_>) = inner.timers.drain(..).partition(|(at, _)| *at <= now);
        inner.timers = later;
        drop(inner);
        for (_, waker) in due {
            waker.wake();
        }
        true
    }

    /// The next number: splitmix64, so that a seed means the same run in every version of every library.
    fn number(&self) -> u64 {
        let mut inner = self.lock();
        inner.chance = inner.chance.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = inner.chance;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Environment for World {
    fn now(&self) -> Timestamp {
        Timestamp(self.lock().now)
    }

    async fn sleep(&self, length: Duration) {
        let until = self.lock().now.saturating_add(millis(length));
        Sleep { world: self.clone(), until }.await;
    }

    fn random(&self) -> [u8; 16] {
        (u128::from(self.number()) << 64 | u128::from(self.number())).to_le_bytes()
    }
}

struct Sleep {
    world: World,
    until: i64,
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut inner = self.world.lock();
        if inner.now >= self.until {
            return Poll::Ready(());
        }
        inner.timers.push((self.until, context.waker().clone()));
        Poll::Pending
    }
}
