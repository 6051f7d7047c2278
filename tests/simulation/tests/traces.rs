//! A run is a function of its seed; and what a pull leaves behind does not depend on the order in which it came.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use pocketdesk::environment::Environment;
use pocketdesk::model::{Delivery, TicketDraft};
use pocketdesk::remote::{Http, TokenFailure, Tokens};
use pocketdesk::sync::Scope;
use pocketdesk::{Desk, DeskConfig};
use pocketdesk_simulation::{Executor, Fault, ModelDesk, World};

struct SignedIn;

#[async_trait]
impl Tokens for SignedIn {
    async fn token(&self, _refused: bool) -> Result<String, TokenFailure> {
        Ok("a-token".to_owned())
    }
}

fn open(directory: &std::path::Path, world: &World, http: &Arc<ModelDesk>) -> Arc<Desk> {
    let config = DeskConfig::new(directory, "ada", "https://desk.example");
    let http: Arc<dyn Http> = Arc::clone(http) as Arc<dyn Http>;
    Arc::new(Desk::open(&config, http, Arc::new(SignedIn), Arc::new(world.clone())).unwrap())
}

fn draft(desk: &Desk) -> TicketDraft {
    TicketDraft {
        subject: "Neue Schaltfläche reagiert nicht 🤷 — שלום".to_owned(),
        description: "Seit heute früh.\n\nMit Grüßen".to_owned(),
        ..desk.ticket_draft().unwrap()
    }
}

/// Everything a user can see, without local ids.
fn dump(desk: &Desk) -> String {
    let mut lines = Vec::new();
    let mut after = None;
    loop {
        let page = desk.history(after.as_deref(), 50).unwrap();
        for row in &page.tickets {
            let at = (row.created_at.0, row.last_activity_at.0);
            lines.push(format!("{:?} {} {:?} {at:?} {}", row.number, row.subject, row.status, row.unread));
            for message in desk.thread(row.id, None, 200).unwrap().messages {
                lines.push(format!("    {:?} {} {:?}", message.author, message.body, message.delivery));
            }
        }
        after = page.next;
        if after.is_none() {
            return lines.join("\n");
        }
    }
}

/// Two syncs at once, a ticket and a reply written meanwhile, the first sync dropped in the middle, and the answers to
/// the first two writes lost.
fn two_syncs_a_write_and_a_cut(seed: u64) -> String {
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(seed);
    let http = Arc::new(ModelDesk::new(world.clone(), seed));
    http.fill(130);
    http.expect(&[Fault::CutAfter, Fault::CutBefore]);
    let desk = open(folder.path(), &world, &http);
    let mut executor = Executor::new(world.clone());

    let (listener, log) = (desk.subscribe(), world.clone());
    executor.spawn(async move {
        loop {
            let changes = listener.next().await;
            log.note(&format!("changed {changes:?}"));
        }
    });
    let first = Arc::clone(&desk);
    let first = executor.spawn(async move { drop(first.sync(Scope::Everything).await) });
    let second = Arc::clone(&desk);
    executor.spawn(async move { drop(second.sync(Scope::Everything).await) });
    let (writer, clock) = (Arc::clone(&desk), world.clone());
    executor.spawn(async move {
        clock.sleep(Duration::from_millis(150)).await;
        let ticket = writer.submit(&draft(&writer)).unwrap();
        let mut reply = writer.reply_draft(ticket).unwrap();
        "Nachtrag: auch auf dem Tablet.".clone_into(&mut reply.body);
        writer.reply(&reply).unwrap();
    });
    executor.run(60);
    world.note("cut");
    executor.cut(first);
    let driver = Arc::clone(&desk);
    let driver = executor.spawn(async move { driver.drive().await });
    executor.run(4_000);
    executor.cut(driver);

    let theirs = http.tickets();
    let ours: Vec<_> = theirs.iter().filter(|(subject, _)| subject.starts_with("Neue Schaltfläche")).collect();
    assert_eq!(ours.len(), 1, "exactly one ticket");
    assert_eq!(ours[0].1, ["Seit heute früh.\n\nMit Grüßen", "Nachtrag: auch auf dem Tablet."]);
    let top = desk.history(None, 1).unwrap().tickets.remove(0);
    let messages = desk.thread(top.id, None, 10).unwrap().messages;
    assert_eq!(messages.len(), 2, "no message twice");
    assert!(messages.iter().all(|message| message.delivery == Delivery::Sent));
    assert_eq!(desk.history(None, 1).unwrap().total, 131);
    format!("{}\n{}", world.trace(), dump(&desk))
}

#[test]
fn equal_seeds_give_equal_traces() {
    let trace = two_syncs_a_write_and_a_cut(7);
    assert_eq!(trace, two_syncs_a_write_and_a_cut(7));
    assert!(trace.contains("cut after") && trace.contains("cut before"), "both faults were met");
    assert_ne!(trace, two_syncs_a_write_and_a_cut(8), "another seed is another run");
}

#[test]
fn many_seeds_end_with_one_ticket_and_one_reply() {
    for seed in 0..40 {
        two_syncs_a_write_and_a_cut(seed);
    }
}

#[test]
fn a_pull_does_not_depend_on_the_order_of_cursor_pages() {
    let pulled = |shuffle: u64| {
        let folder = tempfile::tempdir().unwrap();
        let world = World::new(1);
        let http = Arc::new(ModelDesk::new(world.clone(), shuffle));
        http.fill(345);
        let desk = open(folder.path(), &world, &http);
        let mut executor = Executor::new(world.clone());
        let task = Arc::clone(&desk);
        executor.spawn(async move { while let Some(Duration::ZERO) = task.sync(Scope::Everything).await.next {} });
        while executor.run(1_000) {}
        assert_eq!(desk.history(None, 1).unwrap().total, 345);
        dump(&desk)
    };
    let sorted = pulled(0);
    for shuffle in [1, 0x5bd1_e995, 0x9e37_79b9_7f4a_7c15, u64::MAX / 3] {
        assert_eq!(sorted, pulled(shuffle));
    }
}
