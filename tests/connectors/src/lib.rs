//! What every connector must do, whatever its server: one list of cases, run over each connector.
//!
//! A [`Case`] knows the [`Remote`](pocketdesk::connectors::Remote) trait and no service. Whatever it needs beyond the
//! trait (an agent who answers, a list of mails, a revoked token) comes from a [`TestServer`]: a server with three
//! people who have no history yet. A [`Service`] makes a new one for every case, so that no case sees the tickets of
//! another. Between a client and its server is a [`Network`], a proxy that counts requests, and can cut the connection
//! before or after the server has applied a request, and answer in the server's place.
//!
//! A case that a server cannot support is not skipped silently: the case states its [`Need`], the server states whether
//! it supports it, and the report lists the case as not offered. Another case makes sure that whatever a server does
//! not offer is refused before anything is sent.
//!
//! A new connector is done when every case passes; `docs/adding-a-connector.md` describes the way.

mod cases;
mod cost;
mod harness;
mod report;
pub mod rt;
mod user_connector;

mod fixture;
mod network;
pub mod sandbox;
mod trouble;

pub use cases::{CASES, Case};
pub use cost::{Cost, cost};
pub use harness::{Answer, Mail, Need, Person, Service, TestServer, Who};
pub use network::{Concerned, Instead, Network, Traffic, When};
pub use report::{Outcome, Report, run};
pub use trouble::Broken;
