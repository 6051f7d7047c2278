//! What each connector costs on the wire, over the desk that its cases run on.

use std::error::Error;

use pocketdesk_connectors::sandbox::Sandboxes;
use pocketdesk_connectors::{Service, cost};

/// Prints the figures of every connector whose desk is there.
pub async fn measure() -> Result<(), Box<dyn Error>> {
    let services: Vec<Box<dyn Service>> = vec![Box::new(Sandboxes)];
    for service in services {
        println!("{}", cost(&*service).await?);
    }
    Ok(())
}
