//! What a sync costs: requests and bytes as the server counts them, memory, and the delay for a user who writes
//! meanwhile.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use pocketdesk::Client;
use pocketdesk::model::{ReplyDraft, TicketDraft, TicketId, TicketNumber};
use pocketdesk::net::{Body, Http, HttpRequest, Method, ReqwestHttp};
use pocketdesk::store::file_of;
use pocketdesk::sync::Scope;
use pocketdesk_sandbox::{Options, Running, Sandbox};
use serde_json::{Value, json};
use url::Url;

use crate::device::{self, open};
use crate::figures::Figures;
use crate::quantile;

const SOME: u32 = 1_000;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Measures and prints everything about syncs. `many` is how many tickets a long history has.
pub async fn measure(folder: &Path, many: u32) -> Outcome<()> {
    let mut figures = Figures::of("sync");
    for threads in [false, true] {
        let sandbox = Sandbox::start(Options { tickets: SOME, ..Options::default() }).await?;
        let client = open(&empty_folder(folder, "some")?, &sandbox.base_url, threads)?;
        let (requests, bytes) = Box::pin(measure_traffic(&sandbox, sync_completely(&client))).await?;
        let with = if threads { "with all threads" } else { "without threads" };
        traffic(&mut figures, &format!("first sync {with}"), SOME, requests, bytes);
        if !threads {
            let (requests, bytes) = Box::pin(measure_traffic(&sandbox, sync_completely(&client))).await?;
            traffic(&mut figures, "unchanged sync", SOME, requests, bytes);
        }
    }
    let sandbox = Sandbox::start(Options { tickets: many, ..Options::default() }).await?;
    first_sync_in_own_process(folder, &sandbox)?;
    let home = empty_folder(folder, "many")?;
    let client = open(&home, &sandbox.base_url, false)?;
    while_syncing(&home, &client, many, &mut figures).await?;
    let (requests, bytes) = Box::pin(measure_traffic(&sandbox, sync_completely(&client))).await?;
    traffic(&mut figures, "unchanged sync, right after the first", many, requests, bytes);
    let later = Duration::from_mins(10);
    device::advance(later);
    let body = Body::Json(format!(r#"{{ "advance_seconds": {} }}"#, later.as_secs()).into_bytes());
    call_sandbox(&sandbox, Method::Post, "/sandbox/clock", body).await?;
    sync_completely(&client).await?;
    let (requests, bytes) = Box::pin(measure_traffic(&sandbox, sync_completely(&client))).await?;
    traffic(&mut figures, "unchanged sync, from ten minutes later on", many, requests, bytes);
    let changed = a_sent_ticket(&client)?;
    let body = Body::Json(b"{}".to_vec());
    call_sandbox(&sandbox, Method::Post, &format!("/sandbox/tickets/{changed}/touch"), body).await?;
    let (requests, bytes) = Box::pin(measure_traffic(&sandbox, sync_completely(&client))).await?;
    traffic(&mut figures, "one changed ticket", many, requests, bytes);
    figures.write(folder)?;
    in_front_in_own_process(folder)
}

/// Measures what ten minutes in front cost: with the history on screen and with a thread, right after something happened and
/// an hour later. Nothing changes meanwhile. The device's clock runs 100 times as fast as the machine's.
pub async fn in_front(folder: &Path) -> Outcome<()> {
    const FASTER: u32 = 100;
    let (minutes, hour) = (Duration::from_mins(10), Duration::from_hours(1));
    let mut figures = Figures::of("front");
    let sandbox = Sandbox::start(Options { tickets: SOME, ..Options::default() }).await?;
    // Without reading in idle time, which has a budget of its own.
    let product = json!({
        "schema": 1, "id": "tested", "version": 1, "extends": "impact-mobile@1",
        "sync": { "threads": { "active_days": 0, "open": false, "unread": false, "requests_per_hour": 0 } }
    });
    let home = empty_folder(folder, "front")?;
    let client = device::open_account(&home, "bench", &sandbox.base_url, &product.to_string())?;
    sync_completely(&client).await?;
    // Nothing of the history is so new that more could appear beside it.
    for _ in 0..2 {
        device::advance(minutes);
        let body = Body::Json(format!(r#"{{ "advance_seconds": {} }}"#, minutes.as_secs()).into_bytes());
        call_sandbox(&sandbox, Method::Post, "/sandbox/clock", body).await?;
        sync_completely(&client).await?;
    }
    let ticket = client.history(None, 1)?.tickets.first().map(|row| row.id).ok_or("the history is empty")?;
    client.set_in_front(true)?;
    device::run_faster(FASTER);
    let pass = async |length: Duration| -> Outcome<()> {
        tokio::select! {
            () = client.drive() => Err("the client was closed".into()),
            () = tokio::time::sleep(length / FASTER) => Ok(()),
        }
    };
    for (screen, has_thread) in [("the history", false), ("a thread", true)] {
        if has_thread {
            client.thread_opened(ticket)?;
            pass(Duration::from_secs(10)).await?;
        }
        for (when, before) in [("right after something happened", Duration::ZERO), ("an hour later", hour)] {
            pass(before).await?;
            let (requests, bytes) = Box::pin(measure_traffic(&sandbox, pass(minutes))).await?;
            traffic(&mut figures, &format!("ten minutes in front with {screen}, {when}"), SOME, requests, bytes);
        }
    }
    figures.write(folder)
}

/// Notes what a sync costs.
fn traffic(figures: &mut Figures, name: &str, size: u32, requests: u64, bytes: u64) {
    #[expect(clippy::cast_precision_loss, reason = "for people")]
    for (unit, value) in [("requests", requests as f64), ("KiB", bytes as f64 / 1_024.0)] {
        figures.value(name, size.into(), unit, value, None);
    }
}

/// Measures only what a first sync of so many tickets costs a user who writes replies meanwhile.
pub async fn replies(folder: &Path, tickets: u32) -> Outcome<()> {
    let sandbox = Sandbox::start(Options { tickets, ..Options::default() }).await?;
    let home = empty_folder(folder, "replies")?;
    let mut figures = Figures::of("replies");
    while_syncing(&home, &open(&home, &sandbox.base_url, false)?, tickets, &mut figures).await?;
    figures.write(folder)
}

/// Runs a first sync in this process and prints its peak memory. Meant for a process of its own.
pub async fn first_sync_alone(url: &str, folder: &Path) -> Outcome<()> {
    let before = peak_memory();
    let start = Instant::now();
    let client = open(folder, url, false)?;
    sync_completely(&client).await?;
    println!(
        "first sync of {} tickets: {:.1} s, peak memory {} MiB ({} MiB before it started)",
        client.state()?.known_tickets,
        start.elapsed().as_secs_f64(),
        peak_memory() / 1_024,
        before / 1_024
    );
    Ok(())
}

/// Its clock runs faster, so it needs a process of its own.
fn in_front_in_own_process(folder: &Path) -> Outcome<()> {
    let status = Command::new(std::env::current_exe()?).arg("front").arg(folder).status()?;
    if status.success() { Ok(()) } else { Err("ten minutes in front could not be measured".into()) }
}

fn first_sync_in_own_process(folder: &Path, sandbox: &Running) -> Outcome<()> {
    let home = empty_folder(folder, "alone")?;
    let status = Command::new(std::env::current_exe()?).arg("first-sync").arg(&sandbox.base_url).arg(home).status()?;
    if status.success() { Ok(()) } else { Err("the first sync failed".into()) }
}

/// Measures replies written one after the other, first while nothing else runs and then during a first sync.
async fn while_syncing(home: &Path, client: &Arc<Client>, tickets: u32, figures: &mut Figures) -> Outcome<()> {
    client.set_online(false)?;
    let log = PathBuf::from(format!("{}-wal", file_of(home, "bench").display()));
    let done = Arc::new(AtomicBool::new(false));
    let writer = |done: Arc<AtomicBool>, client: Arc<Client>| {
        let log = log.clone();
        move || {
            let (mut times, mut largest) = (Vec::new(), 0);
            let mut last = None;
            while !done.load(Ordering::Relaxed) || times.len() < 500 {
                // A reply that waits behind hundreds of others in its ticket takes longer, whatever else is running.
                last = last.filter(|_| times.len() % 10 > 0).or_else(|| new_ticket(&client));
                let Some(ticket) = last else { break };
                let Ok(draft) = client.reply_draft(ticket) else { break };
                let start = Instant::now();
                if client.reply(&ReplyDraft { body: "Nachtrag".to_owned(), ..draft }).is_err() {
                    break;
                }
                times.push(start.elapsed());
                largest = largest.max(fs::metadata(&log).map_or(0, |file| file.len()));
                std::thread::sleep(Duration::from_millis(10));
            }
            (times, largest)
        }
    };
    done.store(true, Ordering::Relaxed);
    let (mut idle, _) = tokio::task::spawn_blocking(writer(Arc::clone(&done), Arc::clone(client))).await?;
    done.store(false, Ordering::Relaxed);
    let busy = tokio::task::spawn_blocking(writer(Arc::clone(&done), Arc::clone(client)));
    // The replies are not sent: the client believes that there is no network, and only reading runs.
    let start = Instant::now();
    sync_completely(client).await?;
    let took = start.elapsed();
    done.store(true, Ordering::Relaxed);
    let (mut busy, largest) = busy.await?;
    let both = (quantile(&mut busy, 0.5), quantile(&mut idle, 0.5));
    figures.pair("reply during a first sync, median, beside idle", tickets.into(), both, 2.0);
    figures.alone("reply during a first sync, p99: time", tickets.into(), quantile(&mut busy, 0.99), 20.0);
    println!(
        "that sync: {:.1} s beside {} replies, largest WAL {} KiB",
        took.as_secs_f64(),
        busy.len(),
        largest / 1_024
    );
    Ok(())
}

/// A ticket that the server has. Those that wait to be sent come first in the history.
fn a_sent_ticket(client: &Client) -> Outcome<TicketNumber> {
    let mut place: Option<String> = None;
    loop {
        let page = client.history(place.as_deref(), 200)?;
        if let Some(number) = page.tickets.iter().find_map(|row| row.number) {
            return Ok(number);
        }
        place = Some(page.next.ok_or("the history is empty")?);
    }
}

fn new_ticket(client: &Client) -> Option<TicketId> {
    let draft = client.ticket_draft().ok()?;
    client.submit(&TicketDraft { subject: "S".to_owned(), description: "D".to_owned(), ..draft }).ok()
}

/// Syncs until nothing is left to read now.
async fn sync_completely(client: &Client) -> Outcome<()> {
    loop {
        let report = client.sync(Scope::Everything).await;
        match (report.failure, report.next) {
            (Some(failure), _) => return Err(format!("{failure:?}").into()),
            (None, Some(Duration::ZERO)) => {}
            (None, _) => return Ok(()),
        }
    }
}

/// The requests and bytes, in both directions, that the server counts during `work`.
async fn measure_traffic(sandbox: &Running, work: impl Future<Output = Outcome<()>>) -> Outcome<(u64, u64)> {
    call_sandbox(sandbox, Method::Delete, "/sandbox/requests", Body::Empty).await?;
    work.await?;
    let log = call_sandbox(sandbox, Method::Get, "/sandbox/requests", Body::Empty).await?;
    let count = |name: &str| log[name].as_u64().unwrap_or_default();
    Ok((count("count"), count("request_bytes") + count("response_bytes")))
}

async fn call_sandbox(sandbox: &Running, method: Method, path: &str, body: Body) -> Outcome<Value> {
    let url = Url::parse(&sandbox.base_url)?.join(path)?;
    let answer = ReqwestHttp::new()?.send(HttpRequest { method, url, headers: Vec::new(), body }).await?;
    Ok(serde_json::from_slice(&answer.body).unwrap_or(Value::Null))
}

fn empty_folder(folder: &Path, name: &str) -> Outcome<PathBuf> {
    let folder = folder.join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// The peak memory of this process in KiB; 0 where the system does not report it.
pub fn peak_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or_default()
}
