//! What a changed status map costs a user: the product's status of 100,000 tickets is computed anew, and meanwhile the user
//! opens the history and writes replies.

use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use pocketdesk::environment::Environment;
use pocketdesk::model::{DraftId, TicketId};
use pocketdesk::product::{Product, ServerKind};
use pocketdesk::store::{NewReply, RowFault, Store, StoreError};
use serde_json::json;

use crate::device::Device;
use crate::views::{SERVER, fill};
use crate::{ms, quantile};

const TICKETS: i64 = 100_000;
const ROUNDS: usize = 300;

/// Prints the cost of a page and of a reply, idle and while the statuses are computed.
pub fn measure(folder: &Path) -> Result<(), Box<dyn Error>> {
    let account = format!("bench-{TICKETS}");
    fill(folder, &account, TICKETS)?;
    // What was left of an earlier measurement is computed first.
    let store = open(folder, &account, "open")?;
    while store.rebuild_step()? {}
    let ticket = store.history(None, 1)?.tickets.first().map(|row| row.id).ok_or("the history is empty")?;
    let (mut pages, mut replies) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        time(&store, ticket, &mut pages, &mut replies)?;
    }
    store.close();

    // An open ticket is now called otherwise.
    let store = open(folder, &account, "pending")?;
    let ended = AtomicBool::new(false);
    let (mut busy_pages, mut busy_replies) = (Vec::new(), Vec::new());
    let start = Instant::now();
    let steps = thread::scope(|scope| -> Result<u32, StoreError> {
        let rebuild = scope.spawn(|| {
            let mut steps = 0;
            let outcome = loop {
                match store.rebuild_step() {
                    Ok(true) => {
                        steps += 1;
                        // As sync does.
                        thread::sleep(Store::REBUILD_PAUSE);
                    }
                    Ok(false) => break Ok(steps),
                    Err(error) => break Err(error),
                }
            };
            ended.store(true, Ordering::Relaxed);
            outcome
        });
        while !ended.load(Ordering::Relaxed) {
            time(&store, ticket, &mut busy_pages, &mut busy_replies)?;
        }
        rebuild.join().unwrap_or(Ok(0))
    })?;
    let took = start.elapsed();
    println!(
        "statuses of {TICKETS} tickets computed anew in {steps} steps, {:.1} s, beside {} pages and replies",
        took.as_secs_f64(),
        busy_pages.len()
    );
    for (name, idle, busy) in
        [("page of 50", &mut pages, &mut busy_pages), ("durable reply", &mut replies, &mut busy_replies)]
    {
        for (share, which) in [(0.5, "median"), (0.99, "p99")] {
            let (idle, busy) = (quantile(idle, share), quantile(busy, share));
            let ratio = busy.as_secs_f64() / idle.as_secs_f64();
            println!("{name} meanwhile, {which}: {}; idle: {}; ratio {ratio:.2}", ms(busy), ms(idle));
        }
    }
    Ok(())
}

/// Opens the file for a product in which an open ticket has this status.
fn open(folder: &Path, account: &str, status: &str) -> Result<Store, StoreError> {
    let product = json!({
        "schema": 1, "id": "tested", "version": 1, "extends": "impact-mobile@1",
        "status_from": [
            { "system": ["new", "open", "hold"], "to": status }, { "system": ["pending"], "to": "awaiting_reply" },
            { "system": ["solved"], "to": "solved" }, { "system": ["closed"], "to": "closed" }
        ]
    });
    let product = Product::from_json(&product.to_string(), ServerKind::default());
    let product = Arc::new(product.map_err(|_| StoreError::Unreadable(RowFault::Json))?);
    Store::open(folder, account, SERVER, None, product, Arc::default())
}

/// One page and one reply.
fn time(
    store: &Store,
    ticket: TicketId,
    pages: &mut Vec<Duration>,
    replies: &mut Vec<Duration>,
) -> Result<(), StoreError> {
    let start = Instant::now();
    black_box(store.history(None, 50)?);
    pages.push(start.elapsed());
    let key = Device.new_id();
    let draft = DraftId(key.to_string());
    let reply = NewReply {
        draft: &draft,
        ticket,
        body: "Vielen Dank, die Auszahlung ist angekommen. 🎉",
        structure: None,
        action: None,
        key,
        hold: Duration::ZERO,
        now: Device.now(),
    };
    let start = Instant::now();
    store.reply(&reply)?;
    replies.push(start.elapsed());
    Ok(())
}
