//! Sync: the one place that talks to the server.
//!
//! A run first asks the server whose token it uses, and stops if the file belongs to another user. Then it sends what
//! is due, reads what changed, and sends what became due meanwhile. A run owns no timer and no task: [`run()`] is a
//! future over an injected [`Environment`](crate::environment::Environment) and [`Remote`](crate::connectors::Remote),
//! and may be dropped at any await point. Everything that it had committed to the store stays; the next run does the
//! rest again. Files are transferred beside the runs, so that no message waits for a file of another one.
//!
//! * [`scheduler`] decides when the next run begins, and how much it reads.
//! * [`push`] asks the outbox for its next step and carries it out, one step at a time.
//!   [`push::anonymous`] does the same for tickets without an account, of which nothing can be read.
//! * [`transfers`] uploads the files of messages, and downloads the files that the user asked for.
//! * [`lists`] reads each list from its watermark, or completely if it has none.
//! * [`threads`] reads the threads that the product's policy selects, and others in idle time.
//! * While there is no history for this user (`docs/product.md`, S17), a run only sends, and removes what was read before.
//! * [`priority`] serves the user between two requests of anything long.
//! * [`full_reconciliation`] finds the tickets that no list contains any more.
//! * [`articles`] reads the help centre, after everything that the user waits for.
//! * [`set_up`] reads the words that the company has written for its statuses and options.
//! * [`notes`] decides what the failure of one thing means for the others. [`revocation`] proves that a ticket is gone
//!   before its content is removed. [`health`] keeps what the runs find out about the server, [`remainder`] what is left
//!   of its rate limit, and [`repetition`] says how often it is asked for what rarely changes.

mod articles;
mod context;
mod full_reconciliation;
mod health;
mod lists;
mod notes;
mod priority;
mod push;
mod remainder;
mod repetition;
mod report;
mod revocation;
mod run;
mod scheduler;
mod set_up;
mod settle;
mod threads;
mod transfers;

pub use self::context::{Scope, ServerClock, SyncContext};
pub use self::health::Health;
pub use self::notes::Notes;
pub(crate) use self::notes::ServerQuestion;
pub use self::report::{AccountProblem, SyncFailure, SyncReport};
pub use self::run::run;
pub(crate) use self::scheduler::Scheduler;
#[cfg(feature = "fleet")]
pub use self::scheduler::fleet;
pub(crate) use self::transfers::{TransferReport, run as transfer};
