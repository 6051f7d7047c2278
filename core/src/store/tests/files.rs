//! Files that a user attached stay in the folder until their message is on the server, through power cuts and kills.

use std::fs;
use std::path::PathBuf;

use pocketdesk_disk::{Cut, Disk, Keep};

use super::*;
use crate::model::{Attachment, AttachmentLimits, DownloadStart, FileId, FileState, FileType, Sink};

fn attach(store: &Store, draft: &DraftId, name: &str) -> Result<FileId, AttachError> {
    let limits = AttachmentLimits { max_files: 3, max_bytes: 100, types: vec![FileType::Csv], shrinks_photos: false };
    let source = tempfile::NamedTempFile::new().unwrap();
    fs::write(source.path(), "Datum;Umsatz\n01.03.;12,50 €\n").unwrap();
    Ok(store.attach(draft, source.path(), name, rand(name), &limits)?.id)
}

/// Random bytes that depend on the name.
fn rand(name: &str) -> [u8; 16] {
    let mut bytes = [0; 16];
    name.bytes().enumerate().for_each(|(index, byte)| bytes[index % 16] ^= byte.rotate_left(3) ^ 7);
    bytes
}

fn draft_in(store: &Store, ticket: TicketId, id: &str) -> DraftId {
    let draft = ReplyDraft::plain(DraftId(id.to_owned()), ticket, "siehe Anhang");
    store.save_reply_draft(&draft).unwrap();
    draft.id
}

/// The names of the rows whose file is missing, and the number of files without a row.
fn mismatched(store: &Store) -> (Vec<String>, usize) {
    let sql = "SELECT id FROM files ORDER BY id";
    let ids: Vec<i64> =
        store.read(|db| Ok(db.prepare(sql)?.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)).unwrap();
    let rows: Vec<_> = ids.into_iter().map(|id| store.outgoing(FileId(id)).unwrap()).collect();
    let lost = rows.iter().filter(|file| store.staged_path(file).is_none()).map(|file| file.name.clone()).collect();
    let present: Vec<PathBuf> =
        fs::read_dir(store.files.outgoing()).into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
    let is_known = |path: &PathBuf| rows.iter().any(|row| path.ends_with(&row.stored_as));
    (lost, present.iter().filter(|path| !is_known(path)).count())
}

/// Opens the store again after a power cut: the disk has lost everything that was not synced.
fn after_a_power_cut(fixture: Fixture, disk: &Disk) -> Fixture {
    let Fixture { folder, store, hold } = fixture;
    disk.cut(Keep::Synced);
    drop(store);
    disk.restore();
    let store = open_in(folder.path(), "ada", "https://desk.example/").unwrap();
    Fixture { folder, store, hold }
}

#[test]
fn a_copy_does_not_ask_about_a_file_that_arrived_with_its_message() {
    let fixture = fixture();
    let ticket = fixture.known();
    fixture.store.bind_installation("Adas Telefon", NOW).unwrap();
    let draft = draft_in(&fixture.store, ticket, &id(20).to_string());
    attach(&fixture.store, &draft, "Umsätze März.csv").unwrap();
    let message = fixture.reply(ticket, 20, "siehe Anhang");
    let operations = fixture.store.operations().unwrap();
    let upload = operations.iter().find(|operation| operation.kind == Kind::Upload).unwrap();
    assert!(fixture.store.begin_attempt(upload, b"", 0).unwrap());
    let token = Token { text: "6bk3gql82em5nmf".to_owned(), until: None };
    fixture.store.settle_upload(upload.id, &token, NOW).unwrap();
    let reply = operations.iter().find(|operation| operation.kind == Kind::Reply).unwrap();
    assert!(fixture.store.begin_attempt(reply, b"{}", 0).unwrap());
    fixture.store.settle_reply(reply, &remote(500, 11), NOW).unwrap();
    // The thread has not shown the reply yet.
    fixture.store.bind_installation("Adas neues Telefon", NOW).unwrap();
    let shown = fixture.thread(ticket).into_iter().find(|(id, ..)| *id == message).unwrap();
    assert_eq!(shown.2, Delivery::Sent);
}

#[test]
fn a_file_goes_only_when_its_row_is_gone_for_good() {
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::watch(folder.path());
    let store = open_in(folder.path(), "ada", "https://desk.example/").unwrap();
    store.bind("https://desk.example/", ME, Some("ada@reisen.example")).unwrap();
    let fixture = Fixture { folder, store, hold: Duration::ZERO };
    let ticket = fixture.known();
    let draft = draft_in(&fixture.store, ticket, &id(20).to_string());
    attach(&fixture.store, &draft, "Umsätze 合同.csv").unwrap();
    let message = fixture.reply(ticket, 20, "siehe Anhang");
    let sending = fixture.store.operations().unwrap().into_iter().find(|operation| operation.kind == Kind::Reply);
    let operation = sending.unwrap();
    assert!(fixture.store.begin_attempt(&operation, b"{}", 0).unwrap());
    fixture.ambiguous(&operation);
    // The read that finds the reply is committed without a sync of the disk.
    let attachments = vec![Attachment { name: "Umsätze 合同.csv".to_owned(), ..Attachment::default() }];
    let theirs = RemoteComment { attachments, ..comment(5, ME, "siehe Anhang") };
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), theirs]);
    assert!(fixture.operation(message).is_none());
    assert_eq!(mismatched(&fixture.store), (Vec::new(), 0));
    let fixture = after_a_power_cut(fixture, &disk);
    assert_eq!(mismatched(&fixture.store), (Vec::new(), 0));
}

#[test]
fn an_attached_file_is_there_with_its_row_or_not_at_all() {
    let (mut there, mut not) = (0, 0);
    for after in 0..12 {
        let folder = tempfile::tempdir().unwrap();
        let disk = Disk::watch(folder.path());
        let store = open_in(folder.path(), "ada", "https://desk.example/").unwrap();
        store.bind("https://desk.example/", ME, Some("ada@reisen.example")).unwrap();
        let fixture = Fixture { folder, store, hold: Duration::ZERO };
        let ticket = fixture.known();
        let draft = draft_in(&fixture.store, ticket, "draft");
        // The process ends at the given write or sync. Everything written before it is kept.
        disk.cut_at(Cut { after, keep: Keep::All });
        let attached = attach(&fixture.store, &draft, "Umsätze.csv");
        let Fixture { folder, store, .. } = fixture;
        drop(store);
        disk.restore();
        let store = open_in(folder.path(), "ada", "https://desk.example/").unwrap();
        assert_eq!(mismatched(&store), (Vec::new(), 0), "after {after}");
        let kept = store.draft_files(&draft).unwrap().len();
        assert!(kept == 1 || attached.is_err(), "after {after}");
        (there, not) = (there + kept, not + 1 - kept);
    }
    assert!(there > 0 && not > 0, "both cases occurred");
}

#[test]
fn the_size_that_a_thread_announces_is_only_a_hint() {
    let fixture = fixture();
    let ticket = fixture.known();
    let bytes = "Datum;Umsatz\n01.03.;12,50 €\n".as_bytes();
    let truth = bytes.len() as u64;
    // Wrong by three, unknown, negative (which connectors read as zero), and larger than the whole cache.
    let announced = [truth - 3, truth + 3, 0, u64::MAX];
    let attachments = (1..).zip(announced).map(|(id, size)| Attachment {
        name: "Umsätze.csv".to_owned(),
        size,
        id: Some(id),
        address: Some("/files/1".to_owned()),
        ..Attachment::default()
    });
    let theirs = RemoteComment { attachments: attachments.collect(), ..comment(5, AGENT, "siehe Anhang") };
    fixture.read(ticket, &[comment(1, ME, "Guten Tag"), theirs]);
    let message = fixture.store.thread(ticket, None, 10).unwrap().messages[1].id;
    for index in 0..4 {
        let requested = fixture.store.request_download(message, index, rand(&index.to_string())).unwrap();
        assert_eq!(requested, FileState::Requested, "file {index}");
        let requested = fixture.store.requested().unwrap().pop().unwrap();
        let mut sink = fixture.store.sink(&requested, &|_| {}).unwrap();
        sink.begin(DownloadStart::Whole).unwrap();
        sink.expect(truth).unwrap();
        sink.write(bytes).unwrap();
        let complete = sink.finish().unwrap().unwrap();
        fixture.store.finish_download(&requested, &complete).unwrap();
    }
    // A later reading with the same sizes changes nothing, and all four stay although one announced more than fits.
    let attachments = fixture.store.thread(ticket, None, 10).unwrap().messages[1].attachments.clone();
    for (index, attachment) in (0..).zip(&attachments) {
        assert_eq!((attachment.bytes, attachment.size), (FileState::OnDevice, truth), "file {index}");
        let path = fixture.store.attachment_file(message, index).unwrap().unwrap();
        assert_eq!(fs::read(path).unwrap(), bytes, "file {index}");
    }
}
