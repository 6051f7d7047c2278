//! Listens on 127.0.0.1, and prints each message in place of sending it: to try the set-up of a help desk.
//!
//! ```sh
//! cargo run -p pocketdesk-push-receiver --example listen -- SECRET USER…
//! ```
//!
//! Each USER is an id at the help desk, and has a device that is called so. A help desk that is not on this machine needs a
//! tunnel to the address that is printed.
#![expect(clippy::unwrap_used, reason = "an example ends with its first surprise")]

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use pocketdesk_push_receiver::{Device, Push, Receiver};
use tokio::net::TcpListener;

struct Printed;

#[async_trait]
impl Push for Printed {
    async fn send(&self, device: &str, ticket: i64) {
        println!("to the device of user {device}: ticket {ticket}");
    }
}

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let receiver = Arc::new(Receiver::new(arguments.next().unwrap(), Printed, 60));
    for user in arguments {
        receiver.register(Device { user: user.parse().unwrap(), token: user, organization: None, sees_all: false });
    }
    let sender = Arc::clone(&receiver);
    tokio::spawn(async move {
        let mut every_second = tokio::time::interval(Duration::from_secs(1));
        loop {
            every_second.tick().await;
            sender.send_due(Timestamp::now()).await;
        }
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("listening on http://{}/help-desk", listener.local_addr().unwrap());
    axum::serve(listener, receiver.routes()).await.unwrap();
}
