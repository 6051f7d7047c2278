//! Who sees what.

use pocketdesk::model::{Failure, Write, same_text};
use pocketdesk::model::{Reason, ReasonKind, TicketNumber};

use crate::harness::Who;
use crate::scene::Scene;
use crate::trouble::{Broken, ensure, same};
use crate::user_connector::{UserConnector, key, out_of_sight};

pub async fn private(scene: &Scene) -> Result<(), Broken> {
    let ada = scene.client(Who::Ada).await?;
    let ticket = ada.create(&scene.write("Kündigung vertraulich", "Nur für Sie.")?).await?.number;
    ensure!(ada.history().await?.contains(&ticket), "Ada does not see her own ticket");
    for who in [Who::Ben, Who::Zoe] {
        let other = scene.client(who).await?;
        other.does_not_see(ticket).await?;
        let reply = other.reply(ticket, "Ich lese mit.").await;
        ensure!(out_of_sight(&reply), "{who:?} replies to what {who:?} does not see: {reply:?}");
    }
    same!(scene.place.texts(ticket).await?.len(), 1, "comments at the server");
    Ok(())
}

pub async fn shared(scene: &Scene) -> Result<(), Broken> {
    let ada = scene.client(Who::Ada).await?;
    let made = ada.create(&scene.write_shared("Für alle: Bericht fehlt", "Wer hat ihn?")?).await?;
    same!(made.access, Some(true), "the access of the new ticket");
    let ben = scene.client(Who::Ben).await?;
    ensure!(ben.history().await?.contains(&made.number), "a colleague's history does not have it");
    let head = ben.remote.ticket(made.number).await?;
    same!((head.requester, head.access), (ada.me.id, Some(true)), "requester and access, as a colleague reads them");
    let thread = ben.remote.thread(made.number).await?;
    let author = thread.people.iter().find(|person| person.id == ada.me.id);
    same!(author.map(|person| &*person.name), Some(&*ada.me.name), "the author, as a colleague reads it");
    scene.client(Who::Zoe).await?.does_not_see(made.number).await
}

pub async fn colleague(scene: &Scene) -> Result<(), Broken> {
    let (ada, ben) = (scene.client(Who::Ada).await?, scene.client(Who::Ben).await?);
    let ticket = ada.create(&scene.write_shared("Export bricht ab", "Seit heute.")?).await?.number;
    ben.reply(ticket, "Bei mir auch, seit 9:30 Uhr.").await?;
    let thread = ada.remote.thread(ticket).await?;
    let authors: Vec<_> = thread.comments.iter().map(|comment| comment.author).collect();
    same!(authors, vec![ada.me.id, ben.me.id], "the authors");
    let name = thread.people.iter().find(|person| person.id == ben.me.id);
    same!(name.map(|person| (&*person.name, person.agent)), Some((&*ben.me.name, false)), "the colleague");
    Ok(())
}

pub async fn copied(scene: &Scene) -> Result<(), Broken> {
    let (ada, ben) = (scene.client(Who::Ada).await?, scene.client(Who::Ben).await?);
    let tag = key()?.simple().to_string();
    let addresses = [format!("kasse.{tag}@reisen.example"), format!("O'Brien+{tag}@kanzlei.example")];
    let mut write = scene.write("Abrechnung März", "Bitte beide informieren.")?;
    if let Write::Create { cc, .. } = &mut write {
        cc.extend(addresses.iter().cloned());
    }
    let ticket = ada.create(&write).await?.number;
    mailed_once(scene, ticket, &addresses).await?;
    ben.does_not_see(ticket).await
}

pub async fn international(scene: &Scene) -> Result<(), Broken> {
    let ada = scene.client(Who::Ada).await?;
    for (name, domain) in [("kasse", "münchen"), ("jürgen", "reisen"), ("用户", "例子")] {
        let tag = key()?.simple().to_string();
        let address = format!("{name}.{tag}@{domain}.example");
        let subject = format!("Abrechnung für {address}");
        let mut write = scene.write(&subject, "Bitte auch dorthin.")?;
        if let Write::Create { cc, .. } = &mut write {
            cc.push(address.clone());
        }
        match ada.create(&write).await {
            Ok(ticket) => {
                let mails = scene.place.mails(ticket.number).await?;
                let mine = mails.iter().flat_map(|mail| &mail.to).filter(|to| to.contains(&tag)).count();
                same!(mine, 1, "mails to {address}");
            }
            Err(Failure::NeedsUser(Reason { kind: ReasonKind::Refused, server_message })) => {
                ensure!(!name.is_ascii(), "{address} is refused, and has an ASCII form");
                ensure!(
                    server_message.is_some_and(|server_message| server_message.contains(&tag)),
                    "the words do not name {address}"
                );
                same!(scene.place.tickets(&subject).await?, Vec::new(), "tickets at the server");
            }
            Err(other) => return Err(other.into()),
        }
    }
    Ok(())
}

/// Each of the addresses got one mail because of the ticket, so far.
pub async fn mailed_once(scene: &Scene, ticket: TicketNumber, addresses: &[String]) -> Result<(), Broken> {
    let mails = scene.place.mails(ticket).await?;
    for address in addresses {
        let address = address.to_lowercase();
        let mine = mails.iter().filter(|mail| mail.to.contains(&address)).count();
        same!(mine, 1, "mails to {address}");
    }
    Ok(())
}

pub async fn taken_away(scene: &Scene) -> Result<(), Broken> {
    let ada = scene.client(Who::Ada).await?;
    let ticket = ada.create(&scene.write("Bald nicht mehr meins", "…")?).await?.number;
    let other = ada.create(&scene.write("Bleibt meins", "…")?).await?.number;
    scene.place.hide(ticket, Who::Ada).await?;
    ada.does_not_see(ticket).await?;
    let reply = ada.reply(ticket, "Noch da?").await;
    ensure!(out_of_sight(&reply), "a reply to what was taken away: {reply:?}");
    ensure!(ada.history().await?.contains(&other), "another ticket went with it");
    scene.place.show(ticket, Who::Ada).await?;
    ensure!(ada.history().await?.contains(&ticket), "it does not come back");
    let texts = ada.texts(ticket).await?;
    ensure!(texts.len() == 1 && same_text(&texts[0], "…"), "the thread has changed meanwhile: {texts:?}");
    Ok(())
}

pub async fn unknown(scene: &Scene) -> Result<(), Broken> {
    let ada = scene.client(Who::Ada).await?;
    for number in [TicketNumber(2_000_000_003), TicketNumber(0)] {
        nothing(&ada, number).await?;
    }
    Ok(())
}

async fn nothing(client: &UserConnector, number: TicketNumber) -> Result<(), Broken> {
    let gone = Some(Failure::Gone);
    same!(client.remote.ticket(number).await.err(), gone, "ticket {number}");
    same!(client.remote.thread(number).await.err(), gone, "the thread of {number}");
    same!(client.reply(number, "Hallo?").await.err(), gone, "a reply to {number}");
    Ok(())
}
