//! A transaction that writes adds its new texts to the index when it commits, and the texts that another program has noted.

use crate::query::HistoryView;
use crate::store::reconcile::comments::Slices;
use crate::store::room::decide::NEW_TEXT;
use crate::store::tests::*;

fn found(store: &Store, word: &str) -> Vec<TicketId> {
    let hits = store.search(&HistoryQuery::of(HistoryView::WHOLE), word, None, 50).unwrap().hits;
    hits.iter().map(|hit| hit.row.id).collect()
}

fn count(store: &Store, sql: &str) -> i64 {
    store.read(|db| Ok(db.query_row(sql, [], |row| row.get(0))?)).unwrap()
}

/// Writes a message as nobody of the store does.
const WRITTEN: &str = "INSERT INTO messages (ticket, mine, body, created_at, unsent)
                       SELECT min(id), 0, 'Die Überweisung kam an', 1, 0 FROM tickets";

#[test]
fn what_was_taken_back_in_the_transaction_that_wrote_it_never_was_in_the_index() {
    let fixture = fixture();
    fixture.known();
    let sql = "INSERT INTO messages (ticket, mine, body, created_at, unsent)
               SELECT tickets.id, 0, 'Anschrift: ' || n.value, 1, 0 FROM tickets, json_each('[\"Erlenweg\", \"Birkenpfad\", \"Tannenhof\"]') n;
               UPDATE messages SET body = 'entfernt' WHERE body LIKE '%Birkenpfad';
               DELETE FROM messages WHERE body LIKE '%Tannenhof'";
    fixture.store.write(Priority::Sync, |edit| Ok(edit.tx.execute_batch(sql)?)).unwrap();
    assert_eq!((found(&fixture.store, "entfernt").len(), found(&fixture.store, "erlenweg").len()), (1, 1));
    // A token may stand behind the beginning that it shares with the one before.
    assert!(fixture.has_on_disk("Erlenweg") && fixture.has_on_disk("rlenweg"), "what stayed, and its token");
    for gone in ["irkenpfad", "annenhof"] {
        assert!(!fixture.has_on_disk(gone), "{gone}");
    }
    assert_eq!(fixture.store.check_search(), Ok(0));
}

#[test]
fn a_write_that_fails_leaves_nothing_noted() {
    let fixture = fixture();
    let ticket = fixture.known();
    let failed: Result<(), StoreError> = fixture.store.write(Priority::User, |edit| {
        edit.tx.execute(WRITTEN, [])?;
        Err(StoreError::NoSuchTicket)
    });
    assert!(failed.is_err() && count(&fixture.store, "SELECT count(*) FROM new_documents") == 0);
    fixture.reply(ticket, 7, "Der Beleg folgt");
    assert!(found(&fixture.store, "uberweisung").is_empty() && fixture.store.check_search() == Ok(0));
}

#[test]
fn what_another_program_wrote_is_found_from_the_next_write_on() {
    let fixture = fixture();
    let ticket = fixture.known();
    fixture.store.close();
    let file = file_of(fixture.folder.path(), "ada");
    // It does not have our functions, and does not need them for a new text.
    assert_eq!(Connection::open(&file).unwrap().execute(WRITTEN, []), Ok(1));
    let store = open_in(fixture.folder.path(), "ada", "https://desk.example/").unwrap();
    assert_eq!(store.check_search(), Ok(2), "it is noted, and it is missing");
    store.write(Priority::Sync, |_| Ok(())).unwrap();
    assert_eq!((found(&store, "Überweisung"), store.check_search()), (vec![ticket], Ok(0)));
}

#[test]
fn a_new_text_that_meets_a_damaged_index_is_stored_when_the_call_is_repeated() {
    let fixture = fixture();
    let ticket = fixture.known();
    let damage = "UPDATE search_words_data SET block = x'00000000FFFFFFFF7F'";
    fixture.store.write(Priority::Sync, |edit| Ok(edit.tx.execute(damage, [])?)).unwrap();
    fixture.store.close();
    let store = open_in(fixture.folder.path(), "ada", "https://desk.example/").unwrap();
    let write = || store.write(Priority::User, |edit| Ok(edit.tx.execute(WRITTEN, [])?));
    assert_eq!(write(), Err(StoreError::Corrupt));
    assert_eq!(write(), Ok(1));
    assert_eq!(count(&store, "SELECT count(*) FROM messages WHERE body LIKE '%kam an'"), 1);
    assert_eq!(store.recovered().unwrap(), None, "the file was not replaced");
    while store.rebuild_step().unwrap() {}
    assert_eq!((found(&store, "Überweisung"), store.check_search()), (vec![ticket], Ok(0)));
}

#[test]
fn a_transaction_of_sync_ends_when_it_has_much_text_for_the_index() {
    let fixture = fixture();
    let ticket = fixture.known();
    let text = |id: i64| format!("Zeile {id} {}", "ausführliches Protokoll ".repeat(800));
    let comments: Vec<RemoteComment> =
        [comment(1, ME, "Guten Tag")].into_iter().chain((2..40).map(|id| comment(id, AGENT, &text(id)))).collect();
    let of = fixture.store.thread_due(ticket).unwrap().unwrap().of;
    let read = ReadThread { ticket, of, comments: &comments, people: &[], seen: SEEN };
    let (mut slices, mut texts) = (Slices::of(&read), vec![0]);
    loop {
        let is_last = fixture.store.apply_slice(&mut slices).unwrap();
        texts.push(count(&fixture.store, "SELECT sum(length(CAST(body AS BLOB))) FROM messages"));
        assert_eq!(fixture.store.check_search(), Ok(0));
        if is_last {
            break;
        }
    }
    let most = i64::try_from(NEW_TEXT + text(10).len()).unwrap();
    assert!(texts.windows(2).all(|pair| pair[1] - pair[0] <= most), "{texts:?}");
    assert!(texts.len() > 10 && found(&fixture.store, "Protokoll") == [ticket]);
}

#[test]
fn a_reply_is_found_as_soon_as_it_is_written() {
    let fixture = fixture();
    let ticket = fixture.known();
    fixture.reply(ticket, 7, "Nachtrag: der Beleg folgt 🧾");
    assert_eq!(found(&fixture.store, "beleg"), [ticket]);
    assert_eq!(count(&fixture.store, "SELECT count(*) FROM new_documents"), 0);
}
