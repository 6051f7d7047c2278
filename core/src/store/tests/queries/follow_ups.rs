//! Follow-ups: a ticket leads to the one that it follows for as long as this user sees that one.

use super::*;
use crate::model::FollowedTicket;
use crate::product::ServerKind;

const FOLLOWED: TicketNumber = TicketNumber(500);

/// A ticket that follows another one.
fn follow_up(number: i64, minutes: i64, follows: Option<TicketNumber>) -> RemoteTicket {
    RemoteTicket { follows, ..remote(number, minutes) }
}

fn id_of(store: &Store, number: i64) -> TicketId {
    store.ticket_by_number(TicketNumber(number)).unwrap().unwrap()
}

fn follows(store: &Store, ticket: TicketId) -> Option<FollowedTicket> {
    store.ticket(ticket).unwrap().follows
}

/// What the file keeps of the link.
fn kept(store: &Store) -> (Vec<Option<i64>>, Vec<i64>) {
    let rows = |db: &Connection| {
        let column =
            db.prepare("SELECT follows FROM tickets ORDER BY number")?.query_map([], |row| row.get(0))?.collect();
        let found = db.prepare("SELECT follows FROM follow_ups")?.query_map([], |row| row.get(0))?.collect();
        Ok((column, found))
    };
    let (column, found): (Result<_, rusqlite::Error>, Result<_, rusqlite::Error>) =
        store.read(|db| rows(db).map_err(|error: rusqlite::Error| error.into())).unwrap();
    (column.unwrap(), found.unwrap())
}

#[test]
fn a_follow_up_leads_to_its_ticket_while_this_user_sees_that() {
    let fixture = fixture();
    let store = &fixture.store;
    page(&fixture, &[follow_up(501, 20, Some(FOLLOWED))]);
    let ticket = id_of(store, 501);
    assert_eq!(follows(store, ticket), Some(FollowedTicket { number: FOLLOWED, ticket: None }), "not seen yet");

    let changes = store.live().subscribe();
    let is_told = || futures_util::FutureExt::now_or_never(changes.next()).unwrap().threads.contains(&ticket);
    page(&fixture, &[remote(500, 10)]);
    let followed = id_of(store, 500);
    assert_eq!(follows(store, ticket), Some(FollowedTicket { number: FOLLOWED, ticket: Some(followed) }));
    assert!(is_told(), "a screen that shows the follow-up asks again");

    store.revoke(followed, silent(NOW)).unwrap();
    assert_eq!(follows(store, ticket), Some(FollowedTicket { number: FOLLOWED, ticket: None }));
    assert!(is_told());

    let later = Observation { at: NOW.plus(store.visible_after()).plus(Duration::from_secs(1)), ..SEEN };
    store.apply_ticket(&remote(500, 40), later).unwrap();
    assert_eq!(
        follows(store, ticket),
        Some(FollowedTicket { number: FOLLOWED, ticket: Some(followed) }),
        "shown again"
    );
    assert!(is_told());
    assert_eq!(follows(store, followed), None);
}

#[test]
fn what_a_ticket_follows_is_what_the_server_says_last_and_leaves_with_the_ticket() {
    let fixture = fixture();
    let store = &fixture.store;
    page(&fixture, &[remote(499, 5), remote(500, 10), remote(501, 20)]);
    let ticket = id_of(store, 501);
    assert_eq!(follows(store, ticket), None);
    for source in [Some(499), Some(500), None, Some(500)] {
        // The time of the update is the same: an older version of this app did not read what a ticket follows.
        store.apply_ticket(&follow_up(501, 20, source.map(TicketNumber)), SEEN).unwrap();
        assert_eq!(follows(store, ticket).map(|followed| followed.number.0), source);
        assert_eq!(kept(store), (vec![None, None, source], source.into_iter().collect::<Vec<_>>()));
    }
    fixture.reply(ticket, 30, "Es ist schon wieder passiert.");
    store.revoke(ticket, silent(NOW)).unwrap();
    assert_eq!(follows(store, ticket), None);
    assert_eq!(kept(store), (vec![None, None, None], vec![]));
}

#[test]
fn a_follow_up_knows_its_ticket_before_it_is_sent_and_the_server_decides_afterwards() {
    for says in [Some(FOLLOWED), None] {
        let fixture = fixture();
        let store = &fixture.store;
        let followed = fixture.known();
        let accepted = AcceptedTicket {
            subject: "Es ist wieder passiert".to_owned(),
            issue_type: "payments_finance".to_owned(),
            cc: vec![],
            description: "Zu Ticket #500: שוב".to_owned(),
            access: false,
            follows: Some(FOLLOWED),
            requester: None,
        };
        let draft = DraftId("Folgeticket".to_owned());
        let (reference, key) = (id(11), id(12));
        let new = NewTicket { draft: &draft, accepted: &accepted, reference, key, hold: Duration::ZERO, now: NOW };
        let ticket = store.submit(&new).unwrap();
        assert_eq!(follows(store, ticket), Some(FollowedTicket { number: FOLLOWED, ticket: Some(followed) }));

        let creation = store.operations().unwrap().remove(0);
        assert!(store.begin_attempt(&creation, b"{}", 0).unwrap());
        store.settle_create(&creation, &follow_up(501, 20, says), SEEN, (id(901), id(902))).unwrap();
        let expected = says.map(|number| FollowedTicket { number, ticket: Some(followed) });
        assert_eq!(follows(store, ticket), expected, "the server may not take it for a follow-up");
    }
}

#[test]
fn a_follow_up_leads_to_no_ticket_that_the_history_does_not_show() {
    let folder = tempfile::tempdir().unwrap();
    let hub = r#"{ "schema": 1, "id": "tested", "version": 1, "extends": "hub@1" }"#;
    let hub = Arc::new(Product::from_json(hub, ServerKind::Zendesk).unwrap());
    let store = Store::open(folder.path(), "ada", "https://desk.example/", None, hub, Arc::default()).unwrap();
    store.bind("https://desk.example/", ME, Some("ada@reisen.example")).unwrap();
    // The hub's history begins on 15 July 2019.
    let first_day = 1_563_148_800_000;
    for (number, created_at, is_shown) in [(499, first_day - 1, false), (500, first_day, true)] {
        store.apply_ticket(&RemoteTicket { created_at: Timestamp(created_at), ..remote(number, 10) }, SEEN).unwrap();
        store.apply_ticket(&follow_up(number + 10, 20, Some(TicketNumber(number))), SEEN).unwrap();
        let followed = follows(&store, id_of(&store, number + 10)).unwrap();
        assert_eq!((followed.number.0, followed.ticket.is_some()), (number, is_shown));
    }
}

#[test]
fn nothing_of_a_link_stays_where_there_is_no_history() {
    let fixture = fixture();
    let store = &fixture.store;
    page(&fixture, &[remote(500, 10), follow_up(501, 20, Some(FOLLOWED))]);
    let ticket = id_of(store, 501);
    fixture.reply(ticket, 30, "Bitte noch einmal prüfen. 🙏");
    store.purge_history().unwrap();
    assert_eq!(follows(store, ticket), None);
    assert_eq!(kept(store), (vec![None], vec![]), "what was not sent stays, without the link");
}
