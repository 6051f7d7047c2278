//! What a reader of a ticket is told, and that every key has a text.

use std::collections::BTreeSet;

use crate::model::{
    Attachment, Body, Delivery, DownloadProblem, FileState, Message, MessageId, Reason, ReasonKind, SmallPicture,
    StatusId, StatusKind, Ticket, TicketId, TicketNumber, TicketRow, TicketStatus, Timestamp, Turn,
};
use crate::product::strings::family;
use crate::product::{LANGUAGES, Product, StringKey};

fn mobile() -> Product {
    Product::built_in().unwrap()
}

/// Every key that core's own code names exists in every language: it is found in the source, so that none is forgotten.
#[test]
fn every_key_that_core_names_has_a_string_in_every_language() {
    let sources = [
        include_str!("../keys.rs"),
        include_str!("../../details/places.rs"),
        include_str!("../../../client/keys.rs"),
        include_str!("../../../client/actions.rs"),
    ];
    let families = LANGUAGES.map(|language| {
        let strings = mobile().strings(language);
        (language, strings.all().keys().map(|key| family(key).to_owned()).collect::<BTreeSet<String>>())
    });
    let mut found = 0;
    for source in sources {
        let code = source.split("mod tests {").next().unwrap();
        let quoted = code.lines().filter(|line| !line.trim_start().starts_with("//"));
        let quoted = quoted.flat_map(|line| line.split('"').skip(1).step_by(2));
        let is_key =
            |text: &&str| text.contains('.') && text.chars().all(|c| c.is_ascii_lowercase() || matches!(c, '.' | '_'));
        for key in quoted.filter(is_key) {
            found += 1;
            for (language, known) in &families {
                assert!(known.contains(key), "{language} {key}");
            }
        }
    }
    assert!(found > 90, "{found}: the keys are found");
}

#[test]
fn the_names_of_reasons_and_problems_are_the_ends_of_their_keys() {
    for (reason, name) in ReasonKind::ALL {
        assert_eq!(reason.string_key(), format!("reason.{name}"));
    }
    for (problem, name) in DownloadProblem::ALL {
        assert_eq!(problem.string_key(), format!("download.{name}"));
    }
}

fn awaiting_reply() -> TicketStatus {
    let id = Some(StatusId("awaiting_reply".to_owned()));
    TicketStatus { id, kind: StatusKind::AwaitingUser, turn: Turn::You, label: None }
}

fn ticket(status: TicketStatus) -> Ticket {
    let row = TicketRow {
        id: TicketId(1),
        number: Some(TicketNumber(480_126)),
        subject: "Überweisung fehlt 🙏".to_owned(),
        subject_key: None,
        requester: None,
        ticket_type: None,
        marks: Vec::new(),
        status,
        created_at: Timestamp(0),
        last_activity_at: Timestamp(0),
        unsent: false,
        snippet: None,
        reminder: false,
        unread: false,
        has_attachments: false,
        waiting: 0,
        needs_user: false,
        visible: true,
        linked: false,
        columns: Vec::new(),
    };
    Ticket {
        row,
        issue_type: None,
        access: None,
        cc: Vec::new(),
        created_by: None,
        created_by_me: true,
        can_reply: true,
        reopens: false,
        can_solve: false,
        solve_pending: false,
        thread_complete: true,
        delivery: Delivery::Sent,
        changes: Vec::new(),
        refresh_problem: None,
        left_out: 0,
        answers_go_to: None,
        can_remove: false,
        follows: None,
    }
}

#[test]
fn whose_turn_it_is_is_said_only_where_it_is_known_and_up_to_date() {
    assert_eq!(ticket(awaiting_reply()).turn_key(), Some("turn.you"));
    let silent = |change: fn(&mut Ticket)| {
        let mut ticket = ticket(awaiting_reply());
        change(&mut ticket);
        assert_eq!(ticket.turn_key(), None);
        ticket
    };
    let waiting = silent(|ticket| ticket.row.waiting = 1);
    assert_eq!((waiting.row.unsent_key(), waiting.unsent_title_key()), (Some("delivery.queued"), None));
    let refused = silent(|ticket| (ticket.row.waiting, ticket.row.needs_user) = (1, true));
    assert_eq!(refused.row.unsent_key(), Some("history.needs_you"));
    assert!(!silent(|ticket| ticket.row.visible = false).row.has_status());
    assert!(!silent(|ticket| ticket.row.number = None).row.has_status());
    let unknown = TicketStatus { id: None, ..awaiting_reply() };
    assert_eq!((ticket(unknown.clone()).turn_key(), unknown.name_key()), (None, Some("status.unknown".to_owned())));
}

#[test]
fn a_ticket_without_a_number_says_what_became_of_it() {
    let said = |delivery| {
        let mut ticket = Ticket { delivery, ..ticket(awaiting_reply()) };
        ticket.row.number = None;
        ticket.unsent_title_key()
    };
    assert_eq!(said(Delivery::Checking), Some("delivery.checking"));
    assert_eq!(said(Delivery::MayHaveBeenSent), Some("delivery.may_have_been_sent.short"));
    assert_eq!(said(Delivery::Sent), Some("delivery.queued"), "its number is on the way");
}

#[test]
fn a_ticket_without_an_account_says_where_the_answer_comes_and_not_whose_turn_it_is() {
    let answers_go_to = Some("ada@reisen.example".to_owned());
    let mut sent = Ticket { answers_go_to, can_reply: false, ..ticket(awaiting_reply()) };
    assert_eq!(sent.turn_key(), None, "nobody knows");
    let said = |product: Product| product.delivery_key(&Delivery::MayHaveBeenSent);
    assert_eq!(said(mobile().signed_out()), Some("anonymous.may_have_been_sent"));
    assert_eq!(said(mobile()), Some("delivery.may_have_been_sent"));
    assert_eq!(mobile().reply_note_key(&sent), Some("anonymous.sent"));
    sent.row.number = None;
    assert_eq!(sent.unsent_title_key(), Some("anonymous.title"), "the server need not say its number");
    sent.delivery = Delivery::Queued;
    assert_eq!((sent.unsent_title_key(), mobile().reply_note_key(&sent)), (Some("delivery.queued"), None));
}

#[test]
fn a_status_is_named_by_the_product_or_by_the_help_desk_and_explained_only_in_the_products_words() {
    let (product, strings) = (mobile(), mobile().strings("de"));
    let explained = |status: &TicketStatus| product.explanation(status, &strings);
    let known = awaiting_reply();
    assert_eq!(strings.text(&known.name_key().unwrap(), &[]), "Warten auf Ihre Antwort");
    assert_eq!(explained(&known), Some(strings.text("status.awaiting_reply.explanation", &[])));
    let named = TicketStatus { label: Some("Wartet auf Größe XL".to_owned()), ..known };
    assert_eq!((named.name_key(), explained(&named)), (None, None));
    let unknown = TicketStatus::unknown();
    assert_eq!(explained(&unknown), Some(strings.text("status.unknown.explanation", &[])));
}

#[test]
fn the_place_of_the_reply_says_why_there_is_none_what_one_does_or_what_the_status_says() {
    let (product, solved) = (mobile(), ticket(awaiting_reply()));
    let said = |ticket: &Ticket| product.reply_note_key(ticket).map(str::to_owned);
    assert_eq!(said(&solved), None);
    assert_eq!(said(&Ticket { reopens: true, ..solved.clone() }).as_deref(), Some("ticket.reopens"));
    let mut closed = Ticket { can_reply: false, ..solved };
    assert_eq!(said(&closed).as_deref(), Some("ticket.closed"));
    closed.row.visible = false;
    assert_eq!(said(&closed).as_deref(), Some("reason.no_longer_visible"));
    closed.row.status.kind = StatusKind::Closed;
    assert_eq!(said(&closed).as_deref(), Some("ticket.closed"), "it was closed before it disappeared");

    let mut with_banner = mobile();
    for status in &mut with_banner.definition.statuses {
        status.banner = Some(StringKey("draft.kept".to_owned()));
    }
    assert_eq!(with_banner.reply_note_key(&ticket(awaiting_reply())), Some("draft.kept"));
}

#[test]
fn a_refused_file_says_so_itself_and_its_message_does_not_repeat_it() {
    let file = |refused, bytes| Attachment { size: 200, refused, bytes, ..Attachment::default() };
    let reason = Reason { kind: ReasonKind::AttachmentTooLarge, server_message: None };
    let message = |attachments| Message {
        id: MessageId(1),
        author: None,
        mine: true,
        from_agent: false,
        author_photo: SmallPicture::None,
        body: "siehe Anhang".to_owned(),
        content: Body::default(),
        shortened: false,
        created_at: Timestamp(0),
        description: false,
        attachments,
        delivery: Delivery::NeedsUser(reason.clone()),
        can_retry: true,
        can_edit: true,
        can_discard: true,
    };
    let refused = file(Some(ReasonKind::AttachmentTooLarge), FileState::Waiting);
    assert_eq!((refused.refused_key(), refused.percent()), (Some("file.refused.too_large"), None));
    let told = message(vec![file(None, FileState::Waiting), refused]);
    assert_eq!((told.reason_key(), told.delivery.retry_key()), (None, "button.retry"));
    let other = message(vec![file(None, FileState::Sending(199))]);
    assert_eq!(other.reason_key(), Some("reason.attachment_too_large"));
    assert_eq!(other.attachments[0].percent(), Some(99));
    assert_eq!(file(None, FileState::Downloading(7)).percent(), Some(3));
    let restored = Reason { kind: ReasonKind::Restored, server_message: None };
    assert_eq!(Delivery::NeedsUser(restored).retry_key(), "reply.send", "it was never tried on this device");
    let maybe = Message { delivery: Delivery::MayHaveBeenSent, ..told };
    assert_eq!(maybe.discard_question_key(), "button.discard.maybe.question");
}
