//! What a user changes, and how the server answers.

use pocketdesk::model::{Failure, Feedback, Target, Toggle, Write, same_text, undated};
use pocketdesk::model::{Reason, ReasonKind, ServerStatus, StatusKind};

use crate::cases::visibility::mailed_once;
use crate::fixture::Fixture;
use crate::harness::{Answer, Need, TOGGLE, Who};
use crate::trouble::{Broken, ensure, same};
use crate::user_connector::key;

const DESCRIPTION: &str = "Guten Tag,\n\nseit Anfang März fehlt die Provision.\n\nViele Grüße\nAda";

pub async fn created(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    for (index, shared) in [(0, false), (3, true), (6, false)] {
        let mut write = fixture.write("Provision für „Fernweh & Söhne“ fehlt 🙏", DESCRIPTION)?;
        let Write::Create { issue_type, access, reference, subject, .. } = &mut write else { continue };
        *issue_type = fixture.issue_type(index)?;
        *access = shared;
        let (subject, reference) = (subject.clone(), reference.clone());
        let expected = (Some(fixture.issue_type(index)?), Some(shared));
        let made = ada.create(&write).await?;
        for ticket in [made.clone(), undated(ada.remote.ticket(made.number).await)?] {
            same!(ticket.subject, subject, "the subject");
            same!((ticket.issue_type, ticket.access), expected, "issue type and access");
            same!(ticket.client_reference, Some(reference.clone()), "the reference");
            same!(ticket.requester, Some(ada.me.id), "the requester");
            let status = fixture.status(ticket.status, true).kind;
            same!(status, StatusKind::Open, "the status");
        }
        let thread = ada.thread(made.number).await?;
        same!(thread.comments.len(), 1, "comments");
        ensure!(same_text(&thread.comments[0].body, DESCRIPTION), "the description is {:?}", thread.comments[0].body);
        same!(thread.comments[0].author, Some(ada.me.id), "the author");
    }
    Ok(())
}

pub async fn pure(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    let write = fixture.write("Immer gleich", DESCRIPTION)?;
    let reply = Write::Reply { body: DESCRIPTION.to_owned(), structure: None, uploads: Vec::new(), solves: false };
    for write in [write, reply, Write::Solve, Write::AddCc { addresses: vec!["a@b.example".to_owned()] }] {
        let first = ada.remote.encode(&write);
        same!(ada.remote.encode(&write), first, "the bytes");
    }
    Ok(())
}

pub async fn idempotent(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    let subject = "Nur einmal";
    let body = ada.remote.encode(&fixture.write(subject, DESCRIPTION)?);
    let key = key()?;
    let first = undated(ada.remote.deliver(Target::NewTicket, &body, &[], key).await)?;
    let second = undated(ada.remote.deliver(Target::NewTicket, &body, &[], key).await)?;
    same!(second.number, first.number, "the second attempt's ticket");
    same!(fixture.server.tickets(subject).await?, vec![first.number], "tickets on the server");
    Ok(())
}

pub async fn found_again(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    let write = fixture.write("Wiederzufinden", DESCRIPTION)?;
    let Write::Create { reference, .. } = &write else { return Ok(()) };
    let made = ada.create(&write).await?;
    ada.create(&fixture.write("Ein anderes", DESCRIPTION)?).await?;
    let latest = undated(ada.remote.latest_created(1).await)?.tickets;
    let found: Vec<_> = latest.iter().filter(|ticket| ticket.client_reference.as_ref() == Some(reference)).collect();
    same!(found.iter().map(|ticket| ticket.number).collect::<Vec<_>>(), vec![made.number], "tickets of the reference");
    Ok(())
}

pub async fn reopened(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    let ticket = ada.create(&fixture.write("Doch nicht gelöst", DESCRIPTION)?).await?.number;
    for (round, status) in [StatusKind::AwaitingUser, StatusKind::Solved].into_iter().enumerate() {
        let answer = Answer { text: "Hilft das?", status: Some(status), ..Answer::default() };
        fixture.server.answer(ticket, &answer).await?;
        let text = format!("Nein, leider nicht ({round}) 😕");
        let after = ada.reply(ticket, &text).await?;
        same!(after.number, ticket, "the answer's ticket");
        let now = fixture.status(undated(ada.remote.ticket(ticket).await)?.status, true).kind;
        ensure!(matches!(now, StatusKind::Open | StatusKind::Working), "after a reply in {status:?} it is {now:?}");
        let thread = ada.thread(ticket).await?;
        let last = thread.comments.last().ok_or_else(|| Broken::new("the thread is empty"))?;
        ensure!(same_text(&last.body, &text) && last.author == Some(ada.me.id), "the reply is not last: {last:?}");
    }
    Ok(())
}

pub async fn closed(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    let ticket = ada.create(&fixture.write("Abgeschlossen", DESCRIPTION)?).await?.number;
    fixture.server.set_status(ticket, StatusKind::Closed).await?;
    let outcome = ada.reply(ticket, "Der Fehler ist zurück.").await.err();
    same!(outcome, Some(Failure::needs(ReasonKind::TicketClosed)), "a reply to a closed ticket");
    same!(undated(ada.remote.ticket(ticket).await)?.status, ServerStatus::Closed, "the status");
    same!(fixture.server.texts(ticket).await?.len(), 1, "comments on the server");
    same!(ada.texts(ticket).await?.len(), 1, "comments that can still be read");
    Ok(())
}

pub async fn refused(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    let subject = "Mit einem Typ, den es nicht gibt";
    let mut write = fixture.write(subject, DESCRIPTION)?;
    if let Write::Create { issue_type, .. } = &mut write {
        "abgeschafft".clone_into(issue_type);
    }
    let outcome = ada.create(&write).await;
    let refused = matches!(&outcome, Err(Failure::NeedsUser(Reason { kind: ReasonKind::Refused, server_message: Some(server_message) })) if !server_message.is_empty());
    ensure!(refused, "{outcome:?}");
    same!(fixture.server.tickets(subject).await?, Vec::new(), "tickets on the server");
    Ok(())
}

pub async fn dropped(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    let subject = "Typ wird verworfen";
    let mut write = fixture.write(subject, DESCRIPTION)?;
    if let Write::Create { issue_type, .. } = &mut write {
        "abgeschafft".clone_into(issue_type);
    }
    match ada.create(&write).await {
        Ok(ticket) => {
            let read = undated(ada.remote.ticket(ticket.number).await)?.issue_type;
            same!(ticket.issue_type, read, "the issue type that the answer claims");
            ensure!(read.as_deref() != Some("abgeschafft"), "the server reports a type that it does not have");
            same!(fixture.server.tickets(subject).await?, vec![ticket.number], "tickets on the server");
        }
        Err(Failure::NeedsUser(_)) => {}
        Err(other) => return Err(other.into()),
    }
    Ok(())
}

pub async fn solved(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    let ticket = ada.create(&fixture.write("Hat sich erledigt", DESCRIPTION)?).await?.number;
    let answer = Answer { text: "Bitte prüfen.", status: Some(StatusKind::AwaitingUser), ..Answer::default() };
    fixture.server.answer(ticket, &answer).await?;
    let after = ada.deliver(Target::Ticket(ticket), &Write::Solve).await?;
    for status in [after.status, undated(ada.remote.ticket(ticket).await)?.status] {
        same!(fixture.status(status, false).kind, StatusKind::Solved, "the status");
    }
    same!(ada.texts(ticket).await?.len(), 2, "comments");
    Ok(())
}

pub async fn solving_others_refused(fixture: &Fixture) -> Result<(), Broken> {
    let (ada, ben) = (fixture.user(Who::Ada).await?, fixture.user(Who::Ben).await?);
    let ticket = ada.create(&fixture.write_shared("Nur Ada darf", DESCRIPTION)?).await?.number;
    let answer = Answer { text: "Bitte prüfen.", status: Some(StatusKind::AwaitingUser), ..Answer::default() };
    fixture.server.answer(ticket, &answer).await?;
    let outcome = ben.deliver(Target::Ticket(ticket), &Write::Solve).await;
    let refused = matches!(outcome, Err(Failure::NotAllowed | Failure::NeedsUser(_)));
    ensure!(refused, "a colleague can solve it: {outcome:?}");
    let status = undated(ada.remote.ticket(ticket).await)?.status;
    same!(fixture.status(status, false).kind, StatusKind::AwaitingUser, "the status");
    Ok(())
}

pub async fn copied_later(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    let ticket = ada.create(&fixture.write("Jetzt auch die Buchhaltung", DESCRIPTION)?).await?.number;
    let tag = key()?.simple().to_string();
    let addresses = vec![format!("buchhaltung.{tag}@reisen.example"), format!("steuer.{tag}@kanzlei.example")];
    let write = Write::AddCc { addresses: addresses.clone() };
    same!(ada.deliver(Target::Ticket(ticket), &write).await?.number, ticket, "the answer's ticket");
    // The same again, as after a lost answer: nobody may be added twice.
    ada.deliver(Target::Ticket(ticket), &write).await?;
    // Some servers send mail at once to an added address, others with the next message.
    if fixture.server.mails(ticket).await?.iter().all(|mail| !mail.to.contains(&addresses[0])) {
        fixture.server.answer(ticket, &Answer { text: "Notiert.", ..Answer::default() }).await?;
    }
    mailed_once(fixture, ticket, &addresses).await?;
    same!(ada.texts(ticket).await?[0], DESCRIPTION, "the thread");
    Ok(())
}

pub async fn international_later(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    let ticket = ada.create(&fixture.write("Auch an die Kanzlei", DESCRIPTION)?).await?.number;
    let tag = key()?.simple().to_string();
    let addresses = vec![format!("kasse.{tag}@münchen.example"), format!("jürgen.{tag}@kanzlei.example")];
    let added = ada.deliver(Target::Ticket(ticket), &Write::AddCc { addresses }).await;
    fixture.server.answer(ticket, &Answer { text: "Notiert.", ..Answer::default() }).await?;
    let mails = fixture.server.mails(ticket).await?;
    let mailed = mails.iter().flat_map(|mail| &mail.to).filter(|to| to.contains(&tag)).count();
    match added {
        Ok(_) => ensure!(mailed >= 2, "{mailed} mails for two addresses"),
        Err(Failure::NeedsUser(Reason { kind: ReasonKind::Refused, server_message })) => {
            ensure!(
                server_message.is_some_and(|server_message| server_message.contains(&tag)),
                "the message does not name the address"
            );
            same!(mailed, 0, "mails to an address that was refused together with another");
        }
        Err(other) => return Err(other.into()),
    }
    Ok(())
}

pub async fn read_mark(fixture: &Fixture) -> Result<(), Broken> {
    let (ada, ben) = (fixture.user(Who::Ada).await?, fixture.user(Who::Ben).await?);
    let ticket = ada.create(&fixture.write_shared("Schon gelesen?", DESCRIPTION)?).await?.number;
    fixture.server.answer(ticket, &Answer { text: "Ja.", ..Answer::default() }).await?;
    let newest = ben.thread(ticket).await?.comments.last().map(|comment| comment.id);
    let through = newest.ok_or_else(|| Broken::new("the thread is empty"))?;
    ben.deliver(Target::ReadMark(ticket), &Write::MarkRead { through }).await?;
    same!(
        undated(ada.remote.ticket(ticket).await)?.read_through,
        Some(through),
        "how far Ben has read, as Ada sees it"
    );
    Ok(())
}

pub async fn not_offered(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    let ticket = ada.create(&fixture.write("Was hier nicht geht", DESCRIPTION)?).await?.number;
    let through = ada.thread(ticket).await?.comments[0].id;
    let changes = [
        (Need::Solve, Target::Ticket(ticket), Write::Solve),
        (Need::AddCc, Target::Ticket(ticket), Write::AddCc { addresses: vec!["kasse@reisen.example".to_owned()] }),
        (Need::SharedReadMarks, Target::ReadMark(ticket), Write::MarkRead { through }),
    ];
    for (need, target, write) in changes.into_iter().filter(|(need, ..)| !fixture.offers(*need)) {
        let before = ada.network.traffic();
        let outcome = ada.deliver(target, &write).await;
        ensure!(matches!(outcome, Err(Failure::NeedsUser(_) | Failure::NotAllowed)), "{}: {outcome:?}", need.name());
        same!(ada.network.traffic().writes, before.writes, "writes that were sent for {}", need.name());
    }
    let feedback = Feedback { answers: 2, chosen: 1, text: None };
    let extras = [
        (Need::Feedback, Write::Feedback(feedback)),
        (Need::Toggles, Write::Toggle(Toggle { field: TOGGLE.to_owned(), on: true })),
    ];
    for (need, write) in extras.into_iter().filter(|(need, _)| !fixture.offers(*need)) {
        let before = ada.network.traffic();
        let outcome = ada.deliver_extra(ticket, &write).await;
        ensure!(matches!(outcome, Err(Failure::NeedsUser(_) | Failure::NotAllowed)), "{}: {outcome:?}", need.name());
        same!(ada.network.traffic(), before, "what was sent for {}", need.name());
        let shown = ada.extras(ticket).await?;
        let is_shown = if need == Need::Feedback { shown.feedback.is_some() } else { !shown.toggles.is_empty() };
        ensure!(!is_shown, "{} is shown: {shown:?}", need.name());
    }
    Ok(())
}
