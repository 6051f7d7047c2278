//! The history, both ways, and while it changes.

use pocketdesk::model::RemoteTicket;
use pocketdesk::model::{Status, TicketNumber};

use crate::harness::{Answer, Who};
use crate::scene::{PAGE, Scene};
use crate::trouble::{Broken, ensure, same};
use crate::user_connector::{UserConnector, numbers};

/// More than two pages of own tickets, oldest first.
async fn some(scene: &Scene, client: &UserConnector, how_many: u32) -> Result<Vec<TicketNumber>, Broken> {
    let mut made = Vec::new();
    for place in 0..how_many {
        let subject = format!("Eintrag {place} – רשומה 🧾");
        made.push(client.create(&scene.write(&subject, "Guten Tag,\n\nanbei.")?).await?.number);
    }
    Ok(made)
}

pub async fn empty(scene: &Scene) -> Result<(), Broken> {
    let ada = scene.client(Who::Ada).await?;
    same!(ada.history().await?.len(), 0, "tickets of somebody new");
    same!(ada.remote.latest_created(1).await?.tickets.len(), 0, "tickets that somebody new created");
    for list in ada.remote.lists(&ada.me) {
        same!(ada.remote.sorted_page(&list, 7, PAGE).await?.tickets.len(), 0, "tickets on the seventh of no pages");
    }
    Ok(())
}

pub async fn both_ways(scene: &Scene) -> Result<(), Broken> {
    let (ada, ben) = (scene.client(Who::Ada).await?, scene.client(Who::Ben).await?);
    let mut expected: Vec<TicketNumber> = some(scene, &ada, 2 * PAGE + 1).await?;
    expected.push(ben.create(&scene.write_shared("Von Ben für alle", "…")?).await?.number);
    let history = ada.history().await?;
    same!(history, expected.into_iter().collect(), "the history");
    for list in ada.remote.lists(&ada.me) {
        for rows in [1, PAGE] {
            let sorted = ada.sorted(&list, rows).await?;
            ensure!(sorted.is_sorted_by(|a, b| a.updated_at >= b.updated_at), "{list:?} is not sorted, {rows} a page");
            same!(numbers(&sorted).len(), sorted.len(), "each ticket once in {list:?}, {rows} a page");
        }
        let walked = ada.walked(&list).await?;
        same!(numbers(&walked).len(), walked.len(), "each ticket once in {list:?} by cursor");
        let counted = ada.remote.sorted_page(&list, 1, 1).await?.count;
        ensure!(counted.is_none_or(|count| count == walked.len() as u64), "{list:?} counts {counted:?} rows");
    }
    Ok(())
}

pub async fn moving(scene: &Scene) -> Result<(), Broken> {
    let ada = scene.client(Who::Ada).await?;
    let before = some(scene, &ada, 3 * PAGE).await?;
    let list = ada.remote.lists(&ada.me).into_iter().next().ok_or_else(|| Broken::new("there is no list"))?;
    let (mut seen, mut cursor, mut page) = (Vec::new(), None, 0);
    loop {
        let walked = ada.remote.list_page(&list, cursor.as_deref()).await?;
        seen.extend(walked.tickets);
        // One comes and one is touched behind every page; those that are not touched must all be met.
        ada.create(&scene.write("Kam währenddessen", "…")?).await?;
        scene.place.note(before[page], "Rückfrage intern").await?;
        page += 1;
        cursor = walked.next;
        if cursor.is_none() {
            break;
        }
        ensure!(page < before.len(), "the walk does not end");
    }
    let met = numbers(&seen);
    let missed: Vec<_> = before[page..].iter().filter(|number| !met.contains(number)).collect();
    ensure!(missed.is_empty(), "{missed:?} were there all the time and were not met");
    // And what changed is on the sorted pages that are read next.
    let newest = numbers(&ada.sorted(&list, 50).await?);
    ensure!(before.iter().all(|number| newest.contains(number)), "sorted pages miss a ticket");
    Ok(())
}

pub async fn alone(scene: &Scene) -> Result<(), Broken> {
    let ada = scene.client(Who::Ada).await?;
    some(scene, &ada, 2).await?;
    for list in ada.remote.lists(&ada.me) {
        for listed in ada.sorted(&list, PAGE).await?.into_iter().chain(ada.walked(&list).await?) {
            let shown = ada.remote.ticket(listed.number).await?;
            // A list may leave the description out, and what is only shown on its own.
            let shown = RemoteTicket { description: listed.description.clone(), ..shown };
            same!(shown, listed, "the ticket alone");
        }
    }
    Ok(())
}

pub async fn latest(scene: &Scene) -> Result<(), Broken> {
    let (ada, ben) = (scene.client(Who::Ada).await?, scene.client(Who::Ben).await?);
    let made = some(scene, &ada, PAGE + 2).await?;
    ben.create(&scene.write_shared("Von Ben für alle", "…")?).await?;
    // The oldest moves, but was created no later.
    scene.place.answer(made[0], &Answer { text: "Danke!", ..Answer::default() }).await?;
    let mut latest = Vec::new();
    for page in 1..=100 {
        let answer = ada.remote.latest_created(page).await?;
        latest.extend(answer.tickets.iter().map(|ticket| ticket.number));
        if answer.next.is_none() {
            break;
        }
    }
    same!(latest, made.into_iter().rev().collect::<Vec<_>>(), "own tickets by creation, newest first");
    Ok(())
}

pub async fn touched(scene: &Scene) -> Result<(), Broken> {
    let ada = scene.client(Who::Ada).await?;
    let made = some(scene, &ada, PAGE + 1).await?;
    let list = ada.remote.lists(&ada.me).into_iter().next().ok_or_else(|| Broken::new("there is no list"))?;
    let before = ada.remote.ticket(made[0]).await?;
    // A server's clock may tell seconds only: what changes in the second of the last creation is no newer than that one.
    let newest = ada.remote.ticket(made[made.len() - 1]).await?;
    tick(&ada, &newest).await?;
    let answer = Answer { text: "Welcher Zeitraum?", status: Some(Status::AwaitingReply), ..Answer::default() };
    scene.place.answer(made[0], &answer).await?;
    let first = ada.remote.sorted_page(&list, 1, 1).await?.tickets;
    same!(numbers(&first), [made[0]].into(), "the newest of the history");
    let after = &first[0];
    ensure!(after.updated_at > before.updated_at, "the change left the time as it was");
    let status = scene.product.product_status(after.status, Some(false));
    same!(status, Status::AwaitingReply, "the status");
    Ok(())
}

/// Waits until the server's clock is past the ticket's time, by asking the server.
async fn tick(client: &UserConnector, ticket: &RemoteTicket) -> Result<(), Broken> {
    for _ in 0..200 {
        client.remote.ticket(ticket.number).await?;
        if client.remote.server_time().is_none_or(|now| now > ticket.updated_at) {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    Err(Broken::new("the server's clock stands still"))
}

pub async fn statuses(scene: &Scene) -> Result<(), Broken> {
    let ada = scene.client(Who::Ada).await?;
    let ticket = ada.create(&scene.write("Durch alle Zustände", "…")?).await?;
    let status = scene.product.product_status(ticket.status, Some(true));
    same!(status, Status::Open, "the status of a new ticket");
    let answer = Answer { text: "Wir sehen nach.", status: Some(Status::Pending), ..Answer::default() };
    scene.place.answer(ticket.number, &answer).await?;
    for expected in [Status::Pending, Status::AwaitingReply, Status::Solved, Status::Closed] {
        scene.place.set_status(ticket.number, expected).await?;
        let ticket = ada.remote.ticket(ticket.number).await?;
        same!(scene.product.product_status(ticket.status, Some(false)), expected, "the status");
    }
    Ok(())
}
