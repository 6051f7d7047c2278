//! A server that refuses this user everything says nothing about one ticket.

use std::sync::atomic::{AtomicU16, Ordering};

use super::attachments::StoppedClock;
use super::*;

/// A server with five tickets, which refuses everything with this status; 0: nothing.
#[derive(Default)]
struct Five {
    refuses: AtomicU16,
    /// Whether it still tells who the user is.
    knows_user: bool,
}

#[async_trait]
impl Http for Five {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpFailure> {
        let refuses = self.refuses.load(Ordering::Relaxed);
        let path = request.url.path().strip_prefix("/REST/2.0/").unwrap_or_default();
        if refuses > 0 && !(self.knows_user && path == "user/27") {
            return Ok(answer(refuses, json!({ "message": "Forbidden" }).to_string()));
        }
        Ok(match path.split('/').collect::<Vec<_>>()[..] {
            ["user", "27"] => ok(alice()),
            ["tickets"] => {
                let query = request.url.query_pairs().find(|(name, _)| name == "query").unwrap().1;
                let wanted = |id: i64| match query.split_once(" = ").or(query.split_once(" > ")) {
                    Some(("id", number)) if query.contains('=') => number.parse() == Ok(id),
                    Some(("id", number)) => id > number.parse().unwrap(),
                    _ => true,
                };
                let found: Vec<Value> =
                    (1..=5).filter(|id| wanted(*id)).map(|id| row(id, "open", &[], &["General"])).collect();
                list(&found)
            }
            ["ticket", _, "history"] => rows(&[json!({
                "id": "66", "type": "transaction", "Type": "Create", "Created": "2026-11-24T19:39:20Z",
                "Creator": author(27, "Alice Archer", "Acme Lettings")
            })]),
            ["ticket", number] => ok(json!({
                "id": number.parse::<i64>().unwrap(), "Status": "open", "Requestor": [{ "id": "alice" }], "_hyperlinks": []
            })),
            _ => rows(&[]),
        })
    }
}

#[tokio::test]
async fn a_refusal_of_everything_empties_no_ticket() {
    for (status, knows_user) in [(403, true), (403, false), (404, true), (410, true), (404, false)] {
        let folder = tempfile::tempdir().unwrap();
        let config = ClientConfig {
            connector: Connector::RequestTracker,
            ..ClientConfig::new(folder.path(), "alice", "https://rt.example")
        };
        let server = Arc::new(Five { knows_user, ..Five::default() });
        let client =
            Client::open(&config, server.clone(), Arc::new(App("1-27-01b9a66f")), Arc::new(StoppedClock)).unwrap();
        assert_eq!(client.sync(Scope::Everything).await.failure, None);
        let whole = |client: &Client| {
            let tickets = client.history(None, 10).unwrap().tickets;
            let is_whole = |ticket: &crate::model::TicketRow| {
                let messages = client.thread(ticket.id, None, 10).unwrap().messages.len();
                ticket.visible && ticket.subject == "Größe 🙂" && messages == 1
            };
            tickets.iter().filter(|ticket| is_whole(ticket)).count()
        };
        assert_eq!(whole(&client), 5);
        server.refuses.store(status, Ordering::Relaxed);
        for ticket in client.history(None, 3).unwrap().tickets {
            client.thread_opened(ticket.id).unwrap();
            client.sync(Scope::Due).await;
        }
        client.sync_now().unwrap();
        client.sync(Scope::Everything).await;
        assert_eq!(whole(&client), 5, "{status} {knows_user}");
        assert!(client.state().unwrap().problem.is_some(), "{status} {knows_user}: the user is told");
        server.refuses.store(0, Ordering::Relaxed);
        client.sync_now().unwrap();
        client.sync(Scope::Everything).await;
        assert_eq!((whole(&client), client.state().unwrap().problem), (5, None));
    }
}
