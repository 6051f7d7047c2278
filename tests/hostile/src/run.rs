//! One run of a mode.
//!
//! Before the fault, an agent has answered five tickets. A synced account has read everything before that; a fresh one
//! has never been opened. The fault begins, and the user writes: a reply where the account was synced, a new ticket
//! where it is fresh (and the reply as soon as the ticket is shown). After two minutes an agent answers another ticket,
//! and the user pulls to refresh, then and once more half-way. When the fault has lasted its time, what the mode
//! declares must be shown. Then the fault ends. The user refreshes, and acts on every message that needs the user.
//! Within half an hour everything must be as if there had been no fault ([`after_recovery`]).
//!
//! The same run is also made without the fault, to count its requests. With the fault the client may make ten more, and
//! one more for each minute of injected time.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use pocketdesk::Client;
use pocketdesk::net::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::clockwork::{Clockwork, Endless, Shared};
use crate::device::{Screen, Written, act_on, create, find, give_up_changes, open, reply, shown};
use crate::fault::{Cast, Part};
use crate::mode::{ANSWER, Account, Act, DESCRIPTION, Mode, SUBJECT};
use crate::proxy::{Logged, Server};
use crate::right::{Right, Seen, after_recovery};
use crate::{Error, process};

/// No run needs nearly as many requests. A run that makes so many repeats something without a pause.
const FAR_TOO_MANY: usize = 500;
/// By how much the memory of a run may grow over that of the client when it was opened, in KiB.
pub(crate) const LARGEST_PEAK: u64 = 64 * 1024;
/// How long the recovery may take.
const RECOVERY: u32 = 30;

/// What came of a mode on one account.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Outcome {
    /// How many requests the client made.
    pub requests: usize,
    /// How many it may make.
    pub ceiling: usize,
    /// The injected time, in minutes.
    pub minutes: u64,
    /// The peak of memory over the open client, in KiB, where it can be measured.
    pub peak: Option<u64>,
    /// What should have held and did not.
    pub broken: Vec<String>,
    /// Every request of the run with the fault, for whoever looks for the cause.
    pub asked: Vec<String>,
}

/// Runs a mode on one account, with the fault and without.
pub(crate) async fn run(mode: impl Fn() -> Option<Mode>, account: Account) -> Result<Outcome, Error> {
    let (Some(faulty), Some(well)) = (mode(), mode()) else { return Err("there is no such mode".into()) };
    let mut outcome = Run::start(faulty, account, true).await?.whole().await?;
    let reference = Run::start(well, account, false).await?.whole().await?;
    outcome.ceiling = reference.requests + 10 + usize::try_from(outcome.minutes)?;
    if outcome.requests > outcome.ceiling {
        outcome.broken.push(format!("{} requests, at most {}", outcome.requests, outcome.ceiling));
    }
    if outcome.peak.is_some_and(|peak| peak > LARGEST_PEAK) {
        outcome.broken.push("more than 64 MiB over the open client".to_owned());
    }
    // If something does not hold without a fault, the run itself is wrong.
    outcome.broken.extend(reference.broken.iter().map(|says| format!("without the fault: {says}")));
    Ok(outcome)
}

struct Run {
    mode: Mode,
    account: Account,
    faulty: bool,
    clock: Shared,
    server: Server,
    folder: TempDir,
    cast: Cast,
    /// The user's own comments in the ticket that the reply goes to, before the run.
    own_before: usize,
    written: Vec<Written>,
    written_at: Vec<Duration>,
    replied: bool,
    /// What the user could not write.
    cannot: Vec<String>,
    longest_tap: Arc<AtomicU64>,
    /// The memory of the process with the open client when the measurement of the peak began, in KiB.
    open: Option<u64>,
    peak: Option<u64>,
}

impl Run {
    async fn start(mut mode: Mode, account: Account, faulty: bool) -> Result<Self, Error> {
        let clock = Shared::new(Clockwork::default());
        let rules = std::mem::take(&mut mode.rules);
        let server = Server::start(0, mode.tickets, rules, &clock).await?;
        let folder = tempfile::tempdir()?;
        let (cast, own_before) = cast(&server).await?;
        server.set_cast(cast.clone());
        let (written, written_at, longest_tap) = Default::default();
        Ok(Self {
            mode,
            account,
            faulty,
            clock,
            server,
            folder,
            cast,
            own_before,
            written,
            written_at,
            replied: false,
            cannot: Vec::new(),
            longest_tap,
            open: None,
            peak: None,
        })
    }

    async fn whole(mut self) -> Result<Outcome, Error> {
        if self.account == Account::Fresh {
            self.news().await?;
            self.server.misbehave(self.faulty);
        }
        let client = open(self.folder.path(), &self.server.url(), &self.mode.product, &self.clock)?;
        let driver = tokio::spawn({
            let client = Arc::clone(&client);
            async move { client.drive().await }
        });
        process::forget_peak();
        self.open = process::memory();
        let tapping = self.begin_to_tap(&client);
        let mut outcome = Outcome::default();
        match self.story(&client, &mut outcome.broken).await {
            Err(error) if error.is::<Endless>() => outcome.broken.push(error.to_string()),
            done => done?,
        }
        outcome.broken.append(&mut self.cannot);
        tapping.store(false, Ordering::Relaxed);
        self.note_peak();
        outcome.peak = self.peak;
        outcome.requests = self.server.requests();
        let line = |entry: &Logged| format!("{:>8.1} s  {}?{}", entry.at.as_secs_f64(), entry.what, entry.query);
        outcome.asked = self.server.log().iter().map(line).collect();
        outcome.minutes = self.clock.injected().as_secs() / 60;
        driver.abort();
        if driver.await.is_err_and(|error| !error.is_cancelled()) {
            outcome.broken.push("sync panicked".to_owned());
        }
        client.close();
        Ok(outcome)
    }

    async fn story(&mut self, client: &Arc<Client>, broken: &mut Vec<String>) -> Result<(), Error> {
        if self.account == Account::Synced {
            self.pass(Duration::from_mins(1)).await?;
            self.news().await?;
            self.server.misbehave(self.faulty);
        }
        let begun = self.clock.injected();
        let half = self.mode.fault / 2;
        let mut acts = std::mem::take(&mut self.mode.acts);
        acts.extend([(Duration::from_mins(2), Act::Refresh), (half, Act::Refresh)]);
        acts.sort_by_key(|(at, _)| *at);
        self.write(client)?;
        if self.account == Account::Synced {
            client.sync_now()?;
        }
        let mut told = false;
        for (at, act) in acts {
            self.pass((begun + at).saturating_sub(self.clock.injected())).await?;
            if at >= Duration::from_mins(2) && !std::mem::replace(&mut told, true) {
                agent_answers(&self.server, self.cast.other, false).await?;
            }
            self.act(client, act)?;
            self.write(client)?;
        }
        self.pass((begun + self.mode.fault).saturating_sub(self.clock.injected())).await?;
        if self.faulty {
            let right = std::mem::take(&mut self.mode.right);
            broken.extend(self.missing(client, &right).await?);
        }
        self.server.misbehave(false);
        self.recover(client, broken).await
    }

    /// The server is well again. The user refreshes, and acts on what needs them.
    async fn recover(&mut self, client: &Arc<Client>, broken: &mut Vec<String>) -> Result<(), Error> {
        let mut replies = 1;
        for minute in 0..RECOVERY {
            self.write(client)?;
            let server = self.tickets().await?;
            let has = |text: &str| {
                let comments = server.iter().filter_map(|ticket| ticket["comments"].as_array()).flatten();
                comments
                    .into_iter()
                    .any(|comment| comment["body"].as_str().is_some_and(|body| body.trim().starts_with(text)))
            };
            for written in &mut self.written {
                act_on(client, written, has)?;
            }
            give_up_changes(client)?;
            if minute % 5 == 0 {
                client.sync_now()?;
            }
            self.pass(Duration::from_mins(1)).await?;
            replies = self.replies();
            let right = after_recovery(&self.mode.text, self.own_before, replies);
            let missing = self.missing(client, &right).await?;
            if missing.is_empty() {
                return Ok(());
            }
            if minute + 1 == RECOVERY {
                broken.extend(missing);
            }
        }
        let _ = replies;
        Ok(())
    }

    /// How many comments the user adds to the ticket that the reply goes to.
    fn replies(&self) -> usize {
        1 + usize::from(self.faulty && self.mode.name.starts_with("5.9"))
    }

    /// What should hold now and does not. The memory that this program needs to look at the screens does not count as the
    /// client's, so the measurement begins anew.
    async fn missing(&mut self, client: &Client, rights: &[Right]) -> Result<Vec<String>, Error> {
        self.note_peak();
        let seen = self.look(client).await?;
        let concerned = rights.iter().filter(|right| right.only.is_none_or(|only| only == self.account));
        let missing = concerned.filter(|right| !(right.holds)(&seen)).map(|right| right.says.clone()).collect();
        drop(seen);
        process::forget_peak();
        self.open = process::memory();
        Ok(missing)
    }

    /// What the user writes, as soon as it can be written.
    fn write(&mut self, client: &Client) -> Result<(), Error> {
        if self.account == Account::Fresh && self.written.is_empty() {
            self.written.push(create(client, SUBJECT, DESCRIPTION)?);
            self.written_at.push(self.clock.injected());
        }
        if !self.replied
            && let Some(ticket) = find(client, self.cast.waiting)?
        {
            let file = self.mode.file.map(|bytes| self.picked(bytes)).transpose()?;
            self.replied = true;
            match reply(client, ticket, &self.mode.text, file.as_deref()) {
                Ok(written) => {
                    self.written.push(written);
                    self.written_at.push(self.clock.injected());
                }
                Err(why) => self.cannot.push(format!("the user can reply: {why}")),
            }
        }
        Ok(())
    }

    /// The file that the user picks.
    fn picked(&self, bytes: usize) -> Result<PathBuf, Error> {
        let path = self.folder.path().join("Auszug März.txt");
        let line = "2026-03-02 09:14:07 Überweisung 4711 nicht gefunden\n";
        std::fs::write(&path, &line.repeat(bytes / line.len() + 1).as_bytes()[..bytes])?;
        Ok(path)
    }

    fn act(&mut self, client: &Client, act: Act) -> Result<(), Error> {
        let ticket = |part: Part| find(client, self.cast.number(part));
        match act {
            Act::Refresh => client.sync_now()?,
            Act::Open(part) => {
                if let Some(ticket) = ticket(part)? {
                    client.thread_opened(ticket)?;
                }
            }
            Act::Download(part) => {
                if let Some(ticket) = ticket(part)? {
                    let messages = client.thread(ticket, None, 200)?.messages;
                    if let Some(message) = messages.iter().rev().find(|message| !message.attachments.is_empty()) {
                        client.download(message.id, 0)?;
                    }
                }
            }
            Act::Solve(part) => {
                if let Some(ticket) = ticket(part)? {
                    // The product may not offer this; that is no error of the run.
                    let _ = client.solve(ticket);
                }
            }
            Act::ReplyTo(part) => {
                if let Some(ticket) = ticket(part)? {
                    match reply(client, ticket, "Noch eine Frage dazu: Wann kommt die Zahlung?", None) {
                        Ok(written) => {
                            self.written.push(written);
                            self.written_at.push(self.clock.injected());
                        }
                        Err(why) => self.cannot.push(format!("the user can reply: {why}")),
                    }
                }
            }
        }
        Ok(())
    }

    /// Agents answer five tickets, the newest last.
    async fn news(&self) -> Result<(), Error> {
        for (index, number) in self.cast.due.iter().enumerate().rev() {
            agent_answers(&self.server, *number, index == 0).await?;
            self.pass(Duration::from_secs(5)).await?;
        }
        Ok(())
    }

    async fn pass(&self, length: Duration) -> Result<(), Endless> {
        self.clock.pass(length, || self.server.requests() > FAR_TOO_MANY).await
    }

    /// Notes the peak so far.
    fn note_peak(&mut self) {
        let peak = process::peak().zip(self.open).map(|(peak, open)| peak.saturating_sub(open));
        self.peak = self.peak.max(peak);
    }

    /// Every ticket of the server.
    async fn tickets(&self) -> Result<Vec<Value>, Error> {
        let server = self.server.sandbox(Method::Get, "/sandbox/tickets", &Value::Null).await?;
        Ok(server["tickets"].as_array().cloned().unwrap_or_default())
    }

    async fn look(&self, client: &Client) -> Result<Seen, Error> {
        let written = self.written.iter().map(|written| shown(client, *written)).collect::<Result<_, _>>()?;
        Ok(Seen {
            account: self.account,
            cast: self.cast.clone(),
            tickets: self.mode.tickets as usize + PARTS,
            screen: Screen::of(client)?,
            text: self.mode.text.clone(),
            written,
            server: self.tickets().await?,
            log: self.server.log(),
            written_at: self.written_at.clone(),
            longest_tap: self.longest_tap.load(Ordering::Relaxed),
        })
    }

    /// Saves a draft again and again, on a thread of its own, until the flag is false. Measures which part of the run the
    /// longest of these taps takes. A busy machine slows both down, so the part stays the same.
    fn begin_to_tap(&self, client: &Arc<Client>) -> Arc<AtomicBool> {
        let going = Arc::new(AtomicBool::new(self.mode.taps));
        if self.mode.taps {
            let (client, going, part) = (Arc::clone(client), Arc::clone(&going), Arc::clone(&self.longest_tap));
            std::thread::spawn(move || {
                let (start, mut longest) = (Instant::now(), Duration::ZERO);
                while going.load(Ordering::Relaxed) {
                    let began = Instant::now();
                    if client.ticket_draft().and_then(|draft| client.save_ticket_draft(&draft)).is_ok() {
                        longest = longest.max(began.elapsed());
                        let of = start.elapsed().as_micros().max(1);
                        let thousandths = u64::try_from(longest.as_micros() * 1_000 / of).unwrap_or(u64::MAX);
                        part.store(thousandths, Ordering::Relaxed);
                    }
                    std::thread::sleep(Duration::from_millis(20));
                }
            });
        }
        going
    }
}

/// An agent answers a ticket, with a file if `with_file`.
pub(crate) async fn agent_answers(server: &Server, number: i64, with_file: bool) -> Result<(), Error> {
    // "Überweisung eingegangen", in base64.
    let content = "w5xiZXJ3ZWlzdW5nIGVpbmdlZ2FuZ2VuCg==";
    let file = json!({ "name": "Protokoll März.txt", "content_type": "text/plain", "content": content });
    let files: Vec<Value> = if with_file { vec![file] } else { Vec::new() };
    let body = json!({ "body": ANSWER, "status": "open", "files": files });
    server.sandbox(Method::Post, &format!("/sandbox/tickets/{number}/answer"), &body).await?;
    Ok(())
}

/// How many tickets have a part.
pub(crate) const PARTS: usize = 7;

/// Creates Ada's tickets that have a part. Also returns how many comments she has in the one that the reply goes to.
pub(crate) async fn cast(server: &Server) -> Result<(Cast, usize), Error> {
    let mut numbers = Vec::new();
    for part in 1..=PARTS {
        let comment = json!({ "body": format!("Guten Tag,\n\ndie Zahlung zu Rechnung 2026-{part:02} fehlt.") });
        let request = json!({ "subject": format!("Zahlung zu Rechnung 2026-{part:02} fehlt"), "comment": comment });
        let answer = server.sandbox(Method::Post, "/api/v2/requests", &json!({ "request": request })).await?;
        numbers.push(answer["request"]["id"].as_i64().ok_or("the sandbox creates no ticket")?);
    }
    let (waiting, other, due) = (numbers[0], numbers[1], numbers.split_off(2));
    Ok((Cast { due, waiting, other }, 1))
}
