//! What each connector costs on the wire, over the server that its cases run on.

use std::error::Error;
use std::sync::Arc;

use pocketdesk_connectors::rt::RequestTracker;
use pocketdesk_connectors::sandbox::Sandboxes;
use pocketdesk_connectors::{Service, cost};

/// Prints the figures of every connector whose server is there.
pub async fn measure() -> Result<(), Box<dyn Error>> {
    let mut services: Vec<Arc<dyn Service>> = vec![Arc::new(Sandboxes)];
    match RequestTracker::running().await {
        Ok(client) => services.push(Arc::new(client)),
        Err(_) => println!("rt: not measured, no server runs (tests/rt/server.sh start)"),
    }
    for service in services {
        println!("{}", cost(service).await?);
    }
    Ok(())
}
