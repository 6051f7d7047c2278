//! Injected time, with a real network.
//!
//! Client and server share one thread and one paused clock of tokio. Only [`Clockwork::pass`] advances that clock, and
//! only while nothing can happen at the present time: the client sleeps, and the server holds back every request that
//! is under way (a slow answer, a silent server). So an hour of pauses takes a moment. A request over the loopback
//! interface takes no injected time, however busy the machine is.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use pocketdesk::model::{Timestamp, millis};
use tokio::task::yield_now;
use tokio::time::{self, Instant};

/// How often in a row everything has to be calm before time passes. The kernel delivers loopback bytes at once, so this is ample.
const CALM: u32 = 48;
/// The longest step of the clock while requests are held back. It is short because the client's network has time limits
/// that are not known here.
const STEP: Duration = Duration::from_secs(1);

/// The clock of one run.
#[derive(Default)]
pub(crate) struct Clockwork {
    /// Requests that the client has begun and not ended.
    under_way: AtomicUsize,
    /// Requests that the server holds back on purpose.
    held: AtomicUsize,
    /// Injected time so far, in ms.
    injected: AtomicI64,
    timers: Mutex<BTreeSet<(Instant, u64)>>,
    registered: AtomicU64,
}

/// Something is repeated for ever without a pause.
#[derive(Debug, thiserror::Error)]
#[error("goes on without a pause")]
pub(crate) struct Endless;

impl Clockwork {
    /// The time of client and server: the machine's, plus what was injected.
    pub fn now(&self) -> Timestamp {
        let machine = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(millis(machine) + self.injected.load(Ordering::Relaxed))
    }

    /// The injected time so far.
    pub fn injected(&self) -> Duration {
        Duration::from_millis(u64::try_from(self.injected.load(Ordering::Relaxed)).unwrap_or_default())
    }

    /// Completes after `length` of injected time.
    pub async fn sleep(&self, length: Duration) {
        // Longer than any run, and short enough for every clock.
        let until = Instant::now() + length.min(Duration::from_hours(24 * 30));
        let place = (until, self.registered.fetch_add(1, Ordering::Relaxed));
        self.timers().insert(place);
        let _timer = Timer(self, place);
        time::sleep_until(until).await;
    }

    /// Holds a request back for `length` of injected time.
    pub async fn hold(&self, length: Duration) {
        let _held = Count::up(&self.held);
        self.sleep(length).await;
    }

    /// Counts a request of the client as under way until the result is dropped.
    pub fn request(&self) -> impl Drop + Send + '_ {
        Count::up(&self.under_way)
    }

    /// Lets `length` of injected time pass. `is_too_much` ends it before that.
    pub async fn pass(&self, length: Duration, is_too_much: impl Fn() -> bool) -> Result<(), Endless> {
        let until = Instant::now() + length;
        loop {
            self.settle(&is_too_much).await?;
            let now = Instant::now();
            if now >= until {
                return Ok(());
            }
            let mut next = until;
            if let Some((timer, _)) = self.timers().first() {
                next = next.min(*timer);
            }
            if self.under_way.load(Ordering::Relaxed) > 0 {
                next = next.min(now + STEP);
            }
            // tokio's timers have whole milliseconds.
            let step = next.saturating_duration_since(now) + Duration::from_millis(1);
            let step = Duration::from_millis(u64::try_from(step.as_millis()).unwrap_or_default());
            self.injected.fetch_add(millis(step), Ordering::Relaxed);
            time::advance(step).await;
        }
    }

    /// Lets everything happen that can happen without time.
    async fn settle(&self, is_too_much: &impl Fn() -> bool) -> Result<(), Endless> {
        let mut calm = 0;
        while calm < CALM {
            yield_now().await;
            let busy = self.under_way.load(Ordering::Relaxed) > self.held.load(Ordering::Relaxed);
            calm = if busy { 0 } else { calm + 1 };
            if is_too_much() {
                return Err(Endless);
            }
        }
        Ok(())
    }

    fn timers(&self) -> MutexGuard<'_, BTreeSet<(Instant, u64)>> {
        self.timers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Timer<'a>(&'a Clockwork, (Instant, u64));

impl Drop for Timer<'_> {
    fn drop(&mut self) {
        self.0.timers().remove(&self.1);
    }
}

struct Count<'a>(&'a AtomicUsize);

impl<'a> Count<'a> {
    fn up(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Count<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Shared by the client's side and the server's.
pub(crate) type Shared = Arc<Clockwork>;
