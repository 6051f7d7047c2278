//! The future that makes a client's runs, as a task that a test ends.

use std::sync::Arc;

use pocketdesk::Client;
use tokio::task::JoinHandle;

/// The task that polls [`Client::drive`].
#[must_use = "a driver that is dropped goes on"]
pub struct Driver(JoinHandle<()>);

impl Driver {
    pub fn start(client: &Arc<Client>) -> Self {
        let client = Arc::clone(client);
        Self(tokio::spawn(async move { client.drive().await }))
    }

    /// Drops the future in the middle of what it does, and waits until that has happened: a task that was only told to
    /// end can still take the request that is meant for the next one.
    pub async fn stop(self) {
        self.0.abort();
        assert!(self.0.await.unwrap_err().is_cancelled());
    }
}
