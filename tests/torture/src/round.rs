//! One round: one device, one server, a number of kills, and a final comparison.
//!
//! # The story
//!
//! In each life, the victim is started on the same folder and reports what it found. It is given again the writes that
//! its predecessor did not answer, and then new ones. It is killed at a time that the seed decides: while it opens its
//! file, while it writes, or while its requests are under way. Meanwhile the server has faults. What the victim has
//! reported counts as promised, even if the kill follows immediately.
//!
//! At the end the faults are off, the outbox is emptied, and server, screens and file are compared with the promises.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use pocketdesk::Client;
use pocketdesk::model::Delivery;
use pocketdesk::net::{Body, Http, HttpRequest, Method, ReqwestHttp};
use pocketdesk::sync::Scope;
use pocketdesk_sandbox::{Options, Running, Sandbox};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{ChildStdin, ChildStdout, Command};
use tokio::time::{sleep, timeout};

use crate::ledger::{Expected, Ledger};
use crate::tally::Tally;
use crate::{Error, device};

/// How long emptying the outbox may take. It may have to resolve several ambiguous outcomes, each with the waits of the
/// product definition.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long the app is open for a moment without a kill.
const CALM: Duration = Duration::from_millis(700);
/// After this time the server applies nothing late any more.
const LATEST: Duration = Duration::from_secs(1);

pub struct Round {
    chance: StdRng,
    folder: PathBuf,
    sandbox: Running,
    http: ReqwestHttp,
    ledger: Ledger,
    ignores_keys: bool,
}

/// Plays a round. Every broken promise is in the tally; an `Err` is an error of the torture itself.
pub async fn play(seed: u64, kills: usize, folder: &Path) -> Result<Tally, Error> {
    let sandbox = Sandbox::start(Options { tickets: 0, seed, ..Options::default() }).await?;
    let satisfaction = if seed.is_multiple_of(2) { "surveys" } else { "legacy" };
    let given = json!({ "id": device::FEEDBACK_GIVEN, "type": "checkbox", "editable": false, "titles": { "en": "Feedback given" } });
    let mut chance = StdRng::seed_from_u64(seed);
    let ignores_keys = chance.random_bool(0.5);
    let mut round = Round {
        chance,
        folder: folder.to_owned(),
        sandbox,
        http: ReqwestHttp::new()?,
        ledger: Ledger::default(),
        ignores_keys,
    };
    round.call_sandbox(Method::Post, "/sandbox/settings", json!({ "satisfaction": satisfaction })).await?;
    round.call_sandbox(Method::Post, "/sandbox/ticket_fields", given).await?;
    let mut tally = Tally::default();
    round.begin().await?;
    for _ in 0..kills {
        round.set_faults().await?;
        if round.chance.random_bool(0.3) {
            round.agent_answers().await?;
        }
        if round.chance.random_bool(0.25) {
            round.calm().await?;
        }
        round.life(&mut tally).await?;
    }
    round.compare(&mut tally).await?;
    round.sandbox.stop().await;
    Ok(tally)
}

impl Round {
    /// The first tickets, which an agent has answered and which were on screen: so there is something to close, and the app
    /// knows that there is a toggle.
    async fn begin(&mut self) -> Result<(), Error> {
        let client = device::open(&self.folder, &self.sandbox.base_url)?;
        for _ in 0..4 {
            let write = self.ledger.create("Überweisung fehlt 🧾", "Guten Tag,\n\nseit Montag.".to_owned());
            let number = write.number();
            let local = crate::victim::carry_out(&client, write)?.ok_or("a ticket was refused")?;
            self.ledger.accepted(number, local);
        }
        client.sync(Scope::Everything).await;
        for _ in 0..4 {
            self.agent_answers().await?;
        }
        client.sync(Scope::Everything).await;
        for local in self.ledger.tickets.iter().filter_map(|ticket| ticket.local) {
            client.thread_opened(local)?;
            client.sync(Scope::Due).await;
        }
        client.close();
        Ok(())
    }

    /// One life of the victim and its end.
    async fn life(&mut self, tally: &mut Tally) -> Result<(), Error> {
        let mut victim = Command::new(std::env::current_exe()?)
            .arg("--victim")
            .arg(&self.folder)
            .arg(&self.sandbox.base_url)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let output = victim.stdout.take().ok_or("no output")?;
        // Stays open until the end, because a real app never sees the end of its input.
        let mut input = victim.stdin.take().ok_or("no input")?;
        let mut lines = BufReader::new(output).lines();
        // Half of the kills come early, because most of what can go wrong is in the first moments.
        let span = if self.chance.random_bool(0.5) { 25 } else { 120 };
        let length = Duration::from_micros(self.chance.random_range(0..span * 1_000));
        let early = self.chance.random_bool(0.1);
        let mut opened = false;
        let lived = async {
            if early {
                // Killed before it reports that it is open.
                sleep(length / 4).await;
                return Ok(());
            }
            opened = self.await_open(&mut lines, tally).await?;
            // The kill does not wait for the victim's writes.
            let _ = timeout(length, self.instruct(&mut input, &mut lines)).await;
            Ok::<_, Error>(())
        };
        lived.await?;
        victim.kill().await?;
        // What it reported before it was killed.
        while let Some(line) = lines.next_line().await? {
            opened |= line.starts_with("open");
            self.hear(&line, tally);
        }
        tally.killed(opened);
        Ok(())
    }

    /// An agent answers a ticket that nobody works on yet: only then can its user close it. The status after it does not depend
    /// on when it comes, because the user has not closed the ticket.
    async fn agent_answers(&mut self) -> Result<(), Error> {
        let all = self.call_sandbox(Method::Get, "/sandbox/tickets", Value::Null).await?;
        let free = all["tickets"].as_array().into_iter().flatten().find(|ticket| {
            let known = self.ledger.tickets.iter().find(|known| ticket["subject"] == known.subject.as_str());
            ticket["assignee_id"].is_null() && known.is_some_and(|known| !known.actions.was_closed())
        });
        if let Some(number) = free.and_then(|ticket| ticket["id"].as_i64()) {
            let answer = json!({ "body": "Wir prüfen das.", "status": "open" });
            self.call_sandbox(Method::Post, &format!("/sandbox/tickets/{number}/answer"), answer).await?;
        }
        Ok(())
    }

    /// The app is open for a moment without a kill, with a ticket on screen: it learns what it can offer.
    async fn calm(&mut self) -> Result<(), Error> {
        let Ok(client) = device::open(&self.folder, &self.sandbox.base_url) else { return Ok(()) };
        // Feedback is only offered for a closed ticket that was on screen.
        let is_meant = |ticket: &&Expected| ticket.actions.is_closed() && !ticket.actions.is_over();
        let known: Vec<_> = self.ledger.tickets.iter().filter(is_meant).filter_map(|ticket| ticket.local).collect();
        if !known.is_empty() {
            client.thread_opened(known[self.chance.random_range(0..known.len())])?;
        }
        // What it cannot do in that time, a later life does.
        let _ = timeout(CALM, client.sync(Scope::Everything)).await;
        client.close();
        Ok(())
    }

    /// Waits until the victim is open, for at most 20 seconds.
    async fn await_open(
        &mut self,
        lines: &mut Lines<BufReader<ChildStdout>>,
        tally: &mut Tally,
    ) -> Result<bool, Error> {
        match timeout(Duration::from_secs(20), lines.next_line()).await {
            Ok(Ok(Some(line))) => self.hear(&line, tally),
            Ok(_) => tally.differs("the victim could not open its file".to_owned()),
            Err(_) => tally.differs("the victim was not open after 20 s".to_owned()),
        }
        Ok(true)
    }

    /// Gives the victim first the unanswered writes, then new ones, with pauses like a user's, only shorter.
    async fn instruct(
        &mut self,
        input: &mut ChildStdin,
        lines: &mut Lines<BufReader<ChildStdout>>,
    ) -> Result<(), Error> {
        for write in self.ledger.repeat() {
            input.write_all(format!("{}\n", serde_json::to_string(&write)?).as_bytes()).await?;
        }
        while !self.ledger.unanswered.is_empty() {
            let line = lines.next_line().await?.ok_or("the victim ended by itself")?;
            self.hear(&line, &mut Tally::default());
        }
        for _ in 0..self.chance.random_range(1..=4) {
            let write = if self.ledger.tickets.is_empty() || self.chance.random_bool(0.35) {
                let description = format!("Guten Tag,\n\n{}", self.random_text());
                self.ledger.create("Überweisung fehlt 🧾", description)
            } else {
                let recent = self.ledger.tickets.len().saturating_sub(12);
                let index = self.chance.random_range(recent..self.ledger.tickets.len());
                let text = self.random_text();
                let write = match self.chance.random_range(0..6) {
                    0 | 1 => self.ledger.close(index, text),
                    2 => self.ledger.toggle(index, self.chance.random_bool(0.5)),
                    _ => self.ledger.reply(index, text),
                };
                let Some(write) = write else { continue };
                write
            };
            input.write_all(format!("{}\n", serde_json::to_string(&write)?).as_bytes()).await?;
            let line = lines.next_line().await?.ok_or("the victim ended by itself")?;
            self.hear(&line, &mut Tally::default());
            sleep(Duration::from_micros(self.chance.random_range(0..8_000))).await;
        }
        // The victim continues to sync.
        std::future::pending().await
    }

    /// A random message. Equal texts are frequent, because they are the hardest to tell apart.
    fn random_text(&mut self) -> String {
        match self.chance.random_range(0..6) {
            0 | 1 => "ok".to_owned(),
            2 => "شكرًا جزيلاً 🙏".to_owned(),
            3 => format!("Nachtrag {}: „Größe“ & <b>ok</b>\n\nGrüße", self.chance.random_range(0..1_000)),
            4 => format!("הנה המספר {}", self.chance.random_range(0..1_000)),
            _ => {
                format!("Und noch etwas.\n{}", "Ausführlich erzählt. ".repeat(self.chance.random_range(1..120)).trim())
            }
        }
    }

    fn hear(&mut self, line: &str, tally: &mut Tally) {
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            ["done", number, local] => {
                if let (Ok(number), Ok(local)) = (number.parse(), local.parse()) {
                    self.ledger.accepted(number, local);
                }
            }
            ["refused", number] => {
                if let Ok(number) = number.parse() {
                    self.ledger.refused(number);
                }
            }
            ["open", mine, ref states @ ..] => {
                if !mine.parse().is_ok_and(|mine| self.ledger.allows(mine)) {
                    let (accepted, given) = (self.ledger.accepted, self.ledger.unanswered.len());
                    tally.differs(format!("{mine} messages after {accepted} accepted and {given} unanswered"));
                }
                tally.found(states);
            }
            _ => {}
        }
    }

    /// Sets the server's faults for the next life.
    async fn set_faults(&mut self) -> Result<(), Error> {
        let mut faults = match self.chance.random_range(0..14) {
            0 | 1 => json!({ "cut_after": { "times": 1 } }),
            2 => json!({ "cut_before": { "times": 1 } }),
            3 => json!({ "late_apply": { "seconds": 0.7, "times": 1 } }),
            4 => json!({ "stale_reads": { "seconds": 0.8 } }),
            5 => json!({ "stale_reads": { "seconds": 0.8 }, "cut_after": { "times": 2 } }),
            6 => json!({ "server_error": { "times": 1 } }),
            7 => json!({ "offline": { "times": 2 } }),
            8 | 9 => json!({ "latency_ms": { "ms": 15 } }),
            10 => json!({ "html": { "times": 1 } }),
            11 => json!({ "too_many_requests": { "retry_after": 1, "times": 1 } }),
            _ => json!({}),
        };
        faults["ignore_idempotency"] = json!(self.ignores_keys);
        self.call_sandbox(Method::Delete, "/sandbox/faults", Value::Null).await?;
        self.call_sandbox(Method::Post, "/sandbox/faults", faults).await.map(drop)
    }

    async fn call_sandbox(&self, method: Method, path: &str, body: Value) -> Result<Value, Error> {
        let url = url::Url::parse(&self.sandbox.base_url)?.join(path)?;
        let body = if body.is_null() { Body::Empty } else { Body::Json(body.to_string().into_bytes()) };
        let answer = self.http.send(HttpRequest { method, url, headers: Vec::new(), body }).await?;
        Ok(serde_json::from_slice(&answer.body).unwrap_or(Value::Null))
    }

    /// Turns the faults off, sends everything, and compares.
    async fn compare(&mut self, tally: &mut Tally) -> Result<(), Error> {
        self.call_sandbox(Method::Delete, "/sandbox/faults", Value::Null).await?;
        let client = match device::open(&self.folder, &self.sandbox.base_url) {
            Ok(client) => client,
            Err(error) => {
                tally.differs(format!("the file does not open any more: {error}"));
                return Ok(());
            }
        };
        // The user repeats what was never answered.
        for write in self.ledger.repeat() {
            let number = write.number();
            match crate::victim::carry_out(&client, write)? {
                Some(local) => self.ledger.accepted(number, local),
                None => self.ledger.refused(number),
            }
        }
        if timeout(PATIENCE, self.drain(&client, tally)).await.is_err() {
            tally.differs(format!("{:?} after {PATIENCE:?}", client.state()?));
        }
        // What the server applies late must not undo anything either.
        sleep(LATEST).await;
        let all = self.call_sandbox(Method::Get, "/sandbox/tickets", Value::Null).await?;
        let mut differences = self.ledger.differences_on_the_server(&all);
        differences.extend(self.ledger.differences_on_the_device(&self.folder, &client)?);
        client.close();
        for difference in differences {
            tally.differs(difference);
        }
        tally.writes += self.ledger.accepted;
        tally.actions = (tally.actions.0 + self.ledger.acted, tally.actions.1 + self.ledger.refused);
        Ok(())
    }

    /// Syncs until nothing waits. Messages that may have been sent and are not on the server are sent again, as by a
    /// user who looked there.
    async fn drain(&self, client: &Client, tally: &mut Tally) -> Result<(), Error> {
        loop {
            let report = client.sync(Scope::Everything).await;
            if client.state()?.waiting == 0 && report.failure.is_none() && report.next.is_none() {
                return Ok(());
            }
            if client.history(None, 200)?.tickets.iter().any(|row| row.needs_user) {
                sleep(Duration::from_millis(2_500)).await;
                client.sync(Scope::Everything).await;
                self.decide(client, tally)?;
            }
            let pause = report.next.unwrap_or(Duration::from_millis(200));
            sleep(pause.clamp(Duration::from_millis(10), Duration::from_secs(1))).await;
        }
    }

    fn decide(&self, client: &Client, tally: &mut Tally) -> Result<(), Error> {
        for expected in &self.ledger.tickets {
            let Some(local) = expected.local else { continue };
            for message in client.thread(local, None, 200)?.messages {
                match message.delivery {
                    Delivery::MayHaveBeenSent => {
                        tally.left_to_the_user += 1;
                        client.retry(message.id)?;
                    }
                    Delivery::NeedsUser(reason) => {
                        tally.differs(format!("{reason:?} for {}", message.body));
                        if message.can_retry {
                            client.retry(message.id)?;
                        }
                    }
                    _ => {}
                }
            }
            for change in client.ticket(local)?.changes {
                if let Delivery::NeedsUser(reason) = change.delivery {
                    tally.differs(format!("{reason:?} for {:?} of {expected:?}", change.kind));
                    client.discard_change(change.id)?;
                } else if change.delivery == Delivery::MayHaveBeenSent {
                    tally.differs(format!("nobody knows what became of {:?} of {expected:?}", change.kind));
                    client.discard_change(change.id)?;
                }
            }
        }
        Ok(())
    }
}
