//! The company's webhook: after something that the users of a ticket see was changed by the help desk, it tells an
//! address of the company's which ticket that is.
//!
//! The real service does this with a trigger of the company's own, which says when a request is sent and what its body
//! is, and with a webhook, which says where it goes and signs it. Here both are fixed: [`trigger`] is the trigger that
//! `docs/push.md` describes, and [`delivery`] signs and sends.
//!
//! An event is rendered in the transaction of its change, and waits in a queue after the commit. One task delivers the
//! queue in its order, so that no answer of the API waits for it. An event is dropped after [`delivery::ATTEMPTS`]
//! attempts, when [`KEPT`] newer ones wait, when the webhook is replaced or removed, and when the server ends. Nobody
//! may depend on it.

mod delivery;
mod trigger;

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use tokio::sync::Notify;

pub use self::delivery::{Target, deliver};

/// How many events wait at most, and how many delivered ones are remembered.
const KEPT: usize = 1_000;

/// The first id of an invocation. The service's are numbers of this size.
const FIRST_INVOCATION: u64 = 8_350_205_582;

/// The webhook, what waits for it, and what became of its events.
#[derive(Debug, Default)]
pub struct Webhooks {
    state: Mutex<State>,
    woken: Notify,
}

#[derive(Debug, Default)]
struct State {
    target: Option<Target>,
    waiting: VecDeque<Event>,
    invocations: VecDeque<Invocation>,
    made: u64,
}

/// An event that waits to be delivered.
#[derive(Debug, Clone)]
struct Event {
    /// The same in every attempt.
    invocation: u64,
    body: String,
}

/// What became of an event, as the service's own log of a webhook shows it.
#[derive(Debug, Clone, Serialize)]
pub struct Invocation {
    /// The id in the header of every attempt.
    id: u64,
    /// The status of each attempt's answer; `null` where there was none.
    attempts: Vec<Option<u16>>,
    /// Whether one was a success.
    delivered: bool,
}

impl Webhooks {
    /// Sends what happens from now on to this address. Events that wait for the old one are dropped.
    pub fn connect(&self, target: Target) {
        let mut state = self.state();
        state.waiting.clear();
        state.target = Some(target);
    }

    /// Sends nothing any more, and forgets what was sent.
    pub fn disconnect(&self) {
        let mut state = self.state();
        // Ids go on, because a company may still remember the old ones.
        *state = State { made: state.made, ..State::default() };
    }

    /// The address, and what became of the last events, oldest first.
    pub fn show(&self) -> (Option<String>, Vec<Invocation>) {
        let state = self.state();
        (state.target.as_ref().map(|target| target.url.clone()), state.invocations.iter().cloned().collect())
    }

    /// Lets an event wait for its delivery, if there is a webhook.
    fn add(&self, body: String) {
        let mut state = self.state();
        if state.target.is_none() {
            return;
        }
        if state.waiting.len() == KEPT {
            state.waiting.pop_front();
        }
        let invocation = FIRST_INVOCATION + state.made;
        state.made += 1;
        state.waiting.push_back(Event { invocation, body });
        drop(state);
        self.woken.notify_one();
    }

    /// The oldest event that waits.
    async fn next(&self) -> (Target, Event) {
        loop {
            let found = {
                let mut state = self.state();
                state.target.clone().and_then(|target| Some((target, state.waiting.pop_front()?)))
            };
            match found {
                Some(found) => return found,
                None => self.woken.notified().await,
            }
        }
    }

    /// Notes an attempt. Whether the event is still wanted: its webhook may have been replaced or removed.
    fn note(&self, target: &Target, event: &Event, answer: Option<u16>) -> bool {
        let mut state = self.state();
        if state.target.as_ref() != Some(target) {
            return false;
        }
        if state.invocations.back().is_none_or(|last| last.id != event.invocation) {
            if state.invocations.len() == KEPT {
                state.invocations.pop_front();
            }
            state.invocations.push_back(Invocation { id: event.invocation, attempts: Vec::new(), delivered: false });
        }
        if let Some(invocation) = state.invocations.back_mut() {
            invocation.attempts.push(answer);
            invocation.delivered = answer.is_some_and(delivery::is_success);
        }
        true
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
