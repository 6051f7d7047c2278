//! What every connector keeps, whatever server is behind it: one list of cases, run over each.
//!
//! A [`Case`] knows the [`Remote`](pocketdesk::connectors::Remote) trait and nothing of any service. What it needs beyond the trait,
//! an agent who answers, a list of mails, a token that is revoked, comes from a [`Place`]: a server with three people who have
//! no history yet. A [`Service`] makes a new place for every case, so that no case sees another's tickets. Between a client
//! and its server lies a [`Network`], which counts, and cuts the connection before or after the server has applied a request.
//!
//! What a server cannot offer is not left out in silence: a case names the [`Need`] it has, the place says whether the server
//! meets it, and the report lists the case as not offered. For a server that people write to, a case of its own makes sure that what is
//! not offered is refused before anything is sent.
//!
//! A new connector is done when this list is green for it; `core/ADDING_A_DESK.md` is the way there.

mod cases;
mod cost;
mod harness;
mod report;
pub mod rt;
mod user_connector;

mod network;
pub mod sandbox;
mod scene;
mod trouble;

pub use cases::{CASES, Case};
pub use cost::{Cost, cost};
pub use harness::{Answer, Mail, Need, Person, Place, Service, Who};
pub use network::{Network, Traffic, When};
pub use report::{Outcome, Report, run};
pub use trouble::Broken;
