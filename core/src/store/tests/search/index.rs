//! The index of searches: it follows every text, leaves nothing in the file, and is made anew where it is missing or damaged.

use rusqlite::params;

use crate::model::FieldValue;
use crate::store::tests::*;

/// The tickets in which the index has a word.
fn found(store: &Store, word: &str) -> Vec<i64> {
    let sql = "SELECT DISTINCT d.ticket FROM search_words w JOIN search_documents d ON d.id = w.rowid WHERE search_words MATCH ?1 ORDER BY 1";
    store
        .read(|db| {
            let mut statement = db.prepare(sql)?;
            let rows = statement.query_map([format!("\"{word}\"")], |row| row.get(0))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .unwrap()
}

fn articles(store: &Store, word: &str) -> i64 {
    let sql = "SELECT count(*) FROM article_words WHERE article_words MATCH ?1";
    store.read(|db| Ok(db.query_row(sql, [format!("\"{word}\"")], |row| row.get(0))?)).unwrap()
}

fn execute(store: &Store, sql: &str) {
    store.write(Priority::Sync, |edit| Ok(edit.tx.execute_batch(sql)?)).unwrap();
}

fn is_right(store: &Store) -> bool {
    store.check_search().unwrap() == 0
}

fn rebuild(store: &Store) {
    while store.rebuild_step().unwrap() {}
}

fn reopen(fixture: &Fixture) -> Store {
    fixture.store.close();
    open_in(fixture.folder.path(), "ada", "https://desk.example/").unwrap()
}

/// Stops using the index, as another version does that folds otherwise.
const OTHER_VERSION: &str = "UPDATE search_rules SET fold_version = 0";

#[test]
fn every_text_is_found_as_soon_as_it_is_written_and_no_longer_than_it_stands_there() {
    let fixture = fixture();
    let ticket = fixture.known();
    let store = &fixture.store;
    assert_eq!(found(store, "marz"), [ticket.0], "the subject");
    assert_eq!(found(store, "500"), [ticket.0], "the number");
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), comment(2, AGENT, "Wir prüfen die Überweisung 契約")]);
    assert_eq!(found(store, "uberweisung"), [ticket.0]);
    assert_eq!(found(store, "契約"), [ticket.0]);
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), comment(2, AGENT, "Wir prüfen die Zahlung")]);
    assert!(found(store, "uberweisung").is_empty() && found(store, "契約").is_empty());
    assert_eq!(found(store, "zahlung"), [ticket.0]);
    let reply = fixture.reply(ticket, 7, "Nachtrag: Beleg folgt");
    assert_eq!(found(store, "beleg"), [ticket.0], "what was not sent yet");
    store.discard(reply, &DraftId("neu".to_owned())).unwrap();
    store.discard_draft(&DraftId("neu".to_owned())).ok();
    assert!(found(store, "beleg").is_empty());
    page(&fixture, &[RemoteTicket { subject: "Gutschrift".to_owned(), ..remote(500, 20) }]);
    assert!(found(store, "marz").is_empty() && found(store, "gutschrift") == [ticket.0]);
    assert!(is_right(store));
    execute(store, "DELETE FROM tickets");
    assert!(found(store, "gutschrift").is_empty() && found(store, "zahlung").is_empty());
    let left: i64 =
        store.read(|db| Ok(db.query_row("SELECT count(*) FROM search_documents", [], |row| row.get(0))?)).unwrap();
    assert_eq!(left, 0);
    assert!(is_right(store));
}

#[test]
fn an_unchanged_text_costs_the_index_nothing() {
    let fixture = fixture();
    let ticket = fixture.known();
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), comment(2, AGENT, "Wir prüfen das")]);
    let blocks = || {
        let sql = "SELECT sum(id), sum(length(block)), count(*) FROM search_words_data";
        let row = |db: &Connection| Ok(db.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?);
        fixture.store.read(row).unwrap()
    };
    let before: (i64, i64, i64) = blocks();
    execute(
        &fixture.store,
        "UPDATE messages SET body = body, created_at = created_at + 1; UPDATE tickets SET subject = subject, updated_at = 7",
    );
    assert_eq!(blocks(), before);
    execute(&fixture.store, "UPDATE messages SET body = body || '!!'");
    assert_ne!(blocks(), before);
    assert!(is_right(&fixture.store));
}

#[test]
fn a_field_that_the_history_shows_is_found_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let json = r#"{"schema":1,"id":"tested","version":1,"extends":"hub@1"}"#;
    let product = Arc::new(Product::from_json(json, crate::product::ServerKind::Zendesk).unwrap());
    let store = Store::open(folder.path(), "ada", "https://desk.example/", None, product, Arc::default()).unwrap();
    let list = TicketList("own".to_owned());
    let with = |id: &str, minutes| {
        let text = |text: &str| FieldValue::Text(text.to_owned());
        let fields = [("escalation_id", text(id)), ("escalation_text", text("Geheimer Bericht"))];
        RemoteTicket { fields: fields.map(|(field, value)| (field.to_owned(), value)).into(), ..remote(500, minutes) }
    };
    let apply = |tickets: &[RemoteTicket]| {
        store.apply_page(&PulledPage { list: &list, tickets, step: PageStep::Incremental, seen: SEEN }).unwrap();
    };
    apply(&[with("CP-1042", 10)]);
    assert_eq!(found(&store, "cp 1042").len(), 1);
    assert!(found(&store, "bericht").is_empty());
    apply(&[with("CP-1043", 20)]);
    assert!(found(&store, "1042").is_empty() && found(&store, "1043").len() == 1 && is_right(&store));
    let ticket = TicketId(found(&store, "1043")[0]);
    store.revoke(ticket, silent(NOW)).unwrap();
    assert!(found(&store, "1043").is_empty() && found(&store, "500").is_empty() && is_right(&store));
    store.close();
    // A definition that shows no such column searches no such field.
    let store = open_in(folder.path(), "ada", "https://desk.example/").unwrap();
    assert_eq!(store.check_search(), Ok(0));
    assert!(store.rebuild_step().unwrap());
    rebuild(&store);
    assert!(found(&store, "1043").is_empty() && is_right(&store));
}

#[test]
fn what_was_revoked_leaves_neither_a_word_nor_its_token_in_any_file() {
    let fixture = fixture();
    let ticket = fixture.known();
    let word = |number: usize| {
        format!("{}qx{number}Kontoauszug{}", char::from(b'a' + u8::try_from(number % 26).unwrap()), number * 7)
    };
    let text = |from: usize| (from..from + 40).map(word).collect::<Vec<_>>().join(" ");
    let comments = |of: i64| -> Vec<RemoteComment> {
        let bodies = (0..30)
            .map(|number| comment(of * 100 + number, AGENT, &text(usize::try_from(of * 3_000 + number * 40).unwrap())));
        [comment(of * 100 - 1, ME, "Guten Tag")].into_iter().chain(bodies).collect()
    };
    fixture.read(ticket, &comments(1));
    page(&fixture, &[remote(501, 11)]);
    let other = fixture.store.ticket_by_number(TicketNumber(501)).unwrap().unwrap();
    fixture.read(other, &comments(2));
    let kept = word(2 * 3_000).to_lowercase();
    let gone: Vec<String> = (0..30 * 40).map(|number| word(3_000 + number)).collect();
    assert!(fixture.has_on_disk(&gone[0]) && fixture.has_on_disk(&gone[0].to_lowercase()), "the text and its token");
    fixture.store.revoke(ticket, silent(NOW)).unwrap();
    while fixture.store.secure_delete_step().unwrap() {}
    // A token may stand behind the beginning that it shares with the one before.
    let ends: Vec<String> = gone.iter().flat_map(|word| [word[1..].to_owned(), word[1..].to_lowercase()]).collect();
    let folder = file_of(fixture.folder.path(), "ada").parent().unwrap().to_owned();
    for file in fs::read_dir(folder).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        // Every word has these two letters, and no other text has them.
        for at in memchr::memmem::find_iter(&bytes, "qx") {
            let rest = &bytes[at..];
            let left = ends.iter().find(|end| rest.starts_with(end.as_bytes()));
            assert_eq!(left, None, "a word or its token is still there");
        }
    }
    assert!(fixture.has_on_disk(&kept) && found(&fixture.store, &kept) == [other.0]);
    assert!(is_right(&fixture.store));
}

#[test]
fn a_ticket_that_can_be_seen_again_is_found_again() {
    let fixture = fixture();
    let ticket = fixture.known();
    fixture.reply(ticket, 7, "Noch nicht gesendet");
    execute(&fixture.store, "UPDATE tickets SET visible = 0");
    assert!(found(&fixture.store, "gesendet").is_empty() && found(&fixture.store, "marz").is_empty());
    let written = format!(
        "INSERT INTO messages (ticket, mine, body, created_at, unsent) VALUES ({}, 1, 'Und noch etwas', 1, 9)",
        ticket.0
    );
    execute(&fixture.store, &written);
    assert!(found(&fixture.store, "etwas").is_empty() && is_right(&fixture.store));
    execute(&fixture.store, "UPDATE tickets SET visible = 1");
    assert_eq!(found(&fixture.store, "gesendet"), [ticket.0]);
    assert_eq!(found(&fixture.store, "etwas"), [ticket.0]);
    assert!(found(&fixture.store, "marz") == [ticket.0] && is_right(&fixture.store));
}

#[test]
fn an_index_of_another_version_is_made_anew_in_steps_while_texts_change() {
    let fixture = fixture();
    let ticket = fixture.known();
    let many: Vec<RemoteTicket> = (600..800).map(|number| remote(number, 11)).collect();
    page(&fixture, &many);
    execute(&fixture.store, OTHER_VERSION);
    let store = reopen(&fixture);
    assert!(is_right(&store), "it is not used");
    // Without rules nothing is changed in it: neither added nor removed.
    store
        .write(Priority::Sync, |edit| {
            Ok(edit.tx.execute("UPDATE tickets SET subject = 'Anders' WHERE number = 650", [])?)
        })
        .unwrap();
    assert!(found(&store, "anders").is_empty());
    let mut steps = 0;
    while store.rebuild_step().unwrap() {
        steps += 1;
        assert!(is_right(&store), "after step {steps}");
        execute(&store, &format!("UPDATE tickets SET subject = 'Schritt {steps}' WHERE number IN (600, 699);
                                  UPDATE messages SET body = 'Text {steps}' WHERE ticket IN ({}, (SELECT id FROM tickets WHERE number = 699))", ticket.0));
        if steps == 2 {
            execute(&store, "DELETE FROM tickets WHERE number IN (601, 698)");
        }
        assert!(is_right(&store), "after step {steps} and a change");
    }
    assert!(steps > 3, "{steps}");
    assert!(is_right(&store));
    assert_eq!(found(&store, "schritt").len(), 2);
    assert_eq!(found(&store, "anders").len(), 1);
    store.close();
    let store = open_in(fixture.folder.path(), "ada", "https://desk.example/").unwrap();
    assert!(!store.rebuild_step().unwrap(), "the same version begins nothing anew");
}

#[test]
fn a_long_thread_is_added_in_several_steps() {
    let fixture = fixture();
    let ticket = fixture.known();
    let comments: Vec<RemoteComment> =
        (1..=300).map(|id| comment(id, AGENT, &format!("Zeile {id} über {}", "viel Text ".repeat(200)))).collect();
    fixture.read(ticket, &comments);
    execute(&fixture.store, OTHER_VERSION);
    let store = reopen(&fixture);
    let documents = || -> i64 {
        store.read(|db| Ok(db.query_row("SELECT count(*) FROM search_documents", [], |row| row.get(0))?)).unwrap()
    };
    assert!(store.rebuild_step().unwrap());
    assert_eq!(documents(), 0, "the first step empties it");
    assert!(store.rebuild_step().unwrap());
    let first = documents();
    assert!(first > 5 && first < 65, "{first}");
    rebuild(&store);
    assert_eq!(documents(), 301);
    assert!(is_right(&store));
}

#[test]
fn a_damaged_index_is_made_anew_and_costs_nothing_else() {
    let fixture = fixture();
    let ticket = fixture.known();
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), comment(2, AGENT, "Wir prüfen das")]);
    execute(&fixture.store, "UPDATE search_words_data SET block = zeroblob(length(block))");
    // Another connection reads what the writer may still have in its memory.
    let store = reopen(&fixture);
    let mut failed = 0;
    for number in 0..5 {
        let sql = format!("UPDATE messages SET body = 'Nochmals {number}' WHERE comment = 2");
        let written = store.write(Priority::User, |edit| Ok(edit.tx.execute(&sql, [])?));
        match written {
            Ok(_) => break,
            Err(StoreError::Corrupt) => failed += 1,
            Err(other) => panic!("{other:?}"),
        }
    }
    assert!(failed <= 1, "the call can be repeated at once: {failed}");
    assert_eq!(store.recovered().unwrap(), None, "the file was not replaced");
    assert_eq!(store.thread(ticket, None, 10).unwrap().messages.len(), 2);
    rebuild(&store);
    assert_eq!(found(&store, "nochmals"), [ticket.0]);
    assert!(is_right(&store));
}

#[test]
fn a_fault_of_the_index_that_a_check_finds_is_no_reason_to_replace_the_file() {
    let fixture = fixture();
    let ticket = fixture.known();
    execute(&fixture.store, "UPDATE search_words_data SET block = zeroblob(length(block)) WHERE id > 10");
    let store = reopen(&fixture);
    // Something else cannot be read, so the file is checked.
    store.write(Priority::Sync, |edit| Ok(edit.tx.execute("UPDATE messages SET attachments = '{'", [])?)).unwrap();
    let _ = store.thread(ticket, None, 10).unwrap();
    assert_eq!(store.recovered().unwrap(), None);
    rebuild(&store);
    assert!(is_right(&store) && found(&store, "marz") == [ticket.0]);
}

#[test]
fn articles_are_found_by_their_titles_and_texts() {
    let fixture = fixture();
    let insert = "INSERT INTO articles (id, section, title, body, pictures, shortened, locale, source_locale, updated_at, edited_at, outdated,
                                        promoted, position, number)
                  VALUES (?1, 1, ?2, ?3, '[]', 0, 'de', 'de', 1, 1, 0, 0, 0, 1)";
    let put = |id: i64, title: &str, body: &str| {
        fixture.store.write(Priority::Sync, |edit| Ok(edit.tx.execute(insert, params![id, title, body])?)).unwrap();
    };
    put(9_007_199_254_740_993, "IBAN ändern", "So ändern Sie Ihre Bankverbindung.");
    put(2, "如何签订合同", "合同的内容");
    let store = &fixture.store;
    assert_eq!((articles(store, "andern"), articles(store, "bankverbindung"), articles(store, "合同")), (1, 1, 1));
    execute(store, "UPDATE articles SET body = 'Neu' WHERE id <> 2; UPDATE articles SET position = 4");
    assert_eq!((articles(store, "bankverbindung"), articles(store, "neu")), (0, 1));
    assert!(is_right(store));
    execute(store, OTHER_VERSION);
    let store = reopen(&fixture);
    rebuild(&store);
    assert_eq!((articles(&store, "neu"), articles(&store, "内容")), (1, 1));
    execute(&store, "DELETE FROM articles");
    assert_eq!(articles(&store, "neu"), 0);
    assert!(is_right(&store));
}
