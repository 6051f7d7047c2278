//! Finding: tickets by everything that stands in them, articles, and messages of a thread.

use std::collections::BTreeSet;

use crate::model::{FoundIn, SearchPage, Segment, StatusId};
use crate::query::{HistoryFilter, HistoryView, Question, Relation, Relations, telling_words};
use crate::store::search::found_in::CANDIDATES;
use crate::store::search::matches::{DOCUMENTS, OF_NUMBER};
use crate::store::search::order::beside_the_walk;
use crate::store::search::view::shown as shown_in;
use crate::store::tests::*;

fn search(store: &Store, text: &str) -> SearchPage {
    store.search(&HistoryQuery::of(HistoryView::WHOLE), text, None, 50).unwrap()
}

fn numbers(store: &Store, text: &str) -> Vec<i64> {
    search(store, text).hits.iter().map(|hit| hit.row.number.map_or(0, |number| number.0)).collect()
}

fn shown(segments: &[Segment]) -> String {
    segments.iter().map(|part| if part.hit { format!("[{}]", part.text) } else { part.text.clone() }).collect()
}

/// Tickets with these subjects, numbered from 501 on; later ones have newer activity.
fn with_subjects(fixture: &Fixture, subjects: &[&str]) -> Vec<TicketId> {
    let tickets: Vec<RemoteTicket> = (501..)
        .zip(subjects)
        .map(|(number, subject)| RemoteTicket { subject: (*subject).to_owned(), ..remote(number, number) })
        .collect();
    page(fixture, &tickets);
    let id = |ticket: &RemoteTicket| fixture.store.ticket_by_number(ticket.number).unwrap().unwrap();
    tickets.iter().map(id).collect()
}

#[test]
fn a_ticket_is_found_if_every_term_stands_somewhere_in_it() {
    let fixture = fixture();
    let ids = with_subjects(&fixture, &["Überweisung fehlt", "Rechnung für März 🧾", "签合同"]);
    fixture.read(ids[0], &[comment(1, ME, "Guten Tag"), comment(2, AGENT, "Die Zahlung vom März ist unterwegs.")]);
    let store = &fixture.store;
    assert_eq!(numbers(store, "uberweisung märz"), [501], "the subject and a comment");
    assert_eq!(numbers(store, "marz"), [502, 501], "the subject counts more");
    assert_eq!(numbers(store, "\"vom März\""), [501]);
    assert_eq!(numbers(store, "合同"), [503]);
    assert_eq!(numbers(store, "同"), [503]);
    assert!(numbers(store, "märz april ").is_empty() && numbers(store, "  ?! ").is_empty());
    let page = search(store, "marz");
    assert_eq!((page.count, page.count_is_capped, page.next, page.coverage), (2, false, None, None));
    assert_eq!(shown(&page.hits[0].title), "Rechnung für [März] 🧾");
    assert_eq!((&page.hits[0].found_in, page.hits[0].excerpt.len()), (&FoundIn::Subject, 0));
    let message = store.thread(ids[0], None, 10).unwrap().messages[1].id;
    assert_eq!(page.hits[1].found_in, FoundIn::Comment(message));
    assert_eq!(shown(&page.hits[1].excerpt), "Die Zahlung vom [März] ist unterwegs.");
    assert_eq!(shown(&search(store, "guten unterwegs").hits[0].excerpt), "Die Zahlung vom März ist [unterwegs].");
}

#[test]
fn a_number_finds_its_ticket_first() {
    let fixture = fixture();
    let ids = with_subjects(&fixture, &["Vorgang 77", "Siehe 501 und 502", "Drittes"]);
    let store = &fixture.store;
    assert_eq!(numbers(store, "501"), [501, 502]);
    assert_eq!(numbers(store, "#501"), [501, 502]);
    assert_eq!(search(store, "501").hits[0].found_in, FoundIn::Number);
    assert_eq!(numbers(store, "50"), [503, 502, 501], "a beginning");
    // What is left of a revoked ticket is in the history with its number.
    store.revoke(ids[2], silent(NOW)).unwrap();
    assert_eq!(numbers(store, "503"), [503]);
    assert!(numbers(store, "drittes").is_empty());
}

#[test]
fn what_was_not_sent_yet_is_found() {
    let fixture = fixture();
    let ticket = fixture.create(10);
    let store = &fixture.store;
    let subject = store.ticket(ticket).unwrap().row.subject;
    let hits = search(store, &subject).hits;
    assert_eq!(hits.iter().map(|hit| hit.row.id).collect::<Vec<_>>(), [ticket]);
    let known = fixture.known();
    let reply = fixture.reply(known, 20, "Der Beleg liegt bei 📎");
    let hits = search(store, "beleg").hits;
    assert_eq!(hits[0].found_in, FoundIn::Comment(reply));
    assert!(hits[0].row.unsent);
}

#[test]
fn a_subject_is_compared_with_the_newest_tickets_and_with_any_that_has_a_telling_word() {
    let fixture = fixture();
    let mut subjects = vec!["Auszahlung nach Zypern fehlt".to_owned()];
    subjects.extend((0..2_100).map(|number| format!("Frage {number} zum Konto")));
    let ids = with_subjects(&fixture, &subjects.iter().map(String::as_str).collect::<Vec<_>>());
    let like = |text: &str| fixture.store.own_subjects(&telling_words(text)).unwrap();
    let has = |text: &str| like(text).iter().any(|(ticket, _)| *ticket == ids[0]);
    assert!(has("zahlung nach ZYPERN") && !has("eine Frage zum Konto"));
    assert_eq!(like("qqq").len(), 2_000, "the newest are compared word by word");
    fixture.read(ids[0], &[comment(1, ME, "Bitte nach Malta überweisen")]);
    assert!(!has("Malta"), "a message is no subject");
    fixture.store.revoke(ids[0], silent(NOW)).unwrap();
    assert!(!has("Zypern"));
}

#[test]
fn pages_of_hits_continue_where_the_last_one_ended() {
    let fixture = fixture();
    let subjects: Vec<String> = (0..45).map(|number| format!("Auszahlung {}", number % 7)).collect();
    with_subjects(&fixture, &subjects.iter().map(String::as_str).collect::<Vec<_>>());
    let (mut after, mut seen) = (None, Vec::new());
    loop {
        let page =
            fixture.store.search(&HistoryQuery::of(HistoryView::WHOLE), "auszahlung", after.as_deref(), 4).unwrap();
        assert_eq!((page.count, page.count_is_capped), (45, false));
        seen.extend(page.hits.iter().filter_map(|hit| hit.row.number).map(|number| number.0));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, (501..546).rev().collect::<Vec<_>>());
    let wrong = fixture.store.search(&HistoryQuery::of(HistoryView::WHOLE), "auszahlung", Some("1.2"), 4);
    assert_eq!(wrong.err(), Some(StoreError::InvalidCursor));
}

#[test]
fn counting_ends_at_a_thousand() {
    let fixture = fixture();
    let fill = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1005)
                INSERT INTO tickets (number, subject, server_status, created_at, updated_at, last_activity, unsent)
                SELECT 1000 + i, 'Störung', 'open', i, i, i, 0 FROM n";
    fixture.store.write(Priority::Sync, |edit| Ok(edit.tx.execute_batch(fill)?)).unwrap();
    let page = search(&fixture.store, "störung");
    assert_eq!((page.count, page.count_is_capped, page.hits.len()), (1_000, true, 50));
}

#[test]
fn only_tickets_of_the_view_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let json = r#"{"schema":1,"id":"tested","version":1,"extends":"hub@1"}"#;
    let product = Arc::new(Product::from_json(json, crate::product::ServerKind::Zendesk).unwrap());
    let store = Store::open(folder.path(), "ada", "https://desk.example/", None, product, Arc::default()).unwrap();
    store.bind("https://desk.example/", ME, None).unwrap();
    let list = TicketList("own".to_owned());
    let of = |number: i64, requester| RemoteTicket { requester: Some(requester), ..remote(number, number) };
    let old = RemoteTicket { created_at: Timestamp(1_500_000_000_000), ..of(503, ME) };
    let tickets = [of(501, ME), of(502, PersonId(5)), old];
    store.apply_page(&PulledPage { list: &list, tickets: &tickets, step: PageStep::Incremental, seen: SEEN }).unwrap();
    let found = |relations: Relations, text: &str| -> Vec<i64> {
        let view = HistoryView { relations, unsent: relations };
        let page = store.search(&HistoryQuery::of(view), text, None, 50).unwrap();
        page.hits.iter().filter_map(|hit| hit.row.number).map(|number| number.0).collect()
    };
    let own = Relations::of(|relation| relation == Relation::Own);
    assert_eq!(found(own, "märz"), [501], "an older one is not shown");
    assert_eq!(found(Relations::ALL, "märz"), [502, 501]);
    assert!(found(own, "502").is_empty(), "not by its number either");
    while store.rebuild_step().unwrap() {}
    assert_eq!(found(own, "märz"), [501]);
    assert_eq!(found(Relations::ALL, "märz"), [502, 501]);
    let of_status = |id: &str| {
        let filter = HistoryFilter { statuses: [StatusId(id.to_owned())].into(), ..HistoryFilter::default() };
        let among = HistoryQuery { filter, ..HistoryQuery::of(HistoryView::WHOLE) };
        store.search(&among, "märz", None, 50).unwrap().count
    };
    assert_eq!((of_status("open"), of_status("closed")), (2, 0), "a filter holds as well");
}

#[test]
fn while_the_index_is_made_a_search_says_how_much_it_covers() {
    let fixture = fixture();
    let subjects: Vec<String> = (0..150).map(|number| format!("Auszahlung {number}")).collect();
    with_subjects(&fixture, &subjects.iter().map(String::as_str).collect::<Vec<_>>());
    let sql = "UPDATE search_rules SET fold_version = 0";
    fixture.store.write(Priority::Sync, |edit| Ok(edit.tx.execute(sql, [])?)).unwrap();
    fixture.store.close();
    let store = open_in(fixture.folder.path(), "ada", "https://desk.example/").unwrap();
    let mut covered = Vec::new();
    loop {
        let page = search(&store, "auszahlung");
        assert_eq!(page.count == 150, page.coverage.is_none(), "{page:?}");
        covered.extend(page.coverage.map(|coverage| (coverage.tickets, coverage.of)));
        assert_eq!(numbers(&store, "#520"), [520], "a number is found meanwhile");
        if !store.rebuild_step().unwrap() {
            break;
        }
    }
    assert_eq!(search(&store, "auszahlung").coverage, None);
    assert_eq!(covered[0], (0, 150));
    assert!(covered.len() > 2 && covered.is_sorted(), "{covered:?}");
}

#[test]
fn the_messages_of_a_thread_are_found_in_its_order() {
    let fixture = fixture();
    let ticket = fixture.known();
    let comments = [comment(1, ME, "Guten Tag"), comment(2, AGENT, "Der Tag ist fest"), comment(3, AGENT, "👩‍👩‍👧 Nein")];
    fixture.read(ticket, &comments);
    let reply = fixture.reply(ticket, 9, "Guter Tag!");
    let found = fixture.store.find_in_thread(ticket, "tag nein").unwrap();
    let texts: Vec<String> = found.iter().map(|hit| shown(&hit.text)).collect();
    assert_eq!(texts, ["Guten [Tag]", "Der [Tag] ist fest", "👩‍👩‍👧 [Nein]", "Guter [Tag]!"]);
    assert_eq!(found[3].message, reply);
    assert!(fixture.store.find_in_thread(ticket, "").unwrap().is_empty());
}

#[test]
fn articles_with_everything_in_their_title_come_first() {
    let fixture = fixture();
    let fill = "INSERT INTO articles (id, section, title, body, pictures, shortened, locale, source_locale, updated_at, edited_at,
                                      outdated, promoted, position, number)
                VALUES (1, 1, 'IBAN ändern', 'So geht es.', '[]', 0, 'de', 'de', 1, 1, 0, 0, 0, 1),
                       (2, 1, 'Konto', 'Die IBAN lässt sich im Profil ändern.', '[]', 0, 'de', 'de', 1, 2, 0, 0, 0, 1),
                       (3, 1, 'Profil', 'Ihr Bild.', '[]', 0, 'de', 'de', 1, 3, 0, 0, 0, 1)";
    fixture.store.write(Priority::Sync, |edit| Ok(edit.tx.execute_batch(fill)?)).unwrap();
    let found = fixture.store.search_articles("iban andern", 10).unwrap();
    let shown: Vec<(i64, String, String)> =
        found.iter().map(|hit| (hit.row.id.0, shown(&hit.marked_title), shown(&hit.excerpt))).collect();
    assert_eq!(shown[0], (1, "[IBAN] [ändern]".to_owned(), "So geht es.".to_owned()));
    assert_eq!(shown[1], (2, "Konto".to_owned(), "Die [IBAN] lässt sich im Profil [ändern].".to_owned()));
    assert_eq!(shown.len(), 2);
    assert_eq!(fixture.store.search_articles("profil", 1).unwrap().len(), 1);
}

#[test]
fn no_search_reads_every_ticket_or_message() {
    let fixture = fixture();
    fixture.known();
    let mut plans = 0;
    for view in [HistoryView::WHOLE, HistoryView::UNSENT] {
        let shown = fixture.store.read(|db| shown_in(db, &fixture.store.product, &HistoryQuery::of(view))).unwrap();
        let (look_up, walk, beside) = (shown.look_up(), shown.walk(), beside_the_walk());
        let where_found = "SELECT text FROM search_texts WHERE ticket = ?1 AND message IS NULL AND field = ?2";
        for sql in [DOCUMENTS, OF_NUMBER, CANDIDATES, &look_up, &walk, &beside, where_found] {
            let steps = steps(&fixture.store, sql);
            plans += steps.len();
            let scans = ["t", "n", "d", "m", "v", "o", "s", "e", "tickets", "messages"];
            let is_scan = |step: &String| {
                let table = step.strip_prefix("SCAN ").and_then(|rest| rest.split(' ').next());
                // What was sent leaves the outbox, so it is small.
                let is_outbox = table == Some("o") && *sql == beside;
                table.is_some_and(|table| scans.contains(&table)) && !is_outbox
                    || step.contains("TEMP B-TREE") && *sql == walk
            };
            assert_eq!(steps.iter().find(|step| is_scan(step)), None, "in {sql}");
        }
    }
    assert!(plans > 20, "{plans}");
}

/// The steps of a query as SQLite plans it.
fn steps(store: &Store, sql: &str) -> Vec<String> {
    store
        .read(|db| {
            let mut statement = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
            let mut rows = statement.raw_query();
            let mut steps = Vec::new();
            while let Some(row) = rows.next()? {
                steps.push(row.get(3)?);
            }
            Ok(steps)
        })
        .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    /// Whatever is searched for, the index finds what reading every text would find.
    #[test]
    fn a_search_finds_what_reading_everything_finds(
        texts in prop::collection::vec(prop::collection::vec(words(), 1..4), 1..6),
        questions in prop::collection::vec(words(), 1..6),
        changed in words(),
    ) {
        let fixture = fixture();
        let subjects: Vec<&str> = texts.iter().map(|texts| texts[0].as_str()).collect();
        let ids = with_subjects(&fixture, &subjects);
        for (id, bodies) in ids.iter().zip(&texts) {
            let comments: Vec<RemoteComment> = (1..).zip(bodies).map(|(number, body)| comment(id.0 * 10 + number, AGENT, body)).collect();
            fixture.read(*id, &comments);
        }
        let sql = "UPDATE messages SET body = ?1 WHERE id % 3 = 0";
        fixture.store.write(Priority::Sync, |edit| Ok(edit.tx.execute(sql, [&changed])?)).unwrap();
        prop_assert_eq!(fixture.store.check_search(), Ok(0));
        for typed in &questions {
            let question = Question::of(typed);
            let expected: BTreeSet<TicketId> = if question.is_empty() { BTreeSet::new() } else { ids.iter().copied().filter(|id| {
                let ticket = fixture.store.ticket(*id).unwrap().row;
                let number = ticket.number.map_or(0, |number| number.0);
                let messages = fixture.store.thread(*id, None, 50).unwrap().messages;
                let all: Vec<String> = [format!("{} {number}", ticket.subject)].into_iter().chain(messages.into_iter().map(|message| message.body)).collect();
                question.number == Some(number) || question.terms.iter().all(|term| all.iter().any(|text| term.is_in(&crate::query::tokens(text))))
            }).collect() };
            let page = search(&fixture.store, typed);
            let found: BTreeSet<TicketId> = page.hits.iter().map(|hit| hit.row.id).collect();
            prop_assert_eq!(found, expected, "{}", typed);
            for hit in page.hits {
                let is_shown = hit.title.iter().chain(&hit.excerpt).any(|part| part.hit) || hit.found_in == FoundIn::Number;
                // A row shows its number anyway.
                let of_row = format!("{} {}", hit.row.subject, hit.row.number.map_or(0, |number| number.0));
                prop_assert!(is_shown || question.terms_in(&of_row) > 0, "{} shows nothing", typed);
            }
        }
    }
}

/// Words of few letters, so that texts have some in common.
fn words() -> impl Strategy<Value = String> {
    let word = prop_oneof!["[abü]{1,2}", "[合同契約]{1,3}", "50[1-3]", Just("\"".to_owned()), "[.#+-]"];
    prop::collection::vec(word, 0..5).prop_map(|words| words.join(" ").replace(" .", "."))
}
