//! A clock that jumps to the next timer.

use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use async_trait::async_trait;
use pocketdesk::environment::Environment;
use pocketdesk::model::{Timestamp, millis};

/// When every test begins.
pub const START: i64 = 1_772_442_000_000;

/// The clock of the device and of the server.
#[derive(Default)]
pub struct Clock {
    elapsed: AtomicI64,
    timers: Mutex<BTreeMap<(i64, u64), Waker>>,
    numbers: AtomicU64,
    random: AtomicU64,
}

impl Clock {
    pub fn elapsed(&self) -> Duration {
        Duration::from_millis(self.elapsed.load(Ordering::Relaxed).unsigned_abs())
    }

    /// Polls `future` to its end. Whenever nothing else can happen, the clock jumps to the next timer.
    pub fn run<T>(&self, future: impl Future<Output = T>) -> T {
        let woken = Arc::new(Woken(AtomicBool::new(true)));
        let waker = Waker::from(Arc::clone(&woken));
        let mut future = pin!(future);
        loop {
            if woken.0.swap(false, Ordering::Relaxed) {
                if let Poll::Ready(done) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
                    return done;
                }
                continue;
            }
            // Without a timer nothing would ever happen again.
            let ((at, _), timer) = self.timers.lock().unwrap().pop_first().unwrap();
            self.elapsed.fetch_max(at, Ordering::Relaxed);
            timer.wake();
        }
    }
}

struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[async_trait]
impl Environment for Clock {
    fn now(&self) -> Timestamp {
        Timestamp(START + self.elapsed.load(Ordering::Relaxed))
    }

    async fn sleep(&self, length: Duration) {
        let at = self.elapsed.load(Ordering::Relaxed).saturating_add(millis(length).max(1));
        let key = (at, self.numbers.fetch_add(1, Ordering::Relaxed));
        poll_fn(|context| {
            if self.elapsed.load(Ordering::Relaxed) >= at {
                return Poll::Ready(());
            }
            self.timers.lock().unwrap().insert(key, context.waker().clone());
            Poll::Pending
        })
        .await;
    }

    fn random(&self) -> [u8; 16] {
        let number = self.random.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&number.to_be_bytes());
        bytes[8..].copy_from_slice(&number.wrapping_mul(0xbf58_476d_1ce4_e5b9).to_be_bytes());
        bytes
    }
}
