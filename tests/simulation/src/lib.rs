//! The whole client in one thread, with virtual time, against a model desk.
//!
//! Nothing here waits and nothing is left to chance: [`World`] owns the clock and the random numbers, its executor polls
//! one task at a time and moves the clock only when all of them wait, and [`ModelDesk`] answers HTTP from memory. A run is
//! a function of its seed, so two runs give equal traces, byte for byte, and a failure can be looked at again.

mod desk;
mod executor;
mod world;

pub use desk::{Fault, ModelDesk};
pub use executor::{Executor, TaskId};
pub use world::World;
