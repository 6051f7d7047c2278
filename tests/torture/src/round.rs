//! One round: one device, one server, a number of kills, and then the reckoning.
//!
//! A life goes like this: the victim is started on the same folder, reports what it found, is told again what the last one
//! did not answer, is told something new, and is killed at a moment that the seed decides: while it opens its file, while
//! it writes, while its requests are on their way. Meanwhile the server misbehaves. What the victim had reported counts as
//! promised, even if the kill came with the next instruction.
//!
//! At the end the server behaves again, the outbox is emptied, and server, screens and file are compared with the promises.

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

use crate::ledger::Ledger;
use crate::tally::Tally;
use crate::{Trouble, device};

/// How long an outbox may take to empty itself: several doubts, each as long as the product's waits.
const PATIENCE: Duration = Duration::from_mins(1);

pub struct Round {
    chance: StdRng,
    folder: PathBuf,
    sandbox: Running,
    http: ReqwestHttp,
    ledger: Ledger,
    ignores_keys: bool,
}

/// Plays a round. Every difference is in the tally; an error is trouble with the torture itself.
pub async fn play(seed: u64, kills: usize, folder: &Path) -> Result<Tally, Trouble> {
    let sandbox = Sandbox::start(Options { tickets: 0, seed, ..Options::default() }).await?;
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
    let mut tally = Tally::default();
    for _ in 0..kills {
        round.misbehave().await?;
        round.life(&mut tally).await?;
    }
    round.reckon(&mut tally).await?;
    round.sandbox.stop().await;
    Ok(tally)
}

impl Round {
    /// One life and its end.
    async fn life(&mut self, tally: &mut Tally) -> Result<(), Trouble> {
        let mut victim = Command::new(std::env::current_exe()?)
            .arg("--victim")
            .arg(&self.folder)
            .arg(&self.sandbox.base_url)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let output = victim.stdout.take().ok_or("no output")?;
        // Kept open until the end: an end of its input is nothing that an app would see.
        let mut input = victim.stdin.take().ok_or("no input")?;
        let mut lines = BufReader::new(output).lines();
        // Half of the deaths come early: most of what can be torn apart is in the first moments.
        let span = if self.chance.random_bool(0.5) { 25 } else { 120 };
        let length = Duration::from_micros(self.chance.random_range(0..span * 1_000));
        let early = self.chance.random_bool(0.1);
        let mut opened = false;
        let lived = async {
            if early {
                // Before it says that it is open.
                sleep(length / 4).await;
                return Ok(());
            }
            opened = self.meet(&mut lines, tally).await?;
            // Its death does not wait for its writes.
            let _ = timeout(length, self.instruct(&mut input, &mut lines)).await;
            Ok::<_, Trouble>(())
        };
        lived.await?;
        victim.kill().await?;
        // What it had said before it died.
        while let Some(line) = lines.next_line().await? {
            opened |= line.starts_with("open");
            self.hear(&line, tally);
        }
        tally.killed(opened);
        Ok(())
    }

    /// Waits until the victim is open. False if it ended by itself.
    async fn meet(&mut self, lines: &mut Lines<BufReader<ChildStdout>>, tally: &mut Tally) -> Result<bool, Trouble> {
        match timeout(Duration::from_secs(20), lines.next_line()).await {
            Ok(Ok(Some(line))) => self.hear(&line, tally),
            Ok(_) => tally.differs("it could not open its file".to_owned()),
            Err(_) => tally.differs("it was not open after 20 s".to_owned()),
        }
        Ok(true)
    }

    /// What was not answered first, then something new, with pauses like a user's, only shorter.
    async fn instruct(
        &mut self,
        input: &mut ChildStdin,
        lines: &mut Lines<BufReader<ChildStdout>>,
    ) -> Result<(), Trouble> {
        for write in self.ledger.unanswered.clone() {
            input.write_all(format!("{}\n", serde_json::to_string(&write)?).as_bytes()).await?;
        }
        while !self.ledger.unanswered.is_empty() {
            let line = lines.next_line().await?.ok_or("it ended by itself")?;
            self.hear(&line, &mut Tally::default());
        }
        for _ in 0..self.chance.random_range(1..=4) {
            let write = if self.ledger.tickets.is_empty() || self.chance.random_bool(0.35) {
                let description = format!("Guten Tag,\n\n{}", self.server_message());
                self.ledger.create("Überweisung fehlt 🧾", description)
            } else {
                let recent = self.ledger.tickets.len().saturating_sub(12);
                let index = self.chance.random_range(recent..self.ledger.tickets.len());
                let body = self.server_message();
                let Some(write) = self.ledger.reply(index, body) else { continue };
                write
            };
            input.write_all(format!("{}\n", serde_json::to_string(&write)?).as_bytes()).await?;
            let line = lines.next_line().await?.ok_or("it ended by itself")?;
            self.hear(&line, &mut Tally::default());
            sleep(Duration::from_micros(self.chance.random_range(0..8_000))).await;
        }
        // Goes on syncing.
        std::future::pending().await
    }

    /// Equal texts are the hardest to tell apart, so they are frequent.
    fn server_message(&mut self) -> String {
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
        let server_message: Vec<&str> = line.split(' ').collect();
        match server_message[..] {
            ["done", number, local] => {
                if let (Ok(number), Ok(local)) = (number.parse(), local.parse()) {
                    self.ledger.accepted(number, local);
                }
            }
            ["open", mine, ref states @ ..] => {
                if !mine.parse().is_ok_and(|mine| self.ledger.allows(mine)) {
                    let (accepted, told) = (self.ledger.accepted, self.ledger.unanswered.len());
                    tally.differs(format!("{mine} messages after {accepted} accepted and {told} unanswered"));
                }
                tally.found(states);
            }
            _ => {}
        }
    }

    /// The server's mood in the next life.
    async fn misbehave(&mut self) -> Result<(), Trouble> {
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
        self.ask(Method::Delete, "/sandbox/faults", Value::Null).await?;
        self.ask(Method::Post, "/sandbox/faults", faults).await.map(drop)
    }

    async fn ask(&self, method: Method, path: &str, body: Value) -> Result<Value, Trouble> {
        let url = url::Url::parse(&self.sandbox.base_url)?.join(path)?;
        let body = if body.is_null() { Body::Empty } else { Body::Json(body.to_string().into_bytes()) };
        let answer = self.http.send(HttpRequest { method, url, headers: Vec::new(), body }).await?;
        Ok(serde_json::from_slice(&answer.body).unwrap_or(Value::Null))
    }

    /// The server behaves, everything is sent, and all is compared.
    async fn reckon(&mut self, tally: &mut Tally) -> Result<(), Trouble> {
        self.ask(Method::Delete, "/sandbox/faults", Value::Null).await?;
        let client = match device::open(&self.folder, &self.sandbox.base_url) {
            Ok(client) => client,
            Err(trouble) => {
                tally.differs(format!("the file does not open any more: {trouble}"));
                return Ok(());
            }
        };
        // The user taps again what was never answered.
        for write in self.ledger.unanswered.clone() {
            let (number, local) = crate::victim::carry_out(&client, write)?;
            self.ledger.accepted(number, local);
        }
        if timeout(PATIENCE, self.drain(&client, tally)).await.is_err() {
            tally.differs(format!("{:?} after {PATIENCE:?}", client.state()?));
        }
        let all = self.ask(Method::Get, "/sandbox/tickets", Value::Null).await?;
        let mut differences = self.ledger.differences_at_the_server(&all);
        differences.extend(self.ledger.differences_on_the_device(&self.folder, &client)?);
        client.close();
        for difference in differences {
            tally.differs(difference);
        }
        tally.writes += self.ledger.accepted;
        Ok(())
    }

    /// Syncs until nothing waits. What may have been sent and is not at the server is sent again: the user looked there.
    async fn drain(&self, client: &Client, tally: &mut Tally) -> Result<(), Trouble> {
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

    fn decide(&self, client: &Client, tally: &mut Tally) -> Result<(), Trouble> {
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
        }
        Ok(())
    }
}
