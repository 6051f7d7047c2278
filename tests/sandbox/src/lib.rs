//! A Zendesk-compatible help desk for the demo and for tests.
//!
//! The server answers the end-user part of the service's API from `SQLite`, with a seed of believable tickets. It has
//! the oddities of the real service: cursor pages in an order of their own, nulls, unknown fields and values, private
//! notes that move `updated_at`. Faults are switched on over HTTP (`POST /sandbox/faults`). Tests find everything that
//! the API does not offer under `/sandbox`; people use the page at `/`.
//!
//! ```no_run
//! # async fn example() -> Result<(), pocketdesk_sandbox::StartError> {
//! let sandbox = pocketdesk_sandbox::Sandbox::start(pocketdesk_sandbox::Options::default()).await?;
//! println!("{}/api/v2/requests", sandbox.base_url);
//! sandbox.stop().await;
//! # Ok(())
//! # }
//! ```

mod account;
mod answers;
mod api;
mod clock;
mod faults;
mod helpers;
mod hosted;
mod log;
mod page;
mod problem;
mod rules;
mod seed;
mod serve;
mod server;
mod status;
mod store;
pub mod users;
mod webhook;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::server::Server;

/// The options of a sandbox server.
#[derive(Debug, Clone)]
pub struct Options {
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// The file of the server's database; in memory if `None`. A file that already has data is used as it is.
    pub data: Option<PathBuf>,
    /// The seed of the generated tickets. The same seed gives the same tickets, with ages counted from the start of the
    /// server.
    pub seed: u64,
    /// How many tickets Ada sees, at most 100,000. A few dozen more exist that she must not see.
    pub tickets: u32,
    /// How long after a new ticket or a user's reply an agent answers it; never if `None`.
    pub answers: Option<Duration>,
}

impl Default for Options {
    fn default() -> Self {
        Self { port: 0, data: None, seed: 1, tickets: 300, answers: None }
    }
}

/// Why a sandbox did not start.
#[derive(Debug, Error)]
pub enum StartError {
    /// The port is taken, or there is no network.
    #[error("cannot listen")]
    Listen(#[from] std::io::Error),
    /// The database cannot be opened or written.
    #[error("the database failed")]
    Store(#[from] rusqlite::Error),
    /// A data file with the first set-up or with the seed's texts is malformed.
    #[error("a data file of the seed is malformed")]
    Seed(#[from] serde_json::Error),
    /// The file was written by another version of this server.
    #[error("the file was written by another version of this server")]
    OtherVersion,
}

/// Starts sandbox servers.
#[derive(Debug, Clone, Copy)]
pub struct Sandbox;

impl Sandbox {
    /// Starts a server on 127.0.0.1 inside the caller's tokio runtime. It accepts requests when this returns.
    pub async fn start(options: Options) -> Result<Running, StartError> {
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, options.port))).await?;
        let address = listener.local_addr()?;
        let server = Arc::new(Server::open(options)?);
        let routes = api::routes().merge(helpers::routes()).merge(hosted::routes()).merge(page::routes());
        let routes = routes.with_state(Arc::clone(&server));
        let accepting = tokio::spawn(serve::accept(listener, Arc::clone(&server), routes));
        let delivering = tokio::spawn(webhook::deliver(Arc::clone(&server)));
        Ok(Running { base_url: format!("http://{address}"), address, server, accepting, delivering })
    }
}

/// A running server. Dropping it stops it and drops every connection.
#[derive(Debug)]
pub struct Running {
    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub base_url: String,
    /// The address and port.
    pub address: SocketAddr,
    server: Arc<Server>,
    accepting: JoinHandle<()>,
    delivering: JoinHandle<()>,
}

impl Running {
    /// Stops the server and returns when its port is free.
    pub async fn stop(mut self) {
        self.end();
        // The only possible outcome is the cancellation that was just requested.
        let _ = (&mut self.accepting).await;
    }

    /// Ends everything that is under way. Events that were not delivered yet are dropped.
    fn end(&self) {
        self.server.cancel_planned();
        self.accepting.abort();
        self.delivering.abort();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}
