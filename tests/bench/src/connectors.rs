//! What each connector costs in requests and bytes, on the server that its cases run on.

use std::error::Error;
use std::sync::Arc;

use pocketdesk_connectors::rt::RequestTracker;
use pocketdesk_connectors::sandbox::Sandboxes;
use pocketdesk_connectors::{Service, cost};

/// Prints the cost of every connector whose server is available.
pub async fn measure() -> Result<(), Box<dyn Error>> {
    let mut services: Vec<Arc<dyn Service>> = vec![Arc::new(Sandboxes)];
    match RequestTracker::running().await {
        Ok(server) => services.push(Arc::new(server)),
        Err(_) => println!("rt: not measured, because no server is running (tests/rt/server.sh start)"),
    }
    for service in services {
        println!("{}", cost(service).await?);
    }
    Ok(())
}
