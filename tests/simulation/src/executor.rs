//! An executor on one thread, which polls one task at a time, in the order in which tasks were woken.

use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Wake};

use crate::World;

/// A spawned task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TaskId(u64);

/// Why a run of the executor ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// The requested time has passed.
    Time,
    /// The allowed number of polls was used up before.
    Polls,
}

/// Polls tasks in virtual time.
pub struct Executor {
    world: World,
    tasks: BTreeMap<TaskId, Pin<Box<dyn Future<Output = ()>>>>,
    woken: Arc<Mutex<VecDeque<TaskId>>>,
    spawned: u64,
}

struct Waker {
    task: TaskId,
    woken: Arc<Mutex<VecDeque<TaskId>>>,
}

impl Wake for Waker {
    fn wake(self: Arc<Self>) {
        self.woken.lock().unwrap_or_else(PoisonError::into_inner).push_back(self.task);
    }
}

impl Executor {
    /// An executor in `world`.
    #[must_use]
    pub fn new(world: World) -> Self {
        Self { world, tasks: BTreeMap::new(), woken: Arc::default(), spawned: 0 }
    }

    /// Adds a task.
    pub fn spawn(&mut self, future: impl Future<Output = ()> + 'static) -> TaskId {
        let task = TaskId(self.spawned);
        self.spawned += 1;
        self.tasks.insert(task, Box::pin(future));
        self.woken.lock().unwrap_or_else(PoisonError::into_inner).push_back(task);
        task
    }

    /// Drops a task in whatever state it is.
    pub fn cut(&mut self, task: TaskId) {
        self.tasks.remove(&task);
    }

    /// Drops every task, as a killed process would.
    pub fn cut_all(&mut self) {
        self.tasks.clear();
        self.woken.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.world.forget_timers();
    }

    /// Polls until `length` ms have passed, with at most `polls` polls. Subtracts the polls it made from `polls`.
    pub fn run(&mut self, length: u64, polls: &mut u64) -> Stopped {
        let until = self.world.time().saturating_add(i64::try_from(length).unwrap_or(i64::MAX));
        loop {
            if *polls == 0 {
                return Stopped::Polls;
            }
            let next = self.woken.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
            let Some(task) = next else {
                if self.world.advance(until) {
                    continue;
                }
                return Stopped::Time;
            };
            let Some(future) = self.tasks.get_mut(&task) else { continue };
            *polls -= 1;
            let waker = Arc::new(Waker { task, woken: Arc::clone(&self.woken) }).into();
            if future.as_mut().poll(&mut Context::from_waker(&waker)).is_ready() {
                self.tasks.remove(&task);
            }
        }
    }
}
