//! The result of a pull does not depend on the order in which tickets arrive.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use pocketdesk::model::TicketRow;
use pocketdesk::net::{TokenFailure, Tokens};
use pocketdesk::sync::Scope;
use pocketdesk::{Client, ClientConfig};
use pocketdesk_simulation::{Executor, ModelServer, ServerTraits, World};

const TICKETS: u8 = 45;

struct SignedIn;

#[async_trait]
impl Tokens for SignedIn {
    async fn token(&self, _refused: bool) -> Result<String, TokenFailure> {
        Ok("ada.0".to_owned())
    }
}

/// The history and the threads after a first sync with a server that has this order of cursor pages.
fn pulled(shuffle: u64) -> Vec<(TicketRow, Vec<String>)> {
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(1);
    let server = Arc::new(ModelServer::new(world.clone(), ServerTraits::plain(shuffle)));
    server.fill(TICKETS);
    let product = serde_json::json!({ "schema": 1, "id": "tested", "version": 1, "extends": "impact-mobile@1", "sync": { "page_size": 7 } });
    let mut config = ClientConfig::new(folder.path(), "ada", "https://desk.example");
    config.product = Some(product.to_string());
    let http = Arc::new(server.connect(1));
    let client = Arc::new(Client::open(&config, http, Arc::new(SignedIn), Arc::new(world.clone())).unwrap());
    let mut executor = Executor::new(world);
    let task = Arc::clone(&client);
    executor.spawn(async move { while task.sync(Scope::Everything).await.next == Some(Duration::ZERO) {} });
    executor.run(600_000, &mut 100_000);
    let rows = client.history(None, 200).unwrap().tickets;
    let thread = |row: &TicketRow| client.thread(row.id, None, 200).unwrap().messages;
    let texts = |row: &TicketRow| thread(row).into_iter().map(|message| message.body).collect();
    // A row's local id depends on the order of arrival; nothing else may.
    let plain = |row: TicketRow| (TicketRow { id: pocketdesk::model::TicketId(0), ..row.clone() }, texts(&row));
    rows.into_iter().map(plain).collect()
}

#[test]
fn a_pull_does_not_depend_on_the_order_of_cursor_pages() {
    let sorted = pulled(0);
    assert_eq!(sorted.len(), usize::from(TICKETS));
    assert!(sorted.iter().any(|(_, texts)| texts.len() == 2), "threads must be read");
    for shuffle in [1, 0x5bd1_e995, 0x9e37_79b9_7f4a_7c15, u64::MAX / 3] {
        assert_eq!(sorted, pulled(shuffle));
    }
}
