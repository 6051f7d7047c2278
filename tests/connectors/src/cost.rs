//! What a connector costs: requests, and bytes of bodies in both directions, as counted on the connection.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use pocketdesk::Client;
use pocketdesk::model::ReplyDraft;
use pocketdesk::sync::Scope;
use serde_json::{Value, json};

use crate::fixture::Fixture;
use crate::harness::{Answer, Service, Who};
use crate::network::{Network, Traffic};
use crate::trouble::Broken;

/// How many tickets the measured history has.
const TICKETS: usize = 100;
/// More tickets than an incremental sync requests at first.
const NEWEST: usize = 12;

/// The cost of one connector, for a history of 100 tickets with one answer each.
#[derive(Debug, Clone)]
pub struct Cost {
    service: String,
    /// The first sync, of the lists alone.
    pub first: Traffic,
    /// The first sync with every thread.
    pub first_with_threads: Traffic,
    /// A sync that finds nothing new.
    pub unchanged: Traffic,
    /// Sending a reply, until nothing waits any more.
    pub reply: Traffic,
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let formatted = |Traffic { requests, bytes, .. }: Traffic| format!("{requests} requests, {bytes} bytes");
        writeln!(f, "{}: first sync of {TICKETS} tickets: {}", self.service, formatted(self.first))?;
        writeln!(f, "{}: first sync with all threads: {}", self.service, formatted(self.first_with_threads))?;
        writeln!(f, "{}: unchanged sync: {}", self.service, formatted(self.unchanged))?;
        write!(f, "{}: one reply, including what is read with it: {}", self.service, formatted(self.reply))
    }
}

/// Measures one connector. Asserts nothing.
pub async fn cost(service: Arc<dyn Service>) -> Result<Cost, Broken> {
    let fixture = Fixture::at(Arc::clone(&service)).await?;
    let ada = fixture.user(Who::Ada).await?;
    let text =
        "Guten Tag,\n\nseit Anfang März fehlt die Provision für Buchungen über diesen Partner.\n\nViele Grüße\nAda";
    for index in 0..TICKETS {
        let subject = format!("Provision für Buchung {index} fehlt – bitte prüfen 🙏");
        let ticket = ada.create(&fixture.write(&subject, text)?).await?.number;
        let answer = Answer { text: "Vielen Dank, wir prüfen das und melden uns.", ..Answer::default() };
        fixture.server.answer(ticket, &answer).await?;
        // Servers' times are whole seconds, and a real history is not written in one second. So the newest tickets are
        // far enough apart for a small first page.
        let apart = if index + NEWEST < TICKETS { 100 } else { 1_500 };
        tokio::time::sleep(Duration::from_millis(apart)).await;
    }
    let folder = tempfile::tempdir()?;
    let network = Network::to(&fixture.server.address()).await?;
    let threads = |product: &mut Value| {
        product["sync"]["threads"]["open"] = json!(true);
        product["sync"]["threads"]["requests_per_hour"] = json!(10_000);
    };
    let (client, _) = fixture.client_with(Who::Ada, &network, folder.path(), threads).await?;
    let first_with_threads = measure(&network, &client).await?;

    let folder = tempfile::tempdir()?;
    let network = Network::to(&fixture.server.address()).await?;
    // A settled history: the last change is older than the overlap of two syncs.
    let rested = |product: &mut Value| product["sync"]["overlap_seconds"] = json!(1);
    let (client, _) = fixture.client_with(Who::Ada, &network, folder.path(), rested).await?;
    let first = measure(&network, &client).await?;
    tokio::time::sleep(Duration::from_secs(3)).await;
    measure(&network, &client).await?;
    let unchanged = measure(&network, &client).await?;
    let row = client.history(None, 1)?.tickets.into_iter().next().ok_or_else(|| Broken::new("the history is empty"))?;
    // A user who replies has read the thread.
    client.thread_opened(row.id)?;
    measure(&network, &client).await?;
    client.thread_closed(row.id);
    let draft = client.reply_draft(row.id)?;
    client.reply(&ReplyDraft { body: "Danke, das ist jetzt da.".to_owned(), ..draft })?;
    let reply = measure(&network, &client).await?;
    Ok(Cost { service: service.name(), first, first_with_threads, unchanged, reply })
}

/// Syncs until nothing is left to do now, and returns the traffic.
async fn measure(network: &Network, client: &Client) -> Result<Traffic, Broken> {
    let before = network.traffic();
    for _ in 0..1_000 {
        let report = client.sync(Scope::Everything).await;
        if let Some(failure) = report.failure {
            return Err(Broken::new(format!("the sync failed: {failure:?}")));
        }
        if report.next != Some(Duration::ZERO) && client.state()?.waiting == 0 {
            return Ok(network.traffic().since(before));
        }
    }
    Err(Broken::new("the sync does not end"))
}
