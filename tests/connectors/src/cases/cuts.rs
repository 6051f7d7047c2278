//! The whole client over the connector, with its connection cut at every request in turn, before and after the server applied
//! it. However the server keeps writes apart, by keys, by references or by looking first, everything that the user wrote is
//! there once and in order when the outbox is empty.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt, stream};
use pocketdesk::Client;
use pocketdesk::model::same_text;
use pocketdesk::model::{ReplyDraft, TicketDraft, TicketId, TicketNumber};
use pocketdesk::sync::Scope;
use tempfile::TempDir;

use crate::harness::Who;
use crate::network::{Network, When};
use crate::scene::{Clock, Scene};
use crate::trouble::{Broken, ensure, same};
use crate::user_connector::key;

/// A client that makes more requests than this to send a message is broken in another way.
const MOST_REQUESTS: usize = 60;
/// So many plays go on beside each other.
const AT_ONCE: usize = 6;
/// After so many runs, an outbox that still holds something never empties.
const MOST_RUNS: usize = 100;

/// The app of one user, whose file is in step with the server.
struct App {
    app: Arc<Client>,
    clock: Arc<Clock>,
    network: Network,
    folder: TempDir,
}

impl App {
    async fn start(scene: &Scene) -> Result<Self, Broken> {
        let network = Network::to(&scene.place.address()).await?;
        let folder = tempfile::tempdir()?;
        let (app, clock) = scene.app(Who::Ada, &network, folder.path()).await?;
        let app = Self { app, clock, network, folder };
        app.in_step().await?;
        Ok(app)
    }

    /// Syncs until there is nothing left to read.
    async fn in_step(&self) -> Result<(), Broken> {
        for _ in 0..MOST_RUNS {
            let report = self.app.sync(Scope::Everything).await;
            if report.failure.is_none() && report.next != Some(Duration::ZERO) {
                return Ok(());
            }
            self.clock.advance(Duration::from_secs(5));
        }
        Err(Broken::new("the client does not get in step with the server"))
    }

    /// Syncs as `plan` says until nothing waits any more.
    async fn settle(&self, plan: Plan) -> Result<Count, Broken> {
        let before = self.network.traffic().requests;
        if let Plan::Cut(skip, when) = plan {
            self.network.cut(skip, when);
        }
        for _ in 0..MOST_RUNS {
            tokio::select! {
                _ = self.app.sync(Scope::Everything) => {}
                sent = self.sent() => sent?,
            }
            if self.app.state()?.waiting == 0 {
                let count = Count(self.network.traffic().requests - before);
                self.network.mend();
                self.in_step().await?;
                return Ok(count);
            }
            // The device's pauses pass without anybody waiting for them; the server's clock, by which doubts end, has to move.
            self.clock.advance(Duration::from_secs(20));
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let waiting = self.app.history(None, 50)?.tickets.into_iter().find(|row| row.waiting > 0);
        let messages = waiting.map(|row| self.app.thread(row.id, None, 50)).transpose()?;
        let states: Vec<_> = messages.iter().flat_map(|page| &page.messages).map(|message| &message.delivery).collect();
        Err(Broken::new(format!("something waits for ever: {states:?}")))
    }

    /// Returns when nothing waits any more.
    async fn sent(&self) -> Result<(), Broken> {
        let changes = self.app.subscribe();
        while self.app.state()?.waiting > 0 {
            changes.next().await;
        }
        Ok(())
    }

    fn write(&self, subject: &str, address: Option<&str>) -> Result<TicketId, Broken> {
        let draft = self.app.ticket_draft()?;
        Ok(self.app.submit(&TicketDraft {
            subject: subject.to_owned(),
            description: DESCRIPTION.to_owned(),
            cc: address.into_iter().map(str::to_owned).collect(),
            ..draft
        })?)
    }

    fn reply(&self, ticket: TicketId, body: &str) -> Result<(), Broken> {
        let draft = self.app.reply_draft(ticket)?;
        self.app.reply(&ReplyDraft { body: body.to_owned(), ..draft })?;
        Ok(())
    }

    fn number(&self, ticket: TicketId) -> Result<TicketNumber, Broken> {
        self.app.ticket(ticket)?.row.number.ok_or_else(|| Broken::new("the client knows no number of its ticket"))
    }

    /// What the client shows of a thread is `expected`, each text once.
    fn shows(&self, ticket: TicketId, expected: &[&str]) -> Result<(), Broken> {
        let messages = self.app.thread(ticket, None, 50)?.messages;
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

/// The server has one such ticket, with exactly these texts in this order.
async fn server_has(scene: &Scene, subject: &str, expected: &[&str]) -> Result<TicketNumber, Broken> {
    let tickets = scene.place.tickets(subject).await?;
    same!(tickets.len(), 1, "tickets at the server called {subject:?}");
    let texts = scene.place.texts(tickets[0]).await?;
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    alike(&texts, expected, "the server has")?;
    Ok(tickets[0])
}

/// What a play does with its connection.
#[derive(Debug, Clone, Copy)]
enum Plan {
    /// Leaves it alone.
    Rehearse,
    /// Cuts it at the request after so many.
    Cut(usize, When),
}

/// So many requests until everything was sent.
struct Count(usize);

/// Plays once without a cut, and then with a cut at each of the requests that it took.
/// Each play is at a place of its own, so that none reads what another wrote.
async fn everywhere<F>(scene: &Scene, play: impl Fn(Scene, Plan) -> F) -> Result<(), Broken>
where
    F: Future<Output = Result<Count, Broken>>,
{
    let Count(requests) = play(scene.elsewhere().await?, Plan::Rehearse).await?;
    ensure!((1..=MOST_REQUESTS).contains(&requests), "sending takes {requests} requests");
    let cuts = (0..requests).flat_map(|skip| [Plan::Cut(skip, When::Before), Plan::Cut(skip, When::After)]);
    let play = &play;
    let plays = cuts.map(|plan| async move {
        let played = play(scene.elsewhere().await?, plan).await;
        played.map(drop).map_err(|broken| Broken::new(format!("{plan:?} of {requests}: {broken}")))
    });
    stream::iter(plays).buffer_unordered(AT_ONCE).try_collect().await
}

pub async fn ticket(scene: &Scene) -> Result<(), Broken> {
    everywhere(scene, |scene, plan| async move {
        let app = App::start(&scene).await?;
        let tag = key()?.simple().to_string();
        let (subject, address) = (format!("Genau einmal {tag}"), format!("kasse.{tag}@reisen.example"));
        let ticket = app.write(&subject, Some(&address))?;
        let count = app.settle(plan).await?;
        let number = server_has(&scene, &subject, &[DESCRIPTION]).await?;
        same!(app.number(ticket)?, number, "the number that the client knows");
        app.shows(ticket, &[DESCRIPTION])?;
        super::sight::mailed_once(&scene, number, &[address]).await?;
        Ok(count)
    })
    .await
}

pub async fn replies(scene: &Scene) -> Result<(), Broken> {
    let expected = [DESCRIPTION, "Nachtrag", "Ende – סוף"];
    everywhere(scene, |scene, plan| async move {
        let app = App::start(&scene).await?;
        let subject = format!("Antworten {}", key()?.simple());
        let ticket = app.write(&subject, None)?;
        app.in_step().await?;
        for text in &expected[1..] {
            app.reply(ticket, text)?;
        }
        let count = app.settle(plan).await?;
        server_has(&scene, &subject, &expected).await?;
        app.shows(ticket, &expected)?;
        Ok(count)
    })
    .await
}

pub async fn file(scene: &Scene) -> Result<(), Broken> {
    let expected = [DESCRIPTION, "Siehe Anhang."];
    let (name, content) = ("Protokoll – März.txt", "12:04 Fehler\n12:05 שגיאה\n".repeat(200));
    let content = &content;
    everywhere(scene, |scene, plan| async move {
        let app = App::start(&scene).await?;
        let subject = format!("Mit Datei {}", key()?.simple());
        let ticket = app.write(&subject, None)?;
        app.in_step().await?;
        let draft = ReplyDraft { body: expected[1].to_owned(), ..app.app.reply_draft(ticket)? };
        app.app.save_reply_draft(&draft)?;
        let source = app.folder.path().join("source.txt");
        std::fs::write(&source, content)?;
        app.app.attach(&draft.id, &source, name)?;
        app.app.reply(&draft)?;
        let count = app.settle(plan).await?;
        let number = server_has(&scene, &subject, &expected).await?;
        app.shows(ticket, &expected)?;
        let ada = scene.client(Who::Ada).await?;
        let thread = ada.remote.thread(number).await?;
        let files: Vec<_> = thread.comments.iter().flat_map(|comment| &comment.attachments).collect();
        let described: Vec<_> = files.iter().map(|file| (&*file.name, file.size)).collect();
        same!(described, vec![(name, content.len() as u64)], "the files at the server");
        Ok(count)
    })
    .await
}
