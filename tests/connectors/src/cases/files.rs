//! Files, in both directions, byte for byte.

use std::sync::Arc;

use pocketdesk::model::{Attachment, Failure, ReasonKind, TicketNumber, undated};
use pocketdesk::model::{DownloadStart, Sink, SinkError, Target, UploadFile, Write};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::fixture::Fixture;
use crate::harness::{Answer, Who};
use crate::network::{Concerned, Instead};
use crate::trouble::{Broken, ensure, same};
use crate::user_connector::UserConnector;

/// File names as senders really use them.
const NAMES: [(&str, &str); 4] = [
    ("Rechnung März – ‚Köln‘.pdf", "application/pdf"),
    ("صورة الشاشة 2026-03-01.png", "image/png"),
    ("領収書 (1) 🧾.txt", "text/plain"),
    ("a;b=\"c\" & 100%.csv", "text/csv"),
];

/// 20 MB.
const LARGE: usize = 20_000_000;

/// Bytes of which no two sections are alike.
fn bytes_of(seed: &str, length: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(length + 32);
    for block in 0_u64.. {
        if bytes.len() >= length {
            break;
        }
        bytes.extend_from_slice(&Sha256::new().chain_update(seed).chain_update(block.to_le_bytes()).finalize());
    }
    bytes.truncate(length);
    bytes
}

/// The files of one message on the device.
struct Outgoing {
    folder: TempDir,
    files: Vec<UploadFile>,
    /// The upload tokens that the message names.
    tokens: Vec<String>,
}

impl Outgoing {
    fn new() -> Result<Self, Broken> {
        Ok(Self { folder: tempfile::tempdir()?, files: Vec::new(), tokens: Vec::new() })
    }

    async fn add(
        &mut self,
        client: &UserConnector,
        name: &str,
        content_type: &str,
        bytes: &[u8],
    ) -> Result<(), Broken> {
        // The file has another name on the device.
        let path = self.folder.path().join(format!("copy-{}", self.files.len()));
        std::fs::write(&path, bytes)?;
        let file = UploadFile {
            path,
            name: name.to_owned(),
            content_type: content_type.to_owned(),
            size: bytes.len() as u64,
            progress: Arc::new(|_| {}),
        };
        self.tokens.push(undated(client.remote.upload(&file).await)?.token);
        self.files.push(file);
        Ok(())
    }
}

/// Collects a download.
#[derive(Default)]
struct Bytes {
    bytes: Vec<u8>,
    from: Option<u64>,
}

impl Sink for Bytes {
    fn begin(&mut self, start: DownloadStart) -> Result<(), SinkError> {
        self.from = Some(match start {
            DownloadStart::Whole => 0,
            DownloadStart::From(byte) => byte,
        });
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), SinkError> {
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }
}

async fn download(client: &UserConnector, file: &Attachment, offset: u64) -> Result<Bytes, Broken> {
    let address = file.address.as_deref().ok_or_else(|| Broken::new("the file has no address"))?;
    let mut bytes = Bytes::default();
    client.remote.download(address, offset, &mut bytes).await?;
    Ok(bytes)
}

/// The files of the newest comment.
async fn newest_files(client: &UserConnector, ticket: TicketNumber) -> Result<Vec<Attachment>, Broken> {
    let thread = client.thread(ticket).await?;
    Ok(thread.comments.last().map(|comment| comment.attachments.clone()).unwrap_or_default())
}

/// Checks that an attachment is what was sent: name, size and bytes.
async fn arrived(client: &UserConnector, file: &Attachment, name: &str, bytes: &[u8]) -> Result<(), Broken> {
    same!(file.name, name, "the name");
    same!(file.size, bytes.len() as u64, "the size of {name}");
    ensure!(file.content_type.contains('/'), "{:?} is no media type", file.content_type);
    ensure!(file.id.is_some(), "{name} has no id");
    let back = download(client, file, 0).await?;
    same!(back.bytes.len(), bytes.len(), "bytes of {name}");
    ensure!(Sha256::digest(&back.bytes) == Sha256::digest(bytes), "{name} has other bytes");
    Ok(())
}

pub async fn small(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    let (mut of_ticket, mut of_reply) = (Outgoing::new()?, Outgoing::new()?);
    for (name, content_type) in &NAMES[..2] {
        of_ticket.add(&ada, name, content_type, &bytes_of(name, 3_000)).await?;
    }
    for (name, content_type) in &NAMES[2..] {
        of_reply.add(&ada, name, content_type, &bytes_of(name, 1)).await?;
    }
    let mut write = fixture.write("Mit Anhängen", "Siehe Anhänge.")?;
    if let Write::Create { uploads, .. } = &mut write {
        uploads.clone_from(&of_ticket.tokens);
    }
    let ticket = ada.deliver_with(Target::NewTicket, &write, &of_ticket.files).await?.number;
    let first = newest_files(&ada, ticket).await?;
    let reply = Write::Reply {
        body: "Und diese noch:".to_owned(),
        structure: None,
        uploads: of_reply.tokens.clone(),
        solves: false,
    };
    ada.deliver_with(Target::Ticket(ticket), &reply, &of_reply.files).await?;
    let second = newest_files(&ada, ticket).await?;
    same!((first.len(), second.len()), (2, 2), "files of the ticket and of the reply");
    for (file, (name, _)) in first.iter().chain(&second).zip(NAMES) {
        let length = if NAMES[..2].iter().any(|(early, _)| *early == name) { 3_000 } else { 1 };
        arrived(&ada, file, name, &bytes_of(name, length)).await?;
    }
    same!(ada.texts(ticket).await?, vec!["Siehe Anhänge.".to_owned(), "Und diese noch:".to_owned()], "the texts");
    Ok(())
}

/// Texts as other programs write them. A server that inspects files may mistake them for its own encoding and convert
/// them.
pub async fn texts(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    let utf16: Vec<u8> = "\u{feff}Größe;Menge\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let files: [(&str, &str, &[u8]); 5] = [
        ("windows.csv", "text/csv", b"Gr\xf6\xdfe;Menge\r\nk\xfcrzer;2\r\n"),
        ("excel.csv", "text/csv", &utf16),
        ("mit-bom.txt", "text/plain", "\u{feff}Grüße\r\nשלום\n".as_bytes()),
        ("enden.txt", "text/plain", b"eins\r\nzwei\nthree\r\n\r\n  "),
        ("protokoll.txt", "text/plain", b"\x1b[31mFehler\x1b[0m \xff\xfe\x00 Ende"),
    ];
    let mut outgoing = Outgoing::new()?;
    for (name, content_type, bytes) in &files {
        outgoing.add(&ada, name, content_type, bytes).await?;
    }
    let mut write = fixture.write("Mit Textdateien", "Anbei.")?;
    if let Write::Create { uploads, .. } = &mut write {
        uploads.clone_from(&outgoing.tokens);
    }
    let ticket = ada.deliver_with(Target::NewTicket, &write, &outgoing.files).await?.number;
    let there = newest_files(&ada, ticket).await?;
    same!(there.len(), files.len(), "files");
    for (file, (name, _, bytes)) in there.iter().zip(files) {
        arrived(&ada, file, name, bytes).await?;
    }
    Ok(())
}

pub async fn large(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    ensure!(fixture.can.largest_file >= LARGE as u64, "the server accepts at most {} bytes", fixture.can.largest_file);
    let (name, bytes) = ("Protokoll groß.pdf", bytes_of("large", LARGE));
    let mut outgoing = Outgoing::new()?;
    outgoing.add(&ada, name, "application/pdf", &bytes).await?;
    let mut write = fixture.write("Mit großem Anhang", "Anbei.")?;
    if let Write::Create { uploads, .. } = &mut write {
        uploads.clone_from(&outgoing.tokens);
    }
    let ticket = ada.deliver_with(Target::NewTicket, &write, &outgoing.files).await?.number;
    let files = newest_files(&ada, ticket).await?;
    same!(files.len(), 1, "files");
    arrived(&ada, &files[0], name, &bytes).await
}

pub async fn refused(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    let ticket = ada.create(&fixture.write("Mit zu großem Anhang", "…")?).await?.number;
    for (status, kind) in [(413, ReasonKind::AttachmentTooLarge), (415, ReasonKind::AttachmentType)] {
        for body in ["<html><h1>Request Entity Too Large</h1><hr>nginx", "", r#"{"message":"no"}"#] {
            let instead = Instead { to: Concerned::Files, status, header: None, kind: "text/html", body };
            ada.network.answer_instead(Some(instead));
            let failure = send_file(&ada, ticket).await?;
            let refused = matches!(&failure, Some(Failure::NeedsUser(reason)) if reason.kind == kind);
            ensure!(refused, "{status} {body}: {failure:?}");
        }
    }
    ada.network.answer_instead(None);
    same!(send_file(&ada, ticket).await?, None, "the same file, once nothing is in between");
    Ok(())
}

/// Replies with a file. Returns the failure of the upload or of the message, whichever the server takes it with.
async fn send_file(client: &UserConnector, ticket: TicketNumber) -> Result<Option<Failure>, Broken> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("Film.pdf");
    std::fs::write(&path, bytes_of("film", 30_000))?;
    let (name, content_type) = ("Film.pdf".to_owned(), "application/pdf".to_owned());
    let file = UploadFile { path, name, content_type, size: 30_000, progress: Arc::new(|_| {}) };
    let token = match undated(client.remote.upload(&file).await) {
        Ok(uploaded) => uploaded.token,
        Err(failure) => return Ok(Some(failure)),
    };
    let reply = Write::Reply { body: "Siehe Anhang.".to_owned(), structure: None, uploads: vec![token], solves: false };
    Ok(client.deliver_with(Target::Ticket(ticket), &reply, &[file]).await.err())
}

async fn sent_by_agent(fixture: &Fixture, ada: &UserConnector, name: &str, bytes: &[u8]) -> Result<Attachment, Broken> {
    let ticket = ada.create(&fixture.write("Bitte Vorlage senden", "Danke!")?).await?.number;
    let answer = Answer { text: "Gern.", file: Some((name, bytes)), ..Answer::default() };
    fixture.server.answer(ticket, &answer).await?;
    let mut files = newest_files(ada, ticket).await?;
    same!(files.len(), 1, "files");
    Ok(files.remove(0))
}

pub async fn from_agent(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    let (name, bytes) = ("Vorlage für Ada.pdf", bytes_of("agent", 70_000));
    let file = sent_by_agent(fixture, &ada, name, &bytes).await?;
    arrived(&ada, &file, name, &bytes).await
}

pub async fn resumed(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    let bytes = bytes_of("resumed", 70_000);
    let file = sent_by_agent(fixture, &ada, "Teil.pdf", &bytes).await?;
    for offset in [1, 40_000, 69_999] {
        let rest = download(&ada, &file, offset).await?;
        same!(rest.from, Some(offset), "where the rest start");
        let start = usize::try_from(offset).unwrap_or_default();
        ensure!(rest.bytes == bytes[start..], "the rest from {offset} on has other bytes");
    }
    Ok(())
}
