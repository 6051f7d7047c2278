//! A row that cannot be read costs itself and nothing else, and no file is replaced because of it.

use super::*;
use crate::model::{Attachment, FileState};
use crate::store::db::writer_lock::Priority;

/// Changes the file behind the store's back.
fn change(store: &Store, sql: &str) {
    store.write(Priority::User, |edit| Ok(edit.tx.execute_batch(sql)?)).unwrap();
}

/// The file was not replaced: the history is all there, and nothing was set aside.
fn check_kept(written: &Written, store: &Store, why: &str) {
    assert_eq!(store.recovered().unwrap(), None, "{why}");
    assert_eq!(store.history(None, 10).unwrap().total, 102, "{why}");
    assert!(!written.names().iter().any(|name| name.starts_with("damaged")), "{why}");
}

#[test]
fn a_text_that_is_no_json_is_no_damage() {
    for (table, column) in [
        ("tickets", "cc"),
        ("tickets", "cc_people"),
        ("messages", "attachments"),
        ("drafts", "cc"),
        ("outbox", "addresses"),
    ] {
        for value in ["{kaputt", "", "[[[[", "{\"v\": 2}", "\0\0\0"] {
            let written = written();
            let store = written.open();
            let draft = TicketDraft {
                id: DraftId("neu".to_owned()),
                subject: "Neues Anliegen".to_owned(),
                issue_type: "content".to_owned(),
                cc: vec!["a@b.example".to_owned()],
                cc_entry: String::new(),
                description: "Noch nicht fertig …".to_owned(),
                access: false,
                follows: None,
                name: String::new(),
                email: String::new(),
            };
            store.save_ticket_draft(&draft).unwrap();
            store.change(written.known, &add_cc(&["kasse@reisen.example".to_owned()], id(77))).unwrap();
            let sql = format!("UPDATE {table} SET {column} = ?1");
            store.write(Priority::User, |edit| Ok(edit.tx.execute(&sql, [value])?)).unwrap();
            let why = format!("{table}.{column} = {value:?}");
            // Every screen shows what it can.
            let texts = texts(&store).unwrap_or_else(|error| panic!("{why}: {error}"));
            assert!(UNSENT.iter().all(|text| texts.iter().any(|found| found == text)), "{why}");
            assert_eq!(store.ticket(written.known).unwrap().changes.len(), 1, "{why}");
            assert_eq!(store.ticket_draft().unwrap().unwrap().subject, "Neues Anliegen", "{why}");
            assert!(store.requested().is_ok(), "{why}");
            // Sync goes on: a thread is stored, and what cannot be sent says so.
            let fixture = Fixture { store, folder: tempfile::tempdir().unwrap(), hold: Duration::ZERO };
            let attachments = vec![Attachment { name: "Beleg.pdf".to_owned(), id: Some(7), ..Attachment::default() }];
            let comments = [comment(1, ME, UNSENT[1]), RemoteComment { attachments, ..comment(2, AGENT, "Neu.") }];
            fixture.read(written.known, &comments);
            let message = &fixture.store.thread(written.known, None, 200).unwrap().messages[1];
            assert_eq!((&*message.body, message.attachments.len()), ("Neu.", 1), "{why}");
            assert_eq!(message.attachments[0].bytes, FileState::OnServer);
            let operations = fixture.store.operations().unwrap();
            let added = operations.iter().find(|operation| operation.kind == Kind::Change(ChangeKind::AddCc)).unwrap();
            let write = fixture.store.write_of(added);
            assert!(write.is_ok() || write == Err(StoreError::Unreadable(RowFault::Json)), "{why}: {write:?}");
            fixture.store.settle_change(added, &remote(500, 99), Evidence::Answer, NOW).unwrap();
            check_kept(&written, &fixture.store, &why);
        }
    }
}

#[test]
fn an_operation_that_this_version_does_not_know_waits_for_the_user_in_its_place() {
    for (column, value) in
        [("state", "'delegated'"), ("kind", "'rate'"), ("key", "'keiner'"), ("state", "CAST(x'ff' AS TEXT)")]
    {
        let written = written();
        let store = written.open();
        let known = store.operations().unwrap();
        let [attempted, waiting] = [0, 1].map(|index| known[index].clone());
        assert!(attempted.ever_attempted && !waiting.ever_attempted);
        for operation in [&attempted, &waiting] {
            change(&store, &format!("UPDATE outbox SET {column} = {value} WHERE id = {}", operation.id));
        }
        let operations = store.operations().unwrap();
        assert_eq!(operations.len(), known.len(), "{column}: no operation is left out, so none is overtaken");
        assert_eq!(operations[0].state, State::MayHaveBeenSent, "{column}");
        let State::NeedsUser(reason) = &operations[1].state else { panic!("{column}: {:?}", operations[1].state) };
        assert_eq!(reason.kind, ReasonKind::Unsupported, "{column}");
        let texts = texts(&store).unwrap();
        assert!(UNSENT.iter().all(|text| texts.iter().any(|found| found == text)), "{column}");
        check_kept(&written, &store, column);
    }
}

#[test]
fn a_text_that_is_not_utf_8_is_shown_as_far_as_it_is() {
    let written = written();
    let store = written.open();
    change(
        &store,
        "UPDATE tickets SET subject = CAST(x'4772fcc39f65' AS TEXT) WHERE number = 650;
         UPDATE messages SET body = CAST(x'4772fcc39f65' AS TEXT) WHERE comment = 5;
         UPDATE people SET name = CAST(x'ff' AS TEXT) WHERE id = 77;
         UPDATE drafts SET body = CAST(x'4772fcc39f65' AS TEXT) WHERE id = 'd';",
    );
    let shown = texts(&store).unwrap();
    assert_eq!(shown.iter().filter(|text| *text == "Gr\u{fffd}ße").count(), 2, "the comment and the draft");
    let history = store.history(None, 200).unwrap();
    assert!(history.tickets.iter().any(|row| row.subject == "Gr\u{fffd}ße"));
    let fixture = Fixture { store, folder: tempfile::tempdir().unwrap(), hold: Duration::ZERO };
    page(&fixture, &[remote(650, 900), remote(651, 900)]);
    check_kept(&written, &fixture.store, "not UTF-8");
}

#[test]
fn a_row_with_a_number_out_of_range_is_left_out_and_the_pages_go_on() {
    let written = written();
    let store = written.open();
    change(
        &store,
        "UPDATE messages SET description = 7, mine = 7 WHERE comment = 3;
                    UPDATE outbox SET attempts = -1, wait_length = -5 WHERE id = 1;",
    );
    let all = store.thread(written.known, None, 200).unwrap().messages.len();
    let mut cursor = None;
    let mut read = 0;
    loop {
        let page = store.thread(written.known, cursor.as_deref(), 7).unwrap();
        read += page.messages.len();
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(read, all);
    check_kept(&written, &store, "out of range");
}

#[test]
fn an_unreadable_row_in_a_damaged_file_reveals_the_damage() {
    let written = written();
    let store = written.open();
    store.suspend();
    // The pages of a long text are overwritten while the store is suspended: SQLite does not look at them when it opens.
    let mut bytes = fs::read(written.file()).unwrap();
    let _ = fs::remove_file(written.beside("desk.sqlite3-wal"));
    let part = UNSENT[3].as_bytes();
    let place = bytes.windows(part.len()).position(|window| window == part).unwrap();
    let page = place / PAGE * PAGE;
    bytes[page + 100..page + PAGE].fill(0xa5);
    fs::write(written.file(), &bytes).unwrap();
    store.resume().unwrap();
    let _ = settled(&store);
    let told = store.recovered().unwrap();
    assert!(told.is_some_and(|told| told.lost), "{told:?}");
}

#[test]
fn what_one_salvage_lost_is_not_forgotten_by_the_next() {
    let written = written();
    let mut bytes = fs::read(written.file()).unwrap();
    let draft = bytes.windows(UNSENT[3].len()).position(|window| window == UNSENT[3].as_bytes()).unwrap();
    bytes.truncate(draft / PAGE * PAGE);
    fs::write(written.file(), &bytes).unwrap();
    let store = written.open();
    assert!(store.recovered().unwrap().is_some_and(|told| told.lost));
    store.close();
    let mut bytes = fs::read(written.file()).unwrap();
    bytes[..100].fill(0x5a);
    fs::write(written.file(), &bytes).unwrap();
    let store = written.open();
    assert!(store.recovered().unwrap().is_some_and(|told| told.lost));
}
