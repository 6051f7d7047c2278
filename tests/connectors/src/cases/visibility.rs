//! Who can see which ticket.

use std::time::Duration;

use pocketdesk::client::HistoryRequest;
use pocketdesk::model::{Failure, Write, same_text, undated};
use pocketdesk::model::{Reason, ReasonKind, TicketNumber};

use super::cuts::{App, MAX_RUNS};
use crate::fixture::Fixture;
use crate::harness::Who;
use crate::trouble::{Broken, ensure, same};
use crate::user_connector::{UserConnector, is_invisible, key};

pub async fn private(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    let ticket = ada.create(&fixture.write("Kündigung vertraulich", "Nur für Sie.")?).await?.number;
    ensure!(ada.history().await?.contains(&ticket), "Ada does not see her own ticket");
    for who in [Who::Ben, Who::Zoe] {
        let other = fixture.user(who).await?;
        other.does_not_see(ticket).await?;
        let reply = other.reply(ticket, "Ich lese mit.").await;
        ensure!(is_invisible(&reply), "{who:?} can reply to an invisible ticket: {reply:?}");
    }
    same!(fixture.server.texts(ticket).await?.len(), 1, "comments on the server");
    Ok(())
}

pub async fn shared(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    let made = ada.create(&fixture.write_shared("Für alle: Bericht fehlt", "Wer hat ihn?")?).await?;
    same!(made.access, Some(true), "the access of the new ticket");
    let ben = fixture.user(Who::Ben).await?;
    ensure!(ben.history().await?.contains(&made.number), "a colleague's history must have it");
    let head = undated(ben.remote.ticket(made.number).await)?;
    same!(
        (head.requester, head.access),
        (Some(ada.me.id), Some(true)),
        "requester and access, as a colleague reads them"
    );
    let thread = ben.thread(made.number).await?;
    let author = thread.people.iter().find(|person| person.id == ada.me.id);
    same!(author.map(|person| &*person.name), Some(&*ada.me.name), "the author, as a colleague reads it");
    fixture.user(Who::Zoe).await?.does_not_see(made.number).await
}

pub async fn colleague(fixture: &Fixture) -> Result<(), Broken> {
    let (ada, ben) = (fixture.user(Who::Ada).await?, fixture.user(Who::Ben).await?);
    let ticket = ada.create(&fixture.write_shared("Export bricht ab", "Seit heute.")?).await?.number;
    ben.reply(ticket, "Bei mir auch, seit 9:30 Uhr.").await?;
    let thread = ada.thread(ticket).await?;
    let authors: Vec<_> = thread.comments.iter().map(|comment| comment.author).collect();
    same!(authors, vec![Some(ada.me.id), Some(ben.me.id)], "the authors");
    let name = thread.people.iter().find(|person| person.id == ben.me.id);
    same!(name.map(|person| (&*person.name, person.agent)), Some((&*ben.me.name, false)), "the colleague");
    Ok(())
}

pub async fn copied(fixture: &Fixture) -> Result<(), Broken> {
    let (ada, ben) = (fixture.user(Who::Ada).await?, fixture.user(Who::Ben).await?);
    let tag = key()?.simple().to_string();
    let addresses = [format!("kasse.{tag}@reisen.example"), format!("O'Brien+{tag}@kanzlei.example")];
    let mut write = fixture.write("Abrechnung März", "Bitte beide informieren.")?;
    if let Write::Create { cc, .. } = &mut write {
        cc.extend(addresses.iter().cloned());
    }
    let ticket = ada.create(&write).await?.number;
    mailed_once(fixture, ticket, &addresses).await?;
    ben.does_not_see(ticket).await
}

pub async fn named(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    let tag = key()?.simple().to_string();
    let mut write = fixture.write("Mit der Buchhaltung", "…")?;
    if let Write::Create { cc, .. } = &mut write {
        cc.push(format!("kasse.{tag}@reisen.example"));
    }
    let made = ada.create(&write).await?.number;
    let list = ada.remote.lists(&ada.me).into_iter().next().ok_or_else(|| Broken::new("there is no list"))?;
    let by_number = undated(ada.remote.sorted_page(&list, 1, 10).await)?;
    let by_cursor = undated(ada.remote.list_page(&list, None, 100).await)?;
    for page in [by_number, by_cursor] {
        let ticket = page.tickets.iter().find(|ticket| ticket.number == made);
        let ticket = ticket.ok_or_else(|| Broken::new("the list does not have the ticket"))?;
        same!(ticket.cc.len(), 1, "people who are copied");
        let copied = page.people.iter().find(|person| person.id == ticket.cc[0]);
        let name = copied.map(|person| person.name.as_str()).unwrap_or_default();
        ensure!(!name.trim().is_empty(), "the copied person has no name");
    }
    Ok(())
}

pub async fn international(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    for (name, domain) in [("kasse", "münchen"), ("jürgen", "reisen"), ("用户", "例子")] {
        let tag = key()?.simple().to_string();
        let address = format!("{name}.{tag}@{domain}.example");
        let subject = format!("Abrechnung für {address}");
        let mut write = fixture.write(&subject, "Bitte auch dorthin.")?;
        if let Write::Create { cc, .. } = &mut write {
            cc.push(address.clone());
        }
        match ada.create(&write).await {
            Ok(ticket) => {
                let mails = fixture.server.mails(ticket.number).await?;
                let mine = mails.iter().flat_map(|mail| &mail.to).filter(|to| to.contains(&tag)).count();
                same!(mine, 1, "mails to {address}");
            }
            Err(Failure::NeedsUser(Reason { kind: ReasonKind::Refused, server_message })) => {
                ensure!(!name.is_ascii(), "{address} is refused, and has an ASCII form");
                ensure!(
                    server_message.is_some_and(|server_message| server_message.contains(&tag)),
                    "the message does not name {address}"
                );
                same!(fixture.server.tickets(&subject).await?, Vec::new(), "tickets on the server");
            }
            Err(other) => return Err(other.into()),
        }
    }
    Ok(())
}

/// Checks that each address got exactly one mail about the ticket so far.
pub async fn mailed_once(fixture: &Fixture, ticket: TicketNumber, addresses: &[String]) -> Result<(), Broken> {
    let mails = fixture.server.mails(ticket).await?;
    for address in addresses {
        let address = address.to_lowercase();
        let mine = mails.iter().filter(|mail| mail.to.contains(&address)).count();
        same!(mine, 1, "mails to {address}");
    }
    Ok(())
}

pub async fn revoked(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    let ticket = ada.create(&fixture.write("Bald nicht mehr meins", "…")?).await?.number;
    let other = ada.create(&fixture.write("Bleibt meins", "…")?).await?.number;
    fixture.server.hide(ticket, Who::Ada).await?;
    ada.does_not_see(ticket).await?;
    let reply = ada.reply(ticket, "Noch da?").await;
    ensure!(is_invisible(&reply), "a reply to a revoked ticket: {reply:?}");
    ensure!(ada.history().await?.contains(&other), "another ticket disappeared, too");
    fixture.server.show(ticket, Who::Ada).await?;
    ensure!(ada.history().await?.contains(&ticket), "it is not restored");
    let texts = ada.texts(ticket).await?;
    ensure!(texts.len() == 1 && same_text(&texts[0], "…"), "the thread has changed: {texts:?}");
    Ok(())
}

pub async fn found_no_more(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    let word = format!("Zwiebelfisch{}", key()?.simple());
    let ticket =
        ada.create(&fixture.write(&format!("Vertraulich: {word}"), &format!("Nur wegen {word}."))?).await?.number;
    let app = App::start(fixture).await?;
    let among = HistoryRequest::default();
    let find = |text: &str| app.client.search(&among, text, None, 50);
    let hits = find(&word)?.hits;
    same!(hits.len(), 1, "tickets with the word");
    app.client.thread_opened(hits[0].row.id)?;
    app.catch_up().await?;
    app.client.thread_closed(hits[0].row.id);
    let with_status = || -> Result<u64, Broken> {
        Ok(app.client.history_counts(&among)?.statuses.iter().map(|(_, count)| count).sum())
    };
    let before = with_status()?;
    app.client.set_online(false)?;
    fixture.server.hide(ticket, Who::Ada).await?;
    same!(find(&word)?.count, 1, "tickets with the word while nobody has told this device");
    app.client.set_online(true)?;
    for _ in 0..MAX_RUNS {
        // A full reconciliation is due.
        app.clock.advance(Duration::from_hours(24));
        app.catch_up().await?;
        if find(&word)?.count == 0 {
            break;
        }
        // Until the server's clock says that no answer can be older than the ticket.
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    same!(find(&word)?.count, 0, "tickets with the word");
    same!(with_status()?, before.saturating_sub(1), "tickets with a status");
    let left = find(&format!("#{ticket}"))?.hits;
    let shown = left.iter().map(|hit| (hit.row.visible, hit.row.subject.is_empty(), hit.row.snippet.is_none()));
    same!(shown.collect::<Vec<_>>(), vec![(false, true, true)], "what its number finds");
    same!(app.client.check_search()?, 0, "wrong entries of the index");
    fixture.server.show(ticket, Who::Ada).await
}

pub async fn searched(fixture: &Fixture) -> Result<(), Broken> {
    let (ada, ben) = (fixture.user(Who::Ada).await?, fixture.user(Who::Ben).await?);
    let word = format!("Wortmarke{}", key()?.simple());
    let write = |text: &str| fixture.write(&format!("{text} {word}"), "Bitte prüfen.");
    let own = ada.create(&write("Größere Buchung")?).await?.number;
    ben.create(&write("Von einem Kollegen")?).await?;
    let mut found = Vec::new();
    for list in ada.remote.lists(&ada.me) {
        let page = undated(ada.remote.search(&list, &format!("{} buchung:", word.to_uppercase()), 30).await)?;
        found.extend(page.into_iter().flat_map(|page| page.tickets).map(|ticket| ticket.number));
        let nothing = undated(ada.remote.search(&list, "🙏 \"\" *", 30).await)?;
        ensure!(nothing.is_none(), "a text without a word was asked for: {nothing:?}");
    }
    found.dedup();
    same!(found, vec![own], "the tickets that the server finds");
    Ok(())
}

pub async fn nonexistent(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    for number in [TicketNumber(2_000_000_003), TicketNumber(0)] {
        is_gone(&ada, number).await?;
    }
    Ok(())
}

async fn is_gone(client: &UserConnector, number: TicketNumber) -> Result<(), Broken> {
    let gone = Some(Failure::Gone);
    same!(undated(client.remote.ticket(number).await).err(), gone, "ticket {number}");
    same!(client.thread(number).await.err(), gone, "the thread of {number}");
    same!(client.reply(number, "Hallo?").await.err(), gone, "a reply to {number}");
    Ok(())
}
