//! The whole client over the connector, with its connection cut at each request in turn, before and after the server
//! applied it. Whether the server prevents duplicates by idempotency keys, by references or by reading first,
//! everything that the user wrote is there once and in order when the outbox is empty.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt, stream};
use pocketdesk::Client;
use pocketdesk::connectors::pasted;
use pocketdesk::model::same_text;
use pocketdesk::model::{ReplyDraft, TicketDraft, TicketId, TicketNumber};
use pocketdesk::sync::Scope;
use tempfile::TempDir;

use crate::fixture::{Clock, Fixture};
use crate::harness::Who;
use crate::network::{Network, When};
use crate::trouble::{Broken, ensure, same};
use crate::user_connector::key;

/// The most requests for sending a message. A client that makes more has another defect.
const MAX_REQUESTS: usize = 60;
/// How many scenarios run in parallel.
const PARALLEL: usize = 6;
/// The most sync runs. An outbox that is not empty by then never will be.
pub(super) const MAX_RUNS: usize = 100;

/// The app of one user, whose file is up to date with the server.
pub(super) struct App {
    pub client: Arc<Client>,
    pub clock: Arc<Clock>,
    network: Network,
    folder: TempDir,
}

impl App {
    pub async fn start(fixture: &Fixture) -> Result<Self, Broken> {
        let network = Network::to(&fixture.server.address()).await?;
        let folder = tempfile::tempdir()?;
        let (client, clock) = fixture.client(Who::Ada, &network, folder.path()).await?;
        let app = Self { client, clock, network, folder };
        app.catch_up().await?;
        Ok(app)
    }

    /// Syncs until nothing is left to read.
    pub async fn catch_up(&self) -> Result<(), Broken> {
        for _ in 0..MAX_RUNS {
            let report = self.client.sync(Scope::Everything).await;
            if report.failure.is_none() && report.next != Some(Duration::ZERO) {
                return Ok(());
            }
            self.clock.advance(Duration::from_secs(5));
        }
        Err(Broken::new("the client does not catch up with the server"))
    }

    /// Syncs with the cut of `plan` until nothing waits any more.
    async fn send_all(&self, plan: Plan) -> Result<Count, Broken> {
        let before = self.network.traffic().requests;
        if let Plan::Cut(skip, when) = plan {
            self.network.cut(skip, when);
        }
        for _ in 0..MAX_RUNS {
            tokio::select! {
                _ = self.client.sync(Scope::Everything) => {}
                sent = self.sent() => sent?,
            }
            if self.client.state()?.waiting == 0 {
                let count = Count(self.network.traffic().requests - before);
                self.network.stop_cutting();
                self.catch_up().await?;
                return Ok(count);
            }
            // The device's clock is advanced past every pause. The server's clock, by which an ambiguity timeout ends,
            // has to advance in real time.
            self.clock.advance(Duration::from_secs(20));
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let waiting = self.client.history(None, 50)?.tickets.into_iter().find(|row| row.waiting > 0);
        let messages = waiting.map(|row| self.client.thread(row.id, None, 50)).transpose()?;
        let states: Vec<_> = messages.iter().flat_map(|page| &page.messages).map(|message| &message.delivery).collect();
        Err(Broken::new(format!("something waits for ever: {states:?}")))
    }

    /// Returns when nothing waits any more.
    async fn sent(&self) -> Result<(), Broken> {
        let changes = self.client.subscribe();
        while self.client.state()?.waiting > 0 {
            changes.next().await;
        }
        Ok(())
    }

    fn write(&self, subject: &str, address: Option<&str>) -> Result<TicketId, Broken> {
        let draft = self.client.ticket_draft()?;
        Ok(self.client.submit(&TicketDraft {
            subject: subject.to_owned(),
            description: DESCRIPTION.to_owned(),
            cc: address.into_iter().map(str::to_owned).collect(),
            ..draft
        })?)
    }

    fn reply(&self, ticket: TicketId, body: &str) -> Result<(), Broken> {
        let draft = self.client.reply_draft(ticket)?;
        self.client.reply(&ReplyDraft { body: body.to_owned(), ..draft })?;
        Ok(())
    }

    fn number(&self, ticket: TicketId) -> Result<TicketNumber, Broken> {
        self.client.ticket(ticket)?.row.number.ok_or_else(|| Broken::new("the client has no number for its ticket"))
    }

    /// Checks that the client shows exactly these texts of a thread, each once.
    fn shows(&self, ticket: TicketId, expected: &[&str]) -> Result<(), Broken> {
        let messages = self.client.thread(ticket, None, 50)?.messages;
        let shown: Vec<&str> = messages.iter().map(|message| &*message.body).collect();
        alike(&shown, expected, "the client shows")
    }
}

const DESCRIPTION: &str = "Guten Tag,\n\nseit Montag fehlt die Überweisung. שלום 🙏";

fn alike(there: &[&str], expected: &[&str], who: &str) -> Result<(), Broken> {
    let alike = there.len() == expected.len() && there.iter().zip(expected).all(|(a, b)| same_text(a, b));
    ensure!(alike, "{who} {there:?} instead of {expected:?}");
    Ok(())
}

/// Checks that the server has one such ticket, with exactly these texts in this order.
async fn server_has(fixture: &Fixture, subject: &str, expected: &[&str]) -> Result<TicketNumber, Broken> {
    let tickets = fixture.server.tickets(subject).await?;
    same!(tickets.len(), 1, "tickets on the server with the subject {subject:?}");
    let texts = fixture.server.texts(tickets[0]).await?;
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    alike(&texts, expected, "the server has")?;
    Ok(tickets[0])
}

/// What a scenario does with its connection.
#[derive(Debug, Clone, Copy)]
enum Plan {
    /// Does not cut it.
    NoCut,
    /// Cuts it at one request, after this many others.
    Cut(usize, When),
}

/// How many requests it took until everything was sent.
struct Count(usize);

/// Runs a scenario once without a cut, and then with a cut at each of the requests that it took. Each time it has a
/// test server of its own, so that none reads what another wrote.
async fn cut_everywhere<F>(fixture: &Fixture, scenario: impl Fn(Fixture, Plan) -> F) -> Result<(), Broken>
where
    F: Future<Output = Result<Count, Broken>>,
{
    let Count(requests) = scenario(fixture.another().await?, Plan::NoCut).await?;
    ensure!((1..=MAX_REQUESTS).contains(&requests), "sending takes {requests} requests");
    let cuts = (0..requests).flat_map(|skip| [Plan::Cut(skip, When::Before), Plan::Cut(skip, When::After)]);
    let scenario = &scenario;
    let scenarios = cuts.map(|plan| async move {
        let outcome = scenario(fixture.another().await?, plan).await;
        outcome.map(drop).map_err(|broken| Broken::new(format!("{plan:?} of {requests}: {broken}")))
    });
    stream::iter(scenarios).buffer_unordered(PARALLEL).try_collect().await
}

pub async fn ticket(fixture: &Fixture) -> Result<(), Broken> {
    cut_everywhere(fixture, |fixture, plan| async move {
        let app = App::start(&fixture).await?;
        let tag = key()?.simple().to_string();
        let (subject, address) = (format!("Genau einmal {tag}"), format!("kasse.{tag}@reisen.example"));
        let ticket = app.write(&subject, Some(&address))?;
        let count = app.send_all(plan).await?;
        let number = server_has(&fixture, &subject, &[DESCRIPTION]).await?;
        same!(app.number(ticket)?, number, "the number that the client knows");
        app.shows(ticket, &[DESCRIPTION])?;
        super::visibility::mailed_once(&fixture, number, &[address]).await?;
        Ok(count)
    })
    .await
}

pub async fn replies(fixture: &Fixture) -> Result<(), Broken> {
    let expected = [DESCRIPTION, "Nachtrag", "Ende – סוף"];
    cut_everywhere(fixture, |fixture, plan| async move {
        let app = App::start(&fixture).await?;
        let subject = format!("Antworten {}", key()?.simple());
        let ticket = app.write(&subject, None)?;
        app.catch_up().await?;
        for text in &expected[1..] {
            app.reply(ticket, text)?;
        }
        let count = app.send_all(plan).await?;
        server_has(&fixture, &subject, &expected).await?;
        app.shows(ticket, &expected)?;
        Ok(count)
    })
    .await
}

pub async fn formatted(fixture: &Fixture) -> Result<(), Broken> {
    let page = "<p>Es fehlen <b>zwei</b>:</p><ul><li>März &amp; „April“ 🧾</li><li><a href='https://desk.example/a?b=1'>סוף</a></li></ul>";
    let text = "Es fehlen zwei:\n\n- März & „April“ 🧾\n- סוף";
    cut_everywhere(fixture, |fixture, plan| async move {
        let app = App::start(&fixture).await?;
        let subject = format!("Mit Liste {}", key()?.simple());
        let ticket = app.write(&subject, None)?;
        app.catch_up().await?;
        app.client.reply(&app.client.reply_draft(ticket)?.with(&pasted(page)))?;
        let count = app.send_all(plan).await?;
        let tickets = fixture.server.tickets(&subject).await?;
        same!(tickets.len(), 1, "tickets on the server");
        let thread = fixture.user(Who::Ada).await?.thread(tickets[0]).await?;
        let texts: Vec<&str> = thread.comments.iter().map(|comment| &*comment.body).collect();
        alike(&texts, &[DESCRIPTION, text], "the server has")?;
        app.shows(ticket, &[DESCRIPTION, text])?;
        let messages = app.client.thread(ticket, None, 50)?.messages;
        let spans: Vec<_> =
            messages.iter().flat_map(|message| &message.content.blocks).flat_map(|block| &block.spans).collect();
        ensure!(spans.iter().any(|span| span.bold && span.text == "zwei"), "nothing is bold in {spans:?}");
        ensure!(spans.iter().any(|span| span.link.is_some() && span.text == "סוף"), "no link is in {spans:?}");
        Ok(count)
    })
    .await
}

pub async fn file(fixture: &Fixture) -> Result<(), Broken> {
    let expected = [DESCRIPTION, "Siehe Anhang."];
    let (name, content) = ("Protokoll – März.txt", "12:04 Fehler\n12:05 שגיאה\n".repeat(200));
    let content = &content;
    cut_everywhere(fixture, |fixture, plan| async move {
        let app = App::start(&fixture).await?;
        let subject = format!("Mit Datei {}", key()?.simple());
        let ticket = app.write(&subject, None)?;
        app.catch_up().await?;
        let draft = ReplyDraft { body: expected[1].to_owned(), ..app.client.reply_draft(ticket)? };
        app.client.save_reply_draft(&draft)?;
        let source = app.folder.path().join("source.txt");
        std::fs::write(&source, content)?;
        app.client.attach(&draft.id, &source, name)?;
        app.client.reply(&draft)?;
        let count = app.send_all(plan).await?;
        let number = server_has(&fixture, &subject, &expected).await?;
        app.shows(ticket, &expected)?;
        let ada = fixture.user(Who::Ada).await?;
        let thread = ada.thread(number).await?;
        let files: Vec<_> = thread.comments.iter().flat_map(|comment| &comment.attachments).collect();
        let described: Vec<_> = files.iter().map(|file| (&*file.name, file.size)).collect();
        same!(described, vec![(name, content.len() as u64)], "the files on the server");
        Ok(count)
    })
    .await
}
