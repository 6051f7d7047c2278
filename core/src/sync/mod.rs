//! Sync: the one place that talks to the server.
//!
//! A run asks for the token's user first and stops if it is somebody else. Then it sends what is due, reads what changed,
//! and sends what became due meanwhile. It owns no timer and no task: [`run`] is a future over an injected
//! [`Environment`] and [`Remote`], and whoever polls it may drop it at any await. What it had written down stays; what it
//! had not, the next run does again.
//!
//! * [`push`] asks the outbox for its next step and carries it out, one at a time.
//! * [`files`] carries a file to the server as one of those steps, and fetches what the user asked for.
//! * [`pull`] reads each list from its watermark (or walks it for the first time).
//! * [`threads`] reads the threads that the product's policy wants, and others in idle time.
//! * [`full reconciliation`] looks for tickets that no list has any more.

mod context;
mod full_reconciliation;
mod priority;
mod pull;
mod push;
mod report;
mod run;
mod scheduler;
mod settle;
mod threads;
mod transfers;

pub use self::context::{Scope, SyncContext};
pub use self::report::{AccountProblem, SyncFailure, SyncReport};
pub use self::run::run;
pub(crate) use self::scheduler::Scheduler;
