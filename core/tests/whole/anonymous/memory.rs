//! What takes hours and weeks, on a clock that jumps.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use pocketdesk::Client;
use pocketdesk::environment::Environment;
use pocketdesk::model::{Delivery, TicketDraft, TicketId};
use pocketdesk::net::{Http, HttpFailure, HttpRequest, HttpResponse};
use pocketdesk::store::StoreError;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{EMAIL, SUBJECT, SignedOut, config, draft, has_bytes};
use crate::memory::Clock;

/// What the server does with one request.
enum Turn {
    Answer(u16, Value),
    Busy(u64),
    /// There is no connection.
    Unreachable,
}

/// A server that does what a script says, and then takes everything. It notes when it was asked.
struct Scripted {
    clock: Arc<Clock>,
    turns: Mutex<Vec<Turn>>,
    asked: Mutex<Vec<Duration>>,
}

#[async_trait]
impl Http for Scripted {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpFailure> {
        assert!(request.headers.iter().all(|(name, _)| *name != "authorization"));
        self.clock.sleep(Duration::from_millis(100)).await;
        let mut asked = self.asked.lock().unwrap();
        asked.push(self.clock.elapsed());
        let number = asked.len();
        let mut turns = self.turns.lock().unwrap();
        let turn =
            if turns.is_empty() { Turn::Answer(201, json!({ "request": { "id": number } })) } else { turns.remove(0) };
        let answer =
            |status, headers, body: Value| HttpResponse { status, headers, body: body.to_string().into_bytes() };
        match turn {
            Turn::Answer(status, body) => Ok(answer(status, Vec::new(), body)),
            Turn::Busy(seconds) => {
                let wait = ("retry-after".to_owned(), seconds.to_string());
                Ok(answer(429, vec![wait], json!({ "error": "APIRateLimitExceeded" })))
            }
            Turn::Unreachable => Err(HttpFailure::NotSent),
        }
    }
}

struct Desk {
    folder: TempDir,
    clock: Arc<Clock>,
    server: Arc<Scripted>,
    client: Arc<Client>,
}

const URL: &str = "https://desk.example";

impl Desk {
    fn new(turns: Vec<Turn>) -> Self {
        let (folder, clock) = (tempfile::tempdir().unwrap(), Arc::new(Clock::default()));
        let server =
            Arc::new(Scripted { clock: Arc::clone(&clock), turns: Mutex::new(turns), asked: Mutex::default() });
        let client = open(&folder, &server, &clock);
        Self { folder, clock, server, client }
    }

    fn pass(&self, length: Duration) {
        self.clock.run(async {
            tokio::select! {
                biased;
                () = self.client.drive() => panic!("the client was closed"),
                () = self.clock.sleep(length) => {}
            }
        });
    }

    fn write(&self, subject: &str) -> TicketId {
        self.client.submit(&TicketDraft { subject: subject.to_owned(), ..draft(&self.client) }).unwrap()
    }

    fn delivery(&self, ticket: TicketId) -> Delivery {
        self.client.ticket(ticket).unwrap().delivery
    }

    fn asked(&self) -> Vec<Duration> {
        self.server.asked.lock().unwrap().clone()
    }
}

fn open(folder: &TempDir, server: &Arc<Scripted>, clock: &Arc<Clock>) -> Arc<Client> {
    let (http, clock) = (Arc::clone(server), Arc::clone(clock));
    Arc::new(Client::open(&config(folder.path(), URL), http, Arc::new(SignedOut), clock).unwrap())
}

const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

#[test]
fn a_server_with_enough_of_such_tickets_is_asked_again_when_it_said() {
    let desk = Desk::new(vec![Turn::Busy(2_850)]);
    let ticket = desk.write(SUBJECT);
    desk.pass(Duration::from_mins(40));
    assert!(matches!(desk.delivery(ticket), Delivery::Waiting(_)));
    assert_eq!(desk.asked().len(), 1);
    assert!(desk.client.state().unwrap().busy_until.is_some(), "the banner says until when");
    desk.pass(Duration::from_mins(20));
    assert_eq!(desk.delivery(ticket), Delivery::Sent);
    let [first, second] = desk.asked()[..] else { panic!("{:?}", desk.asked()) };
    assert!(second.saturating_sub(first) >= Duration::from_secs(2_850));
    desk.pass(DAY);
    assert_eq!(desk.asked().len(), 2, "a sent ticket causes no request");
}

#[test]
fn a_day_without_a_network_costs_nothing_and_the_ticket_is_sent_when_it_returns() {
    let desk = Desk::new(vec![Turn::Unreachable, Turn::Unreachable, Turn::Unreachable]);
    let tickets = [desk.write(SUBJECT), desk.write("Zweites Anliegen 🧳")];
    // The platform says that there is a network, and the server cannot be reached.
    desk.pass(Duration::from_secs(1));
    assert!(matches!(desk.delivery(tickets[0]), Delivery::Waiting(_)));
    desk.client.set_online(false).unwrap();
    let before = desk.asked().len();
    desk.pass(DAY);
    assert_eq!(desk.asked().len(), before);
    assert!(!desk.client.state().unwrap().online);
    desk.client.set_online(true).unwrap();
    desk.pass(HOUR);
    assert_eq!(tickets.map(|ticket| desk.delivery(ticket)), [Delivery::Sent, Delivery::Sent]);
    assert_eq!(desk.asked().len(), 5, "three were not reached, and each arrived once");
    assert_eq!(desk.client.state().unwrap().problem, None);
}

#[test]
fn a_ticket_that_the_help_desk_holds_back_is_sent_without_a_number() {
    let held_back = json!({ "suspended_ticket": { "cause": "Awaiting verification" } });
    let desk = Desk::new(vec![Turn::Answer(201, held_back), Turn::Answer(200, json!("<html>"))]);
    let ticket = desk.write(SUBJECT);
    desk.pass(HOUR);
    let shown = desk.client.ticket(ticket).unwrap();
    assert_eq!((shown.delivery, shown.row.number, shown.row.unsent), (Delivery::Sent, None, false));
    assert_eq!((shown.answers_go_to.as_deref(), shown.can_remove), (Some(EMAIL), true));
    let odd = desk.write("Danach");
    desk.pass(HOUR);
    assert_eq!(desk.delivery(odd), Delivery::MayHaveBeenSent, "that was no answer of a help desk");
    desk.pass(DAY);
    assert_eq!(desk.asked().len(), 2);
}

#[test]
fn a_sent_ticket_is_forgotten_after_thirty_days_and_an_unsent_one_is_not() {
    let desk = Desk::new(vec![
        Turn::Answer(201, json!({ "request": { "id": 7 } })),
        Turn::Answer(403, json!({ "error": "no" })),
    ]);
    let (sent, refused) = (desk.write(SUBJECT), desk.write("Darf nicht"));
    desk.pass(29 * DAY);
    assert_eq!(desk.delivery(sent), Delivery::Sent);
    desk.client.close();
    let client = open(&desk.folder, &desk.server, &desk.clock);
    assert!(client.ticket(sent).is_ok());
    client.close();
    desk.clock.run(desk.clock.sleep(2 * DAY));
    let client = open(&desk.folder, &desk.server, &desk.clock);
    assert_eq!(client.ticket(sent), Err(StoreError::NoSuchTicket));
    assert!(!has_bytes(desk.folder.path(), SUBJECT));
    assert!(matches!(client.ticket(refused).unwrap().delivery, Delivery::NeedsUser(_)), "it may be the only copy");
    assert_eq!(client.history(None, 10).unwrap().total, 1);
}
