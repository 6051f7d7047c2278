//! Nobody's file: tickets without an account, kept through damage, and never without who wrote them.

use super::*;
use crate::model::Requester;

const SERVER: &str = "https://desk.example/";

fn open(folder: &Path) -> Store {
    let product = Arc::new(Product::built_in().unwrap().signed_out());
    Store::open_nobodys(folder, SERVER, None, product, Arc::default()).unwrap()
}

fn requester() -> Requester {
    Requester { name: "Søren Østergård 🦊".to_owned(), email: "søren@bücher.example".to_owned() }
}

fn submit(store: &Store, number: u128) -> TicketId {
    let accepted = AcceptedTicket {
        subject: format!("Anmeldung {number} geht nicht 🔑"),
        issue_type: "technical_setup".to_owned(),
        cc: Vec::new(),
        description: "Guten Tag,\nes kommt keine Mail.".to_owned(),
        access: false,
        follows: None,
        requester: Some(requester()),
    };
    let (draft, reference, key) = (DraftId(number.to_string()), id(number + 1), id(number + 2));
    store
        .submit(&NewTicket { draft: &draft, accepted: &accepted, reference, key, hold: Duration::ZERO, now: NOW })
        .unwrap()
}

fn operation(store: &Store, ticket: TicketId) -> Operation {
    store.operations().unwrap().into_iter().find(|operation| operation.ticket == ticket).unwrap()
}

/// Sends the ticket, which gets this number.
fn send(store: &Store, ticket: TicketId, number: i64) {
    let operation = operation(store, ticket);
    assert!(store.begin_attempt(&operation, b"{}", 0).unwrap());
    store.settle_anonymous(&operation, Some(TicketNumber(number)), NOW).unwrap();
}

#[test]
fn a_damaged_file_gives_back_who_wrote_and_asks_before_it_sends() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let (sent, waits) = (submit(&store, 10), submit(&store, 20));
    send(&store, sent, 4711);
    let draft = TicketDraft {
        id: DraftId("d".to_owned()),
        subject: "Noch etwas".to_owned(),
        issue_type: "content".to_owned(),
        cc: Vec::new(),
        cc_entry: String::new(),
        description: "Halb getippt …".to_owned(),
        access: false,
        follows: None,
        name: requester().name,
        email: "halb@".to_owned(),
    };
    store.save_ticket_draft(&draft).unwrap();
    store.close();
    let file = nobodys_file_of(folder.path(), SERVER);
    let mut bytes = fs::read(&file).unwrap();
    bytes[..100].fill(0x5a);
    fs::write(&file, bytes).unwrap();

    let store = open(folder.path());
    assert_eq!(store.recovered().unwrap(), Some(Recovered { salvaged: 2, lost: false }));
    assert_eq!(store.ticket_draft().unwrap(), Some(draft));
    let unsent = store.unsent_ticket(waits).unwrap();
    assert_eq!((unsent.name, unsent.email), (requester().name, requester().email));
    // The file may have lost that it was sent, and nobody can look.
    assert_eq!(operation(&store, waits).state, State::MayHaveBeenSent);
    store.retry(store.thread(waits, None, 1).unwrap().messages[0].id, NOW).unwrap();
    let (write, _) = store.write_of(&operation(&store, waits)).unwrap();
    assert!(matches!(write, Some(Write::Create { requester: Some(known), .. }) if known == requester()));
    let shown = store.ticket(sent).unwrap();
    assert_eq!((shown.delivery, shown.thread_complete), (Delivery::Sent, true));
    assert_eq!(shown.answers_go_to, Some(requester().email));
}

#[test]
fn a_ticket_that_lost_who_wrote_it_is_never_sent() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let ticket = submit(&store, 10);
    store.write(Priority::User, |edit| Ok(edit.tx.execute("DELETE FROM requesters", [])?)).unwrap();
    let operation = operation(&store, ticket);
    assert!(operation.anonymous, "it stands in nobody's file");
    assert_eq!(store.write_of(&operation), Err(StoreError::Unreadable(RowFault::Missing)));
}

#[test]
fn a_number_that_two_tickets_get_costs_neither_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let tickets = [submit(&store, 10), submit(&store, 20)];
    for ticket in tickets {
        send(&store, ticket, 4711);
    }
    let shown = tickets.map(|ticket| store.ticket(ticket).unwrap());
    assert!(shown.iter().all(|ticket| ticket.delivery == Delivery::Sent && ticket.can_remove));
    assert_eq!(shown.map(|ticket| ticket.row.number), [Some(TicketNumber(4711)), None]);
}

#[test]
fn a_ticket_of_an_account_is_never_removed_like_one_without() {
    let fixture = fixture();
    let known = fixture.known();
    assert_eq!(fixture.store.remove_ticket(known), Err(StoreError::NotPossibleNow));
    let ticket = fixture.store.ticket(known).unwrap();
    assert_eq!((ticket.answers_go_to, ticket.can_remove), (None, false));
}
