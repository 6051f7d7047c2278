//! The history, by sorted pages and by cursor, and while it changes.

use pocketdesk::model::{RemoteTicket, undated};
use pocketdesk::model::{StatusKind, TicketNumber};

use crate::fixture::{Fixture, PAGE};
use crate::harness::{Answer, Who};
use crate::trouble::{Broken, ensure, same};
use crate::user_connector::{UserConnector, numbers};

/// Creates tickets of the user's own and returns their numbers, oldest first.
async fn some(fixture: &Fixture, client: &UserConnector, how_many: u32) -> Result<Vec<TicketNumber>, Broken> {
    let mut made = Vec::new();
    for index in 0..how_many {
        let subject = format!("Eintrag {index} – רשומה 🧾");
        made.push(client.create(&fixture.write(&subject, "Guten Tag,\n\nanbei.")?).await?.number);
    }
    Ok(made)
}

pub async fn empty(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    same!(ada.history().await?.len(), 0, "tickets of a new user");
    same!(undated(ada.remote.latest_created(1).await)?.tickets.len(), 0, "tickets that a new user created");
    for list in ada.remote.lists(&ada.me) {
        same!(
            undated(ada.remote.sorted_page(&list, 7, PAGE).await)?.tickets.len(),
            0,
            "tickets on page seven of an empty list"
        );
    }
    Ok(())
}

pub async fn both_ways(fixture: &Fixture) -> Result<(), Broken> {
    let (ada, ben) = (fixture.user(Who::Ada).await?, fixture.user(Who::Ben).await?);
    let mut expected: Vec<TicketNumber> = some(fixture, &ada, 2 * PAGE + 1).await?;
    expected.push(ben.create(&fixture.write_shared("Von Ben für alle", "…")?).await?.number);
    let history = ada.history().await?;
    same!(history, expected.into_iter().collect(), "the history");
    for list in ada.remote.lists(&ada.me) {
        for rows in [1, PAGE] {
            let sorted = ada.sorted(&list, rows).await?;
            ensure!(sorted.is_sorted_by(|a, b| a.updated_at >= b.updated_at), "{list:?} is not sorted, {rows} a page");
            same!(numbers(&sorted).len(), sorted.len(), "each ticket once in {list:?}, {rows} a page");
        }
        let by_cursor = ada.by_cursor(&list).await?;
        same!(numbers(&by_cursor).len(), by_cursor.len(), "each ticket once in {list:?} by cursor");
        let counted = undated(ada.remote.sorted_page(&list, 1, 1).await)?.count;
        ensure!(counted.is_none_or(|count| count == by_cursor.len() as u64), "{list:?} counts {counted:?} rows");
    }
    Ok(())
}

pub async fn any_size(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    let expected = some(fixture, &ada, 2 * PAGE).await?.into_iter().collect();
    let list = ada.remote.lists(&ada.me).into_iter().next().ok_or_else(|| Broken::new("there is no list"))?;
    for sizes in [&[100][..], &[1], &[3, 1], &[4, 2, 1, 100]] {
        let (mut tickets, mut cursor) = (Vec::new(), None);
        for rows in sizes.iter().chain(std::iter::repeat(&sizes[sizes.len() - 1])).take(50) {
            let page = undated(ada.remote.list_page(&list, cursor.as_deref(), *rows).await)?;
            tickets.extend(page.tickets);
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        same!(numbers(&tickets), expected, "pages of {sizes:?} rows");
    }
    Ok(())
}

pub async fn changing(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    let before = some(fixture, &ada, 3 * PAGE).await?;
    let list = ada.remote.lists(&ada.me).into_iter().next().ok_or_else(|| Broken::new("there is no list"))?;
    let (mut seen, mut cursor, mut page) = (Vec::new(), None, 0);
    loop {
        let by_cursor = undated(ada.remote.list_page(&list, cursor.as_deref(), PAGE).await)?;
        seen.extend(by_cursor.tickets);
        // After every page, one ticket is created and one is touched. Tickets that are not touched must all be seen.
        ada.create(&fixture.write("Kam währenddessen", "…")?).await?;
        fixture.server.note(before[page], "Rückfrage intern").await?;
        page += 1;
        cursor = by_cursor.next;
        if cursor.is_none() {
            break;
        }
        ensure!(page < before.len(), "the cursor pages do not end");
    }
    let found = numbers(&seen);
    let missing: Vec<_> = before[page..].iter().filter(|number| !found.contains(number)).collect();
    ensure!(missing.is_empty(), "{missing:?} existed all the time and were not on any page");
    // The sorted pages that are read next have what changed.
    let newest = numbers(&ada.sorted(&list, 50).await?);
    ensure!(before.iter().all(|number| newest.contains(number)), "sorted pages miss a ticket");
    Ok(())
}

pub async fn single(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    some(fixture, &ada, 2).await?;
    for list in ada.remote.lists(&ada.me) {
        for listed in ada.sorted(&list, PAGE).await?.into_iter().chain(ada.by_cursor(&list).await?) {
            let shown = undated(ada.remote.ticket(listed.number).await)?;
            // A list may omit the description.
            let shown = RemoteTicket { description: listed.description.clone(), ..shown };
            same!(shown, listed, "the ticket read alone");
        }
    }
    Ok(())
}

pub async fn latest(fixture: &Fixture) -> Result<(), Broken> {
    let (ada, ben) = (fixture.user(Who::Ada).await?, fixture.user(Who::Ben).await?);
    let made = some(fixture, &ada, PAGE + 2).await?;
    ben.create(&fixture.write_shared("Von Ben für alle", "…")?).await?;
    // The oldest ticket is updated, but its creation time stays.
    fixture.server.answer(made[0], &Answer { text: "Danke!", ..Answer::default() }).await?;
    let mut latest = Vec::new();
    for page in 1..=100 {
        let answer = undated(ada.remote.latest_created(page).await)?;
        latest.extend(answer.tickets.iter().map(|ticket| ticket.number));
        if answer.next.is_none() {
            break;
        }
    }
    same!(latest, made.into_iter().rev().collect::<Vec<_>>(), "own tickets by creation, newest first");
    Ok(())
}

pub async fn touched(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    let made = some(fixture, &ada, PAGE + 1).await?;
    let list = ada.remote.lists(&ada.me).into_iter().next().ok_or_else(|| Broken::new("there is no list"))?;
    let before = undated(ada.remote.ticket(made[0]).await)?;
    // A server's times may be whole seconds: a change in the second of the last creation is not newer than that
    // creation.
    let newest = undated(ada.remote.ticket(made[made.len() - 1]).await)?;
    tick(&ada, &newest).await?;
    let answer = Answer { text: "Welcher Zeitraum?", status: Some(StatusKind::AwaitingUser), ..Answer::default() };
    fixture.server.answer(made[0], &answer).await?;
    let first = undated(ada.remote.sorted_page(&list, 1, 1).await)?.tickets;
    same!(numbers(&first), [made[0]].into(), "the newest of the history");
    let after = &first[0];
    ensure!(after.updated_at > before.updated_at, "the change did not move the time of the last update");
    let status = fixture.status(after.status, false).kind;
    same!(status, StatusKind::AwaitingUser, "the status");
    Ok(())
}

/// Waits until the server's clock is past the ticket's time, by sending requests.
async fn tick(client: &UserConnector, ticket: &RemoteTicket) -> Result<(), Broken> {
    for _ in 0..200 {
        let answer = client.remote.ticket(ticket.number).await.map_err(|failed| failed.failure)?;
        if answer.server.is_none_or(|now| now > ticket.updated_at) {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    Err(Broken::new("the server's clock does not advance"))
}

pub async fn statuses(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    let ticket = ada.create(&fixture.write("Durch alle Zustände", "…")?).await?;
    let status = fixture.status(ticket.status, true).kind;
    same!(status, StatusKind::Open, "the status of a new ticket");
    let answer = Answer { text: "Wir sehen nach.", status: Some(StatusKind::Working), ..Answer::default() };
    fixture.server.answer(ticket.number, &answer).await?;
    for expected in [StatusKind::Working, StatusKind::AwaitingUser, StatusKind::Solved, StatusKind::Closed] {
        fixture.server.set_status(ticket.number, expected).await?;
        let ticket = undated(ada.remote.ticket(ticket.number).await)?;
        same!(fixture.status(ticket.status, false).kind, expected, "the status");
    }
    Ok(())
}
