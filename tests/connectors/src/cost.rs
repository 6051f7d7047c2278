//! What a connector costs: requests, and bytes of bodies both ways, as they went along the way.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use pocketdesk::Client;
use pocketdesk::model::ReplyDraft;
use pocketdesk::sync::Scope;
use serde_json::{Value, json};

use crate::harness::{Answer, Service, Who};
use crate::network::{Network, Traffic};
use crate::scene::Scene;
use crate::trouble::Broken;

/// So many tickets are in the history that is measured.
const TICKETS: usize = 100;
/// More of them than a sync asks for at first.
const NEWEST: usize = 12;

/// Figures of one connector, for a history of 100 tickets of which each was answered once.
#[derive(Debug, Clone)]
pub struct Cost {
    service: String,
    /// The first sync, of the lists alone.
    pub first: Traffic,
    /// The first sync with every thread.
    pub first_with_threads: Traffic,
    /// A sync that finds nothing new.
    pub unchanged: Traffic,
    /// A reply from the outbox, until nothing waits any more.
    pub reply: Traffic,
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = |Traffic { requests, bytes, .. }: Traffic| format!("{requests} requests, {bytes} bytes");
        writeln!(f, "{}: first sync of {TICKETS} tickets: {}", self.service, said(self.first))?;
        writeln!(f, "{}: the same with all threads: {}", self.service, said(self.first_with_threads))?;
        writeln!(f, "{}: unchanged sync: {}", self.service, said(self.unchanged))?;
        write!(f, "{}: one reply, and what is read with it: {}", self.service, said(self.reply))
    }
}

/// Measures one connector. Asserts nothing.
pub async fn cost(service: Arc<dyn Service>) -> Result<Cost, Broken> {
    let scene = Scene::at(Arc::clone(&service)).await?;
    let ada = scene.client(Who::Ada).await?;
    let text =
        "Guten Tag,\n\nseit Anfang März fehlt die Provision für Buchungen über diesen Partner.\n\nViele Grüße\nAda";
    for place in 0..TICKETS {
        let subject = format!("Provision für Buchung {place} fehlt – bitte prüfen 🙏");
        let ticket = ada.create(&scene.write(&subject, text)?).await?.number;
        let answer = Answer { text: "Vielen Dank, wir prüfen das und melden uns.", ..Answer::default() };
        scene.place.answer(ticket, &answer).await?;
        // Servers tell seconds, and no history is written in one: the newest are as far apart as a small page wants.
        let apart = if place + NEWEST < TICKETS { 100 } else { 1_500 };
        tokio::time::sleep(Duration::from_millis(apart)).await;
    }
    let folder = tempfile::tempdir()?;
    let network = Network::to(&scene.place.address()).await?;
    let threads = |product: &mut Value| {
        product["thread_policy"]["open"] = json!(true);
        product["thread_policy"]["requests_per_hour"] = json!(10_000);
    };
    let (app, _) = scene.server_with(Who::Ada, &network, folder.path(), threads).await?;
    let first_with_threads = counted(&network, &app).await?;

    let folder = tempfile::tempdir()?;
    let network = Network::to(&scene.place.address()).await?;
    // A history that has come to rest: what changed last is behind the overlap of two syncs.
    let rested = |product: &mut Value| product["sync"]["overlap_seconds"] = json!(1);
    let (app, _) = scene.server_with(Who::Ada, &network, folder.path(), rested).await?;
    let first = counted(&network, &app).await?;
    tokio::time::sleep(Duration::from_secs(3)).await;
    counted(&network, &app).await?;
    let unchanged = counted(&network, &app).await?;
    let row = app.history(None, 1)?.tickets.into_iter().next().ok_or_else(|| Broken::new("the history is empty"))?;
    // Whoever replies has read the thread.
    app.thread_opened(row.id)?;
    counted(&network, &app).await?;
    app.thread_closed(row.id);
    let draft = app.reply_draft(row.id)?;
    app.reply(&ReplyDraft { body: "Danke, das ist jetzt da.".to_owned(), ..draft })?;
    let reply = counted(&network, &app).await?;
    Ok(Cost { service: service.name(), first, first_with_threads, unchanged, reply })
}

/// Syncs until there is nothing left to do now, and counts.
async fn counted(network: &Network, app: &Client) -> Result<Traffic, Broken> {
    let before = network.traffic();
    for _ in 0..1_000 {
        let report = app.sync(Scope::Everything).await;
        if let Some(failure) = report.failure {
            return Err(Broken::new(format!("the sync failed: {failure:?}")));
        }
        if report.next != Some(Duration::ZERO) && app.state()?.waiting == 0 {
            return Ok(network.traffic().since(before));
        }
    }
    Err(Broken::new("the sync does not end"))
}
