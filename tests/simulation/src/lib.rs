//! The whole client in one thread, with virtual time, against a model server.
//!
//! # The story
//!
//! A [`Schedule`] is a list of events made from a seed: what the user does, what happens to the process and the device,
//! what goes wrong between app and server, and what agents, a colleague and the user's other device do meanwhile. [`run`]
//! plays it: the real core (store, outbox, sync, the Zendesk connector) over a real file, against a [`ModelServer`] that
//! answers HTTP from memory. Nothing here waits and nothing is left to chance: [`World`] owns the clocks and the random
//! numbers, the [`Executor`] polls one task at a time and moves the time only when all of them wait. So a run is a function
//! of its schedule, and equal seeds give equal traces, byte for byte.
//!
//! After every event the oracle compares what the client shows with what was accepted. Then nothing goes wrong any more,
//! everything comes to its end within a bounded virtual time, and the oracle looks at everything: server, history, threads,
//! files. A schedule that fails is cut down to the events that it needs, and printed with its trace.
//!
//! A simulation that cannot fail proves nothing: the core's deliberate mistakes ([`limit`]) have to be found.

mod bugs;
mod device;
mod executor;
mod oracle;
mod picked;
mod report;
mod run;
mod schedule;
mod server;
mod shrink;
mod user;
mod world;

pub use bugs::{by_name as bug_by_name, limit};
pub use device::TokenFault;
pub use executor::{Executor, Stopped, TaskId};
pub use report::{Plan, Report, explain, ground, run_all, schedule};
pub use run::{Outcome, Violation, run};
pub use schedule::{Doing, Event, Happening, Schedule, Survives};
pub use server::{Act, Asked, Fault, Hits, Line, ModelServer, Nature, On, Order};
pub use shrink::shrink;
pub use world::{Chance, World};
