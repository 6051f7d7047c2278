//! What the user writes is one row from the first tap on, and becomes a draft again when it is discarded.

use super::*;
use crate::model::{ArticleId, ArticlePage, Chance, RemoteArticle, SectionId};

#[test]
fn two_taps_make_one_ticket_and_one_reply() {
    let fixture = fixture();
    let ticket = fixture.create(10);
    assert_eq!(fixture.create(10), ticket);
    let message = fixture.reply(ticket, 20, "Nachtrag");
    assert_eq!(fixture.reply(ticket, 20, "Nachtrag"), message);
    assert_eq!(fixture.thread(ticket).len(), 2);
    assert_eq!(fixture.store.operations().unwrap().len(), 2);
}

#[test]
fn a_submitted_draft_does_not_come_back() {
    let fixture = fixture();
    let draft = TicketDraft {
        id: DraftId(id(10).to_string()),
        subject: "S".to_owned(),
        issue_type: "content".to_owned(),
        cc: vec!["a@b.example".to_owned()],
        cc_entry: "halb ge".to_owned(),
        description: "D".to_owned(),
        access: true,
        follows: None,
        name: String::new(),
        email: String::new(),
    };
    fixture.store.save_ticket_draft(&draft).unwrap();
    assert_eq!(fixture.store.ticket_draft().unwrap().as_ref(), Some(&draft));
    fixture.create(10);
    assert_eq!(fixture.store.ticket_draft().unwrap(), None);
    // A pause in typing saves the draft once more, after the tap.
    fixture.store.save_ticket_draft(&draft).unwrap();
    assert_eq!(fixture.store.ticket_draft().unwrap(), None);
}

#[test]
fn unsent_tickets_stand_on_top_until_they_are_sent() {
    let fixture = fixture();
    let known = fixture.known();
    let (first, second) = (fixture.create(10), fixture.create(20));
    let order = |store: &Store| store.history(None, 10).unwrap().tickets.iter().map(|row| row.id).collect::<Vec<_>>();
    assert_eq!(order(&fixture.store), [second, first, known]);
    let operation = fixture.attempt(fixture.thread(second)[0].0);
    fixture.store.settle_create(&operation, &remote(700, 0), SEEN, (id(901), id(902))).unwrap();
    assert_eq!(order(&fixture.store), [first, known, second], "sorted by the server's time");
    let row = &fixture.store.history(None, 10).unwrap().tickets[2];
    assert_eq!((row.number, row.waiting, row.status.is("open")), (Some(TicketNumber(700)), 0, true));
}

#[test]
fn what_was_taken_back_a_moment_ago_is_not_sent() {
    let fixture = fixture();
    let ticket = fixture.known();
    let message = fixture.reply(ticket, 20, "doch nicht");
    let read_before = fixture.operation(message).unwrap();
    fixture.store.discard(message, &DraftId("spare".to_owned())).unwrap();
    assert_eq!(fixture.store.write_of(&read_before).err(), Some(StoreError::NoSuchMessage));
    assert_eq!(fixture.store.begin_attempt(&read_before, b"{}", 0), Ok(false));
}

#[test]
fn a_discarded_message_is_kept_as_a_draft() {
    let fixture = fixture();
    let ticket = fixture.known();
    let (first, second) = (fixture.reply(ticket, 20, "eins"), fixture.reply(ticket, 30, "zwei"));
    let spare = DraftId("spare".to_owned());
    assert_eq!(fixture.store.discard(first, &spare).unwrap(), "eins");
    assert_eq!(fixture.store.discard(second, &spare).unwrap(), "zwei");
    assert_eq!(fixture.store.reply_draft(ticket).unwrap().unwrap().body, "eins\n\nzwei");
    assert_eq!(fixture.thread(ticket).len(), 1);
    let third = fixture.reply(ticket, 40, "drei");
    fixture.attempt(third);
    assert_eq!(
        fixture.store.discard(third, &spare).err(),
        Some(StoreError::NotPossibleNow),
        "the attempt may be on its way"
    );
}

#[test]
fn an_edited_reply_keeps_its_place_and_takes_a_new_key() {
    let fixture = fixture();
    let ticket = fixture.known();
    let (first, second) = (fixture.reply(ticket, 20, "eins"), fixture.reply(ticket, 30, "zwei"));
    let prepared = fixture.operation(first).unwrap();
    fixture.store.edit_reply(first, "eins, berichtigt 🖊️", id(99)).unwrap();
    let thread: Vec<String> = fixture.thread(ticket).into_iter().map(|message| message.1).collect();
    assert_eq!(thread, ["Guten Tag", "eins, berichtigt 🖊️", "zwei"]);
    assert_eq!(fixture.operation(first).unwrap().key, id(99));
    assert_eq!(
        fixture.store.begin_attempt(&prepared, b"the old text", 0),
        Ok(false),
        "the attempt was prepared for the old text"
    );
    let operation = fixture.attempt(first);
    assert_eq!(
        fixture.store.edit_reply(first, "zu spät", id(98)).err(),
        Some(StoreError::NotPossibleNow),
        "it is being sent"
    );
    fixture.ambiguous(&operation);
    assert_eq!(
        fixture.store.edit_reply(first, "zu spät", id(98)).err(),
        Some(StoreError::NotPossibleNow),
        "the outcome is ambiguous"
    );
    assert!(
        fixture.store.edit_reply(second, "zwei, berichtigt", id(97)).is_ok(),
        "the other reply was never attempted"
    );
}

#[test]
fn an_edited_ticket_is_sent_as_it_was_edited_with_another_reference() {
    let fixture = fixture();
    let ticket = fixture.create(10);
    let message = fixture.thread(ticket)[0].0;
    let unsent = fixture.store.unsent_ticket(ticket).unwrap();
    assert_eq!((unsent.subject.as_str(), unsent.access), ("Auszahlung für März fehlt 🧾", true));
    let edited = AcceptedTicket {
        subject: "Auszahlung für April fehlt".to_owned(),
        issue_type: "content".to_owned(),
        cc: Vec::new(),
        description: "Es geht um April.".to_owned(),
        access: false,
        follows: None,
        requester: None,
    };
    fixture.store.edit_ticket(ticket, &edited, id(50), id(51)).unwrap();
    let operation = fixture.operation(message).unwrap();
    let (write, earlier) = fixture.store.write_of(&operation).unwrap();
    assert_eq!(earlier, None);
    let expected = Write::Create {
        subject: edited.subject,
        description: edited.description,
        issue_type: edited.issue_type,
        cc: Vec::new(),
        access: false,
        reference: id(50).to_string(),
        uploads: Vec::new(),
        follows: None,
        requester: None,
    };
    assert_eq!((write, operation.key), (Some(expected), id(51)));
    fixture.attempt(message);
    assert_eq!(fixture.store.unsent_ticket(ticket).unwrap().subject, "Auszahlung für April fehlt");
    fixture.store.settle_create(&operation, &remote(700, 0), SEEN, (id(901), id(902))).unwrap();
    assert_eq!(
        fixture.store.unsent_ticket(ticket).err(),
        Some(StoreError::NotPossibleNow),
        "the server has the ticket"
    );
}

#[test]
fn what_can_be_undone_comes_back_as_a_draft_and_leaving_the_app_sends_it() {
    let mut fixture = fixture();
    fixture.hold = Duration::from_secs(5);
    let ticket = fixture.known();
    let (first, second) = (fixture.reply(ticket, 20, "vertippt"), fixture.reply(ticket, 30, "bleibt"));
    assert_eq!(fixture.thread(ticket)[1].2, Delivery::Held(NOW.plus(fixture.hold)));
    fixture.store.discard(first, &DraftId("spare".to_owned())).unwrap();
    assert_eq!(fixture.store.reply_draft(ticket).unwrap().unwrap().body, "vertippt");
    assert_eq!(fixture.store.release_held(Release::All), Ok(true));
    assert_eq!(fixture.operation(second).unwrap().state, State::Queued);
    assert_eq!(fixture.store.release_held(Release::All), Ok(false));
}

#[test]
fn a_copy_on_another_device_sends_nothing_by_itself() {
    let fixture = fixture();
    let ticket = fixture.known();
    let (ever_attempted, fresh) =
        (fixture.reply(ticket, 20, "begonnen"), fixture.reply(ticket, 30, "noch nicht begonnen"));
    let never = fixture.create(40);
    let creation = fixture.thread(never)[0].0;
    fixture.attempt(ever_attempted);
    assert_eq!(fixture.store.bind_installation("old phone", NOW), Ok(false), "the first installation is bound");
    assert_eq!(fixture.store.bind_installation("old phone", NOW), Ok(false));
    assert_eq!(fixture.operation(ever_attempted).unwrap().state, State::Sending);
    assert_eq!(fixture.store.bind_installation("new phone", NOW), Ok(true));
    let state = |message| fixture.operation(message).unwrap().state;
    assert!(matches!(state(ever_attempted), State::Checking(_)), "it is checked");
    for asked in [fresh, creation] {
        assert!(
            matches!(state(asked), State::NeedsUser(reason) if reason.kind == ReasonKind::Restored),
            "the user is asked"
        );
    }
    // The old phone has sent both replies. The server shows them, so the user need not be asked.
    fixture.read(
        ticket,
        &[comment(1, ME, "Guten Tag"), comment(5, ME, "begonnen"), comment(6, ME, "noch nicht begonnen")],
    );
    assert!(fixture.operation(ever_attempted).is_none() && fixture.operation(fresh).is_none());
    assert_eq!(fixture.thread(ticket).len(), 3);
    // The ticket is not on the server, and the user decides to send it.
    fixture.store.retry(creation, NOW).unwrap();
    assert_eq!((state(creation), fixture.operation(creation).unwrap().restored), (State::Queued, false));
}

#[test]
fn changes_of_a_ticket_wait_their_turn_and_are_seen_until_they_are_done() {
    let fixture = fixture();
    let ticket = fixture.known();
    fixture.store.change(ticket, &add_cc(&["bücher@reisen.example".to_owned()], id(60))).unwrap();
    fixture.store.change(ticket, &solve(id(61))).unwrap();
    fixture.store.change(ticket, &solve(id(62))).unwrap();
    let changes = fixture.store.ticket(ticket).unwrap().changes;
    let kinds: Vec<_> = changes.iter().map(|change| (change.kind, change.can_discard)).collect();
    assert_eq!(kinds, [(ChangeKind::AddCc, true), (ChangeKind::Solve, true)], "one change, although solved twice");
    let operations = fixture.store.operations().unwrap();
    assert!(fixture.store.begin_attempt(&operations[0], b"{}", 0).unwrap());
    assert_eq!(
        fixture.store.discard_change(operations[0].id).err(),
        Some(StoreError::NotPossibleNow),
        "it is being sent"
    );
    fixture.store.settle_change(&operations[0], &remote(500, 11), Evidence::Answer, NOW).unwrap();
    assert_eq!(fixture.store.ticket(ticket).unwrap().cc, ["bücher@reisen.example"]);
    assert!(fixture.store.begin_attempt(&operations[1], b"{}", 0).unwrap());
    fixture
        .store
        .settle_change(
            &operations[1],
            &RemoteTicket { status: ServerStatus::Solved, ..remote(500, 12) },
            Evidence::Answer,
            NOW,
        )
        .unwrap();
    let head = fixture.store.ticket(ticket).unwrap();
    assert_eq!((head.row.status.is("solved"), head.row.unread, head.changes.len()), (true, false, 0));
}

#[test]
fn a_copy_of_the_file_sends_no_answer_that_the_first_device_may_have_changed_since() {
    let fixture = fixture();
    let page = page_of_articles(2);
    fixture.store.begin_articles("de", "de").unwrap();
    fixture.store.apply_articles(&page, ArticleStep::Complete, NOW).unwrap();
    fixture.store.bind_installation("old phone", NOW).unwrap();
    assert_eq!(fixture.store.vote(ArticleId(1), true), Ok(true));
    let [waiting] = fixture.store.waiting_votes().unwrap()[..] else { panic!() };
    assert!(fixture.store.begin_vote(&waiting).unwrap());
    assert_eq!(fixture.store.end_vote(&waiting, Ok(()), NOW, Chance::NONE), Ok(None));
    assert_eq!(fixture.store.vote(ArticleId(2), false), Ok(true));
    let unsent = || fixture.store.unsent().unwrap().messages;
    assert_eq!((unsent(), fixture.store.overview().unwrap().waiting), (1, 1));
    assert_eq!(fixture.store.bind_installation("new phone", NOW), Ok(true));
    assert_eq!((unsent(), fixture.store.waiting_votes().unwrap()), (0, Vec::new()));
    let vote = |id| fixture.store.article(ArticleId(id)).unwrap().unwrap().vote;
    assert_eq!((vote(1).map(|vote| vote.helpful), vote(2)), (Some(true), None), "what was sent stays");
}

/// A page of articles with the ids from 1, and no further one.
fn page_of_articles(count: i64) -> ArticlePage {
    let article = |id| RemoteArticle {
        id: ArticleId(id),
        section: SectionId(1),
        title: format!("Überweisung {id} 💶"),
        body: String::new(),
        structure: None,
        pictures: Vec::new(),
        shortened: false,
        locale: "de".to_owned(),
        source_locale: "de".to_owned(),
        updated_at: NOW,
        edited_at: NOW,
        outdated: false,
        promoted: false,
        position: id,
    };
    ArticlePage { articles: (1..=count).map(article).collect(), ..ArticlePage::default() }
}
