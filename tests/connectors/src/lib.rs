//! What every connector keeps, whatever desk is behind it: one list of cases, run over each.
//!
//! A [`Case`] knows the [`Remote`](pocketdesk::connectors::Remote) trait and nothing of any service. What it needs beyond the trait,
//! an agent who answers, a list of mails, a token that is revoked, comes from a [`Place`]: a desk with three people who have
//! no history yet. A [`Service`] makes a new place for every case, so that no case sees another's tickets. Between a client
//! and its desk lies a [`Way`], which counts, and cuts the connection before or after the desk has applied a request.
//!
//! What a desk cannot offer is not left out in silence: a case names the [`Need`] it has, the place says whether the desk
//! meets it, and the report lists the case as not offered. For a desk that people write to, a case of its own makes sure that what is
//! not offered is refused before anything is sent.
//!
//! A new connector is done when this list is green for it; `core/ADDING_A_DESK.md` is the way there.

mod cases;
mod client;
mod cost;
mod harness;
mod report;
pub mod rt;

pub mod sandbox;
mod scene;
mod trouble;
mod way;

pub use cases::{CASES, Case};
pub use cost::{Cost, cost};
pub use harness::{Answer, Mail, Need, Person, Place, Service, Who};
pub use report::{Outcome, Report, run};
pub use trouble::Broken;
pub use way::{Traffic, Way, When};
