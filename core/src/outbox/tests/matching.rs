//! Which comment is which message, however the server changed the texts.

use proptest::prelude::*;

use std::collections::BTreeMap;

use super::*;
use crate::model::{Attachment, CommentId, PersonId, RemoteComment, RemoteTicket, ServerStatus};

const ME: PersonId = PersonId(9_001);
const AGENT: PersonId = PersonId(77);

fn candidate(message: i64, body: &str, confirmed: bool) -> Candidate {
    Candidate {
        message: MessageId(message),
        operation: Some(OperationId(message)),
        description: false,
        confirmed,
        high_water_mark: 10,
        body: body.to_owned(),
        files: Vec::new(),
    }
}

fn comment(id: i64, author: PersonId, body: &str) -> RemoteComment {
    RemoteComment {
        id: CommentId(id),
        author: Some(author),
        body: body.to_owned(),
        structure: None,
        forms: Vec::new(),
        created_at: Timestamp(NOW.0 + id * 1_000),
        attachments: Vec::new(),
        shortened: false,
        channel: None,
    }
}

fn file(name: &str, content_type: &str, size: u64) -> Attachment {
    Attachment { name: name.to_owned(), content_type: content_type.to_owned(), size, ..Attachment::default() }
}

/// Matches all comments that may be one of the candidates, as the store does.
fn matches(candidates: &[Candidate], comments: &[RemoteComment], complete: bool) -> Vec<(i64, Match)> {
    let may_be = |(index, comment): &(usize, &RemoteComment)| {
        candidates.iter().any(|candidate| candidate.may_be(*index, comment, ME))
    };
    let ours: Vec<usize> = comments.iter().enumerate().filter(may_be).map(|(index, _)| index).collect();
    let decided = match_comments(candidates, comments, &ours, ME, complete);
    ours.into_iter().zip(decided).map(|(index, decided)| (comments[index].id.0, decided)).collect()
}

#[test]
fn a_lost_answer_is_found_in_every_form_the_server_gives() {
    let ours = [candidate(1, "**Bitte** prüfen 🎉", false)];
    let mut theirs = comment(11, ME, "<nicht lesbar>");
    theirs.forms = vec!["Bitte prüfen".to_owned()];
    assert_eq!(matches(&ours, &[theirs], false), [(11, Match::Ours(0))]);
}

#[test]
fn two_equal_long_texts_that_the_server_cut_are_both_found() {
    let long = "Die Auszahlung für März fehlt noch. ".repeat(50);
    let cut: String = long.chars().take(1_200).collect();
    let ours = [candidate(1, &long, true), candidate(2, &long, true)];
    let theirs = [comment(11, ME, &cut), comment(12, ME, &cut)];
    assert_eq!(matches(&ours, &theirs, true), [(11, Match::Ours(0)), (12, Match::Ours(1))]);
    assert_eq!(matches(&ours, &theirs[..1], true), [(11, Match::Ours(0))]);
    assert_eq!(matches(&ours[..1], &theirs, true), [(11, Match::Elsewhere), (12, Match::Elsewhere)], "either");
}

#[test]
fn texts_that_repeat_keep_their_order_although_the_server_changed_some_of_them() {
    let (plain, marked) = ("שלום, bitte um Antwort", "Vorgang A & B: `wert < 5`");
    let escaped = "Vorgang A &amp; B: `wert &lt; 5`";
    for texts in [[marked, plain, marked, plain], [plain, marked, plain, marked], [marked, marked, plain, marked]] {
        let ours: Vec<_> = (1..).zip(texts).map(|(message, text)| candidate(message, text, true)).collect();
        let stored = |text: &str| if text == marked { escaped.to_owned() } else { text.to_owned() };
        let theirs: Vec<_> = (11..).zip(texts).map(|(id, text)| comment(id, ME, &stored(text))).collect();
        let expected: Vec<_> = (11..).zip((0..4).map(Match::Ours)).collect();
        assert_eq!(matches(&ours, &theirs, true), expected, "{texts:?}");
        // A read that is not complete yet has the beginning.
        assert_eq!(matches(&ours, &theirs[..2], false), expected[..2], "{texts:?}");
    }
}

#[test]
fn a_file_that_the_server_renamed_is_the_same_file() {
    let mut ours = candidate(1, "siehe Anlagen", false);
    ours.files = vec![file("Beleg März.pdf", "application/pdf", 4_711), file("Foto.jpg", "image/jpeg", 99)];
    let mut theirs = comment(11, ME, "siehe Anlagen");
    theirs.attachments =
        vec![file("image001.jpg", "image/jpeg", 99), file("Beleg_Marz.pdf", "application/octet-stream", 4_711)];
    assert_eq!(matches(&[ours.clone()], &[theirs.clone()], false), [(11, Match::Ours(0))]);
    theirs.attachments.pop();
    assert_eq!(matches(&[ours], &[theirs], false), [(11, Match::Elsewhere)], "another number of files");
}

#[test]
fn of_two_equal_texts_each_takes_the_comment_with_its_own_files() {
    let (mut first, mut second) = (candidate(1, "siehe Anlage", true), candidate(2, "siehe Anlage", false));
    (first.files, second.files) =
        (vec![file("a.pdf", "application/pdf", 1)], vec![file("b.pdf", "application/pdf", 2)]);
    let mut theirs = comment(12, ME, "siehe Anlage");
    theirs.attachments = vec![file("b.pdf", "application/pdf", 2)];
    assert_eq!(matches(&[first, second], &[theirs], false), [(12, Match::Ours(1))]);
}

#[test]
fn an_answer_by_mail_is_not_taken_for_an_attempt_that_never_arrived() {
    let ours = [candidate(1, "Das Geld ist da, danke!", false)];
    let by_mail = comment(11, ME, "Können Sie bitte noch einmal nachsehen?");
    for complete in [false, true] {
        assert_eq!(matches(&ours, std::slice::from_ref(&by_mail), complete), [(11, Match::Elsewhere)]);
    }
}

#[test]
fn if_several_comments_are_similar_nobody_guesses() {
    let ours = [candidate(1, "eins zwei drei vier fünf", false)];
    let similar = [comment(11, ME, "eins zwei drei vier SECHS"), comment(12, ME, "eins zwei drei vier SIEBEN")];
    assert_eq!(matches(&ours, &similar, true), [(11, Match::Elsewhere), (12, Match::Elsewhere)]);
    assert_eq!(matches(&ours, &similar[..1], true), [(11, Match::Ours(0))], "a single one is it");
    let two = [candidate(1, "eins zwei drei vier fünf", false), candidate(2, "eins zwei drei vier FÜNF", false)];
    assert_eq!(matches(&two, &similar[..1], true), [(11, Match::Elsewhere)], "it could be either");
}

#[test]
fn a_confirmed_message_is_recognised_in_a_text_that_contains_it() {
    let ours = [candidate(1, "Hallo, wie geht es weiter?", true)];
    let with_footer =
        comment(11, ME, "Hallo, wie geht es weiter?\n\n-- \nGesendet über das Kundenportal von Reisen & Mehr");
    let alone = std::slice::from_ref(&with_footer);
    assert_eq!(matches(&ours, alone, false), [(11, Match::Later)], "the read may be too early");
    assert_eq!(matches(&ours, alone, true), [(11, Match::Ours(0))]);
    let ambiguous = [candidate(1, "Hallo, wie geht es weiter?", false)];
    assert_eq!(matches(&ambiguous, alone, true), [(11, Match::Elsewhere)], "it may be an answer that quotes it");
}

#[test]
fn a_confirmed_message_is_not_overwritten_by_another_text() {
    let ours = [candidate(1, "Hallo", true)];
    let by_mail = comment(11, ME, "Und noch etwas per Mail.");
    for complete in [false, true] {
        assert_eq!(matches(&ours, std::slice::from_ref(&by_mail), complete), [(11, Match::Elsewhere)]);
    }
}

#[test]
fn a_comment_of_an_agent_or_below_the_mark_is_never_ours() {
    let ours = [candidate(1, "Danke!", true)];
    let others = [comment(9, ME, "Danke!"), comment(11, AGENT, "Danke!")];
    assert_eq!(matches(&ours, &others, true), []);
}

fn new_ticket(ticket: i64, unanswered: bool) -> NewTicketCandidate {
    NewTicketCandidate {
        ticket: TicketId(ticket),
        operation: OperationId(ticket),
        reference: Some(format!("ref-{ticket}")),
        subject: "Auszahlung für März fehlt 🧾".to_owned(),
        body: "**Guten Tag**,\nsie fehlt.".to_owned(),
        high_water_mark: 600,
        files: Vec::new(),
        unanswered,
    }
}

fn remote_ticket() -> RemoteTicket {
    RemoteTicket {
        number: TicketNumber(700),
        subject: "Auszahlung f&uuml;r März fehlt".to_owned(),
        description: Some("Guten Tag, sie fehlt.".to_owned()),
        status: ServerStatus::Open,
        created_at: NOW,
        updated_at: NOW,
        nonsense_time: None,
        follows: None,
        custom_status: None,
        requester: Some(ME),
        issue_type: None,
        access: None,
        client_reference: None,
        read_through: None,
        can_solve: None,
        cc: Vec::new(),
        fields: BTreeMap::default(),
    }
}

#[test]
fn a_new_ticket_is_recognised_although_the_server_changed_its_text() {
    let theirs = remote_ticket();
    let both = [new_ticket(1, false), new_ticket(2, true)];
    assert_eq!(
        match_ticket(&both, &theirs, ME),
        Creation::Of(TicketId(2), OperationId(2)),
        "this one was sent from here"
    );
    let old = RemoteTicket { number: TicketNumber(600), ..theirs.clone() };
    assert_eq!(match_ticket(&both, &old, ME), Creation::Other);
    let named = RemoteTicket { client_reference: Some("ref-1".to_owned()), subject: "?".to_owned(), ..theirs.clone() };
    assert_eq!(match_ticket(&both, &named, ME), Creation::Of(TicketId(1), OperationId(1)), "the reference decides");
    let other = RemoteTicket { requester: Some(AGENT), ..theirs.clone() };
    assert_eq!(match_ticket(&both, &other, ME), Creation::Other);
    let unknown = RemoteTicket { requester: None, ..named };
    assert_eq!(
        match_ticket(&both, &unknown, ME),
        Creation::Of(TicketId(1), OperationId(1)),
        "the reference still decides"
    );
    let mut copies = [new_ticket(1, false), new_ticket(2, false)];
    copies[1].files = vec![file("a.pdf", "application/pdf", 1)];
    assert_eq!(match_ticket(&copies, &theirs, ME), Creation::Either);
}

#[test]
fn a_new_ticket_whose_long_text_the_server_cut_is_recognised_and_a_similar_one_is_not_taken_for_two() {
    let long = "Seit dem Update fehlen im Bericht alle Beträge über 1.000 €. ".repeat(40);
    let cut: String = long.chars().take(1_200).collect();
    let theirs = |text: &str| RemoteTicket { description: Some(text.to_owned()), ..remote_ticket() };
    let ours = |ticket, unanswered| NewTicketCandidate { body: long.clone(), ..new_ticket(ticket, unanswered) };
    assert_eq!(match_ticket(&[ours(1, true)], &theirs(&cut), ME), Creation::Of(TicketId(1), OperationId(1)));
    assert_eq!(match_ticket(&[ours(1, false)], &theirs(&cut), ME), Creation::Other, "nothing of it was sent from here");
    assert_eq!(
        match_ticket(&[ours(1, false), ours(2, true)], &theirs(&cut), ME),
        Creation::Of(TicketId(2), OperationId(2))
    );
    assert_eq!(match_ticket(&[ours(1, true), ours(2, true)], &theirs(&cut), ME), Creation::Other, "either");
    assert_eq!(match_ticket(&[ours(1, true)], &theirs("Hallo, es geht wieder."), ME), Creation::Other);
}

proptest! {
    /// Whatever is confirmed and shown in its order is found in its order, whichever of the texts the server stores changed.
    #[test]
    fn what_was_confirmed_is_found_in_its_order(
        texts in prop::collection::vec(prop::sample::select(vec!["Danke 🎉", "A & B", "wert < 5", "A & B < C"]), 1..8),
        escapes in prop::collection::vec(any::<bool>(), 4),
        shown in 1_usize..8,
        complete: bool,
    ) {
        let known = ["Danke 🎉", "A & B", "wert < 5", "A & B < C"];
        let stored = |text: &str| {
            let is_changed = known.iter().zip(&escapes).any(|(known, escapes)| *known == text && *escapes);
            if is_changed { text.replace('&', "&amp;").replace('<', "&lt;") } else { text.to_owned() }
        };
        let ours: Vec<Candidate> = (1..).zip(&texts).map(|(id, text)| candidate(id, text, true)).collect();
        let theirs: Vec<_> = (11..).zip(&texts).take(shown).map(|(id, text)| comment(id, ME, &stored(text))).collect();
        let expected: Vec<_> = (11..).zip((0..theirs.len()).map(Match::Ours)).collect();
        prop_assert_eq!(matches(&ours, &theirs, complete), expected);
    }

    /// Whatever was written, in whatever order it is shown: each comment and each message is taken at most once, never out
    /// of order among equal texts, and a message that the server shows unchanged is always found.
    #[test]
    fn each_is_taken_once_and_an_unchanged_text_is_found(
        texts in prop::collection::vec(prop::sample::select(vec!["ok", "Danke 🎉", "Danke", "*ok*", "eins zwei drei vier fünf", "شكرا"]), 1..4),
        arrived in prop::collection::vec(any::<bool>(), 4),
        elsewhere in prop::collection::vec((0_usize..4, prop::sample::select(vec!["ok", "per Mail", "Danke", ""])), 0..3),
        confirmed: bool,
        complete: bool,
    ) {
        let candidates: Vec<Candidate> = texts.iter().zip(1..).map(|(text, id)| candidate(id, text, confirmed)).collect();
        let mut comments = Vec::new();
        for (place, text) in texts.iter().enumerate() {
            comments.extend(elsewhere.iter().filter(|(before, _)| *before == place).map(|(_, text)| (*text, false)));
            if arrived[place] {
                comments.push((*text, true));
            }
        }
        let comments: Vec<RemoteComment> = comments.iter().zip(11..).map(|((text, _), id)| comment(id, ME, text)).collect();
        let decided = matches(&candidates, &comments, complete);
        let taken: Vec<usize> = decided.iter().filter_map(|(_, decided)| if let Match::Ours(place) = decided { Some(*place) } else { None }).collect();
        let distinct: std::collections::BTreeSet<_> = taken.iter().collect();
        prop_assert_eq!(distinct.len(), taken.len());
        for text in &texts {
            let candidates = candidates.iter().filter(|candidate| candidate.body == *text).count();
            let shown = comments.iter().filter(|comment| comment.body == *text).count();
            let equal = decided.iter().filter(|(id, decided)| {
                matches!(decided, Match::Ours(_)) && comments.iter().any(|comment| comment.id.0 == *id && comment.body == *text)
            });
            if !confirmed {
                prop_assert!(equal.count() >= candidates.min(shown), "{decided:?}");
            }
        }
    }
}
