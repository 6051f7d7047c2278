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
use pocketdesk::model::{ReplyDraft, TicketDraft};
use pocketdesk::net::{Body, Http, HttpRequest, Method, ReqwestHttp};
use pocketdesk::store::file_of;
use pocketdesk::sync::Scope;
use pocketdesk_sandbox::{Options, Running, Sandbox};
use serde_json::Value;
use url::Url;

use crate::device::open;
use crate::{ms, quantile};

const MANY: u32 = 100_000;
const SOME: u32 = 1_000;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Measures and prints everything about syncs.
pub async fn measure(folder: &Path) -> Outcome<()> {
    for threads in [false, true] {
        let sandbox = Sandbox::start(Options { tickets: SOME, ..Options::default() }).await?;
        let client = open(&empty_folder(folder, "some")?, &sandbox.base_url, threads)?;
        let (requests, bytes) = Box::pin(measure_traffic(&sandbox, sync_completely(&client))).await?;
        let with = if threads { "with all threads" } else { "without threads" };
        println!("first sync of {SOME} tickets {with}: {requests} requests, {} KiB", bytes / 1_024);
    }
    let sandbox = Sandbox::start(Options { tickets: MANY, ..Options::default() }).await?;
    first_sync_in_own_process(folder, &sandbox)?;
    let home = empty_folder(folder, "many")?;
    let client = open(&home, &sandbox.base_url, false)?;
    while_syncing(&home, &client).await?;
    let (requests, bytes) = Box::pin(measure_traffic(&sandbox, sync_completely(&client))).await?;
    println!("unchanged sync, {MANY} tickets: {requests} requests, {bytes} bytes");
    let known = client.history(None, 10)?.tickets.into_iter().find_map(|row| row.number);
    let changed = known.ok_or("the history is empty")?;
    call_sandbox(&sandbox, Method::Post, &format!("/sandbox/tickets/{changed}/touch")).await?;
    let (requests, bytes) = Box::pin(measure_traffic(&sandbox, sync_completely(&client))).await?;
    println!("one changed ticket of {MANY}: {requests} requests, {bytes} bytes");
    Ok(())
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

fn first_sync_in_own_process(folder: &Path, sandbox: &Running) -> Outcome<()> {
    let home = empty_folder(folder, "alone")?;
    let status = Command::new(std::env::current_exe()?).arg("first-sync").arg(&sandbox.base_url).arg(home).status()?;
    if status.success() { Ok(()) } else { Err("the first sync failed".into()) }
}

/// Measures replies written one after the other, first while nothing else runs and then during a first sync.
async fn while_syncing(home: &Path, client: &Arc<Client>) -> Outcome<()> {
    let draft = TicketDraft { subject: "S".to_owned(), description: "D".to_owned(), ..client.ticket_draft()? };
    client.set_online(false)?;
    let ticket = client.submit(&draft)?;
    let log = PathBuf::from(format!("{}-wal", file_of(home, "bench").display()));
    let done = Arc::new(AtomicBool::new(false));
    let writer = |done: Arc<AtomicBool>, client: Arc<Client>| {
        let log = log.clone();
        move || {
            let (mut times, mut largest) = (Vec::new(), 0);
            while !done.load(Ordering::Relaxed) || times.len() < 500 {
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
    sync_completely(client).await?;
    done.store(true, Ordering::Relaxed);
    let (mut busy, largest) = busy.await?;
    for (share, name) in [(0.5, "median"), (0.99, "p99")] {
        let (idle, busy) = (quantile(&mut idle, share), quantile(&mut busy, share));
        let ratio = busy.as_secs_f64() / idle.as_secs_f64();
        println!("reply during a first sync of {MANY}, {name}: {}; idle: {}; ratio {ratio:.2}", ms(busy), ms(idle));
    }
    println!("largest WAL during that sync: {} KiB", largest / 1_024);
    Ok(())
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
    call_sandbox(sandbox, Method::Delete, "/sandbox/requests").await?;
    work.await?;
    let log = call_sandbox(sandbox, Method::Get, "/sandbox/requests").await?;
    let count = |name: &str| log[name].as_u64().unwrap_or_default();
    Ok((count("count"), count("request_bytes") + count("response_bytes")))
}

async fn call_sandbox(sandbox: &Running, method: Method, path: &str) -> Outcome<Value> {
    let url = Url::parse(&sandbox.base_url)?.join(path)?;
    let body = if method == Method::Post { Body::Json(b"{}".to_vec()) } else { Body::Empty };
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
fn peak_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or_default()
}
