//! The photos of agents: one for each person, replaced when the server replaces it, and gone with the person's name.

use super::*;
use crate::blob::Complete;
use crate::model::{Attachment, DownloadStart, Sink, SinkError, SmallPicture};
use crate::store::SmallPictureFile;

/// A ticket with an answer of an agent whose photo is at `photo`.
fn answered(fixture: &Fixture, photo: &str) -> (TicketId, MessageId) {
    let ticket = fixture.known();
    read(fixture, ticket, Some(photo));
    (ticket, fixture.thread(ticket).last().unwrap().0)
}

/// The thread is read again.
fn read(fixture: &Fixture, ticket: TicketId, photo: Option<&str>) {
    let comments = [comment(1, ME, "Guten Tag"), comment(2, AGENT, "Wir prüfen das. 👍")];
    let photo = photo.map(str::to_owned);
    let people = [RemotePerson { id: AGENT, name: "Jörg Größenwahn".to_owned(), agent: true, photo }];
    let of = fixture.store.thread_due(ticket).unwrap().map_or(Timestamp(10), |due| due.of);
    fixture.store.apply_thread(&ReadThread { ticket, of, comments: &comments, people: &people, seen: SEEN }).unwrap();
}

fn shown(fixture: &Fixture, ticket: TicketId) -> SmallPicture {
    fixture.store.thread(ticket, None, 10).unwrap().messages.last().unwrap().author_photo
}

/// The photo arrives.
fn fetch(fixture: &Fixture, message: MessageId) {
    assert_eq!(fixture.store.author_photo(message, [7; 16]).unwrap(), SmallPictureFile::Requested);
    let [requested] = &fixture.store.requested().unwrap()[..] else { panic!("one is requested") };
    assert!(!requested.is_asked_for && !requested.may_be_page);
    fs::create_dir_all(fixture.store.files.cache()).unwrap();
    fs::write(fixture.store.files.cache().join(&requested.stored_as), b"\x89PNG").unwrap();
    fixture.store.finish_download(requested, &Complete { sha256: [0; 32], length: 4 }).unwrap();
}

fn copies(fixture: &Fixture) -> usize {
    fs::read_dir(fixture.store.files.cache()).map_or(0, Iterator::count)
}

#[test]
fn a_photo_is_requested_once_and_replaced_when_the_server_replaces_it() {
    let fixture = fixture();
    let (ticket, message) = answered(&fixture, "https://desk.example/photos/1.png");
    assert_eq!(shown(&fixture, ticket), SmallPicture::OnServer);
    fetch(&fixture, message);
    assert_eq!(shown(&fixture, ticket), SmallPicture::OnDevice);
    assert!(matches!(fixture.store.author_photo(message, [8; 16]).unwrap(), SmallPictureFile::Here(_)));

    read(&fixture, ticket, Some("https://desk.example/photos/1.png"));
    assert_eq!((shown(&fixture, ticket), copies(&fixture)), (SmallPicture::OnDevice, 1), "nothing has changed");
    read(&fixture, ticket, Some("https://desk.example/photos/2.png"));
    assert_eq!((shown(&fixture, ticket), copies(&fixture)), (SmallPicture::OnServer, 0));
    read(&fixture, ticket, None);
    assert_eq!(shown(&fixture, ticket), SmallPicture::None);
    assert_eq!(fixture.store.author_photo(message, [9; 16]).unwrap(), SmallPictureFile::NotHere);
}

#[test]
fn a_photo_leaves_the_device_with_the_last_ticket_that_shows_the_person() {
    let fixture = fixture();
    let (ticket, message) = answered(&fixture, "https://desk.example/photos/größenwahn.png");
    fetch(&fixture, message);
    fixture.store.revoke(ticket, silent(NOW)).unwrap();
    assert_eq!(copies(&fixture), 0);
    let folder = file_of(fixture.folder.path(), "ada").parent().unwrap().to_owned();
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file()) {
        let bytes = fs::read(&entry).unwrap();
        let gone = "größenwahn".as_bytes();
        assert!(!bytes.windows(gone.len()).any(|window| window == gone), "{}", entry.display());
    }
}

#[test]
fn one_that_failed_is_requested_again_after_a_thread_was_opened() {
    let fixture = fixture();
    let (_, message) = answered(&fixture, "https://desk.example/photos/1.png");
    assert_eq!(fixture.store.author_photo(message, [7; 16]).unwrap(), SmallPictureFile::Requested);
    let requested = fixture.store.requested().unwrap().remove(0);
    fixture.store.fail_download(&requested, Some(crate::model::DownloadProblem::Gone)).unwrap();
    assert_eq!(fixture.store.author_photo(message, [7; 16]).unwrap(), SmallPictureFile::NotHere);
    assert!(fixture.store.requested().unwrap().is_empty());
    fixture.store.retry_small_pictures().unwrap();
    assert_eq!(fixture.store.author_photo(message, [7; 16]).unwrap(), SmallPictureFile::Requested);
}

#[test]
fn a_picture_that_is_not_small_is_given_up_and_displaces_nothing() {
    let fixture = fixture();
    let (_, message) = answered(&fixture, "https://desk.example/photos/1.png");
    assert_eq!(fixture.store.author_photo(message, [7; 16]).unwrap(), SmallPictureFile::Requested);
    let requested = fixture.store.requested().unwrap().remove(0);
    let mut sink = fixture.store.sink(&requested, &|_| {}).unwrap();
    sink.begin(DownloadStart::Whole).unwrap();
    assert_eq!(sink.expect(256 * 1024), Ok(()));
    assert_eq!(sink.expect(256 * 1024 + 1), Err(SinkError::TooLarge));
    drop(sink);
    let file = crate::store::RequestedDownload { is_small: false, ..requested };
    let mut sink = fixture.store.sink(&file, &|_| {}).unwrap();
    sink.begin(DownloadStart::Whole).unwrap();
    assert_eq!(sink.expect(256 * 1024 + 1), Ok(()), "a file may be larger");
}

#[test]
fn a_file_that_the_user_asked_for_comes_before_small_pictures() {
    let fixture = fixture();
    let ticket = fixture.known();
    let file = |id, name: &str, thumbnail: Option<&str>| Attachment {
        id: Some(id),
        name: name.to_owned(),
        address: Some(format!("https://desk.example/attachments/{id}")),
        thumbnail: thumbnail.map(str::to_owned),
        ..Attachment::default()
    };
    let small = "https://desk.example/attachments/31/small";
    let attachments = vec![file(31, "Beleg März.png", Some(small)), file(32, "Umsätze 合同.csv", None)];
    let comments = [RemoteComment { attachments, ..comment(1, ME, "Siehe Anhänge.") }];
    let of = fixture.store.thread_due(ticket).unwrap().map_or(Timestamp(10), |due| due.of);
    fixture.store.apply_thread(&ReadThread { ticket, of, comments: &comments, people: &[], seen: SEEN }).unwrap();
    let message = fixture.thread(ticket)[0].0;
    assert_eq!(fixture.store.thumbnail(message, 0, [1; 16]).unwrap(), SmallPictureFile::Requested);
    assert_eq!(fixture.store.thumbnail(message, 0, [2; 16]).unwrap(), SmallPictureFile::NotHere, "once");
    assert_eq!(fixture.store.thumbnail(message, 1, [3; 16]).unwrap(), SmallPictureFile::NotHere, "a table has none");
    assert!(matches!(fixture.store.thumbnail(message, 2, [4; 16]), Err(StoreError::NoSuchFile)));
    fixture.store.request_download(message, 1, [5; 16]).unwrap();
    let queue: Vec<_> =
        fixture.store.requested().unwrap().into_iter().map(|file| (file.is_asked_for, file.address)).collect();
    assert_eq!(queue, [(true, "https://desk.example/attachments/32".to_owned()), (false, small.to_owned())]);
}
