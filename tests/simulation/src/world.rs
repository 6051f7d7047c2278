//! Time, random numbers, and the trace of a run.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use async_trait::async_trait;
use pocketdesk::environment::Environment;
use pocketdesk::model::{Timestamp, millis};

/// 2026-03-02T09:00:00Z. Every run begins on the same Monday.
const START: i64 = 1_772_442_000_000;

/// The environment of a run: a time that advances when all tasks wait, a device's clock that may be wrong and jump, and
/// random numbers from a seed.
#[derive(Clone)]
pub struct World(Arc<Mutex<Inner>>);

struct Inner {
    /// Milliseconds since the start, by the server's clock, which never jumps.
    time: i64,
    /// How far the device's clock is ahead of the server's, in ms.
    off_by: i64,
    /// By how much the device's clock jumps at its next wait, in ms.
    jump: Option<i64>,
    chance: Chance,
    /// The random stream for core. It is separate from the server's, so that draws of the one do not shift the other's.
    ids: Chance,
    timers: BTreeMap<(i64, u64), Waker>,
    registered: u64,
    trace: Option<Vec<String>>,
}

impl World {
    /// Creates a world that is a function of `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(Inner {
            time: 0,
            off_by: 0,
            jump: None,
            chance: Chance::new(seed),
            ids: Chance::new(!seed),
            timers: BTreeMap::new(),
            registered: 0,
            trace: None,
        })))
    }

    /// Records a trace from now on.
    pub fn record(&self) {
        self.lock().trace.get_or_insert_default();
    }

    /// A random number below `bound`, which must not be zero.
    #[must_use]
    pub fn below(&self, bound: u64) -> u64 {
        self.lock().chance.below(bound)
    }

    /// Adds a line to the trace, if there is one.
    pub fn note(&self, line: impl FnOnce() -> String) {
        let mut inner = self.lock();
        let at = inner.time;
        if let Some(trace) = &mut inner.trace {
            trace.push(format!("{at:>9} {}", line()));
        }
    }

    /// The trace so far.
    #[must_use]
    pub fn trace(&self) -> String {
        self.lock().trace.as_ref().map(|lines| lines.join("\n")).unwrap_or_default()
    }

    /// Milliseconds since the start.
    #[must_use]
    pub fn time(&self) -> i64 {
        self.lock().time
    }

    /// The server's clock at `time`.
    #[must_use]
    pub fn moment(time: i64) -> Timestamp {
        Timestamp(START + time)
    }

    /// Sets how far the device's clock is ahead of the server's, in ms.
    pub fn set_device_clock(&self, off_by: i64) {
        self.lock().off_by = off_by;
    }

    /// Sets the device's clock forward by `by` ms now.
    pub fn set_clock_forward(&self, by: i64) {
        self.lock().off_by += by;
    }

    /// Lets the device's clock jump by `by` ms when the device next begins to wait.
    pub fn jump_at_next_wait(&self, by: i64) {
        self.lock().jump = Some(by);
    }

    /// Whether a planned jump has not happened yet.
    #[must_use]
    pub fn jump_is_pending(&self) -> bool {
        self.lock().jump.is_some()
    }

    /// Completes after `length` ms. For the network and the server, not for the device: it does not trigger a clock
    /// jump.
    pub fn pause(&self, length: u64) -> impl Future<Output = ()> + Send + use<> {
        let until = self.time().saturating_add(i64::try_from(length).unwrap_or(i64::MAX));
        Sleep { world: self.clone(), until, timer: None }
    }

    /// Advances the time to the next timer, at most to `limit`, and wakes the tasks that wait for it. Returns false if
    /// there is no timer before the limit.
    pub(crate) fn advance(&self, limit: i64) -> bool {
        let mut inner = self.lock();
        let next = inner.timers.keys().next().map(|(at, _)| *at);
        let Some(next) = next.filter(|next| *next <= limit) else {
            inner.time = inner.time.max(limit);
            return false;
        };
        inner.time = inner.time.max(next);
        let later = inner.timers.split_off(&(next, u64::MAX));
        let due = std::mem::replace(&mut inner.timers, later);
        drop(inner);
        for waker in due.into_values() {
            waker.wake();
        }
        true
    }

    /// Drops every timer, because the tasks that waited do not exist any more.
    pub(crate) fn forget_timers(&self) {
        self.lock().timers.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Environment for World {
    fn now(&self) -> Timestamp {
        let inner = self.lock();
        Timestamp(START.saturating_add(inner.time).saturating_add(inner.off_by))
    }

    async fn sleep(&self, length: Duration) {
        let until = {
            let mut inner = self.lock();
            if let Some(by) = inner.jump.take() {
                inner.off_by += by;
            }
            inner.time.saturating_add(millis(length))
        };
        Sleep { world: self.clone(), until, timer: None }.await;
    }

    fn random(&self) -> [u8; 16] {
        let mut inner = self.lock();
        (u128::from(inner.ids.number()) << 64 | u128::from(inner.ids.number())).to_le_bytes()
    }
}

struct Sleep {
    world: World,
    until: i64,
    /// Its timer, which it has once it was polled. However often it is polled, it has one.
    timer: Option<u64>,
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(timer) = self.timer {
            self.world.lock().timers.remove(&(self.until, timer));
        }
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let world = self.world.clone();
        let mut inner = world.lock();
        if inner.time >= self.until {
            return Poll::Ready(());
        }
        let timer = *self.timer.get_or_insert_with(|| {
            inner.registered += 1;
            inner.registered
        });
        inner.timers.insert((self.until, timer), context.waker().clone());
        Poll::Pending
    }
}

/// Random numbers by splitmix64. A seed means the same run in every version of every library.
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    /// A random stream that is a function of `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A random number below `bound`, which must not be zero.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.number() % bound.max(1)
    }

    /// True once in `n`.
    pub fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    /// One of `of`, which must not be empty.
    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.below(of.len() as u64)).unwrap_or_default()]
    }

    /// A random number below `bound`.
    pub fn small(&mut self, bound: u8) -> u8 {
        u8::try_from(self.below(bound.into())).unwrap_or_default()
    }
}
