//! The whole client in one thread, in virtual time, against a model of a help desk.
//!
//! # The story
//!
//! A [`Schedule`] is a list of events made from a seed: what the user does, what happens to the process and the device,
//! what goes wrong between app and server, and what agents, a colleague and the user's other device do meanwhile.
//! [`run`] plays it: the real core (store, outbox, sync, the Zendesk connector) over a real file, against a
//! [`ModelServer`] that answers HTTP from memory. Nothing waits for real time, and nothing depends on real chance:
//! [`World`] owns the clocks and the random numbers, and the [`Executor`] polls one task at a time and advances the
//! time only when all tasks wait. So a run is a function of its schedule, and equal seeds give equal traces, byte for
//! byte.
//!
//! After every event, the oracle compares what the client shows with what the client has accepted. After the last
//! event, the faults end, everything comes to rest within a bounded virtual time, and the oracle checks the final
//! state: server, history, threads, files. A schedule that fails is shrunk to the events that it needs, and printed
//! with its trace.
//!
//! A simulation that cannot fail proves nothing. So core has deliberate bugs, and each has to be found within a
//! [`limit`].

mod bugs;
mod device;
mod executor;
mod moods;
mod oracle;
mod picked;
mod report;
mod rest;
mod run;
mod schedule;
mod server;
mod shrink;
mod user;
mod world;

pub use bugs::{by_name as bug_by_name, limit, mood};
pub use device::TokenFault;
pub use executor::{Executor, Stopped, TaskId};
pub use moods::MIX;
pub use report::{Plan, Report, explain, folder, run_all, schedule};
pub use run::{Outcome, Violation, run};
pub use schedule::{DeviceEvent, Event, Schedule, Survives, UserAction};
pub use server::{
    Connection, Fault, FaultCounts, FaultScope, InjectedFault, ModelServer, Mood, RequestKind, ServerAction,
    ServerTraits,
};
pub use shrink::shrink;
pub use world::{Chance, World};
