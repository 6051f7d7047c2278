//! Files: sent to the server with their message, and downloaded one by one.
//!
//! A file's name is sent as UTF-8 in a multipart form. In JSON the service garbles every name that is not ASCII, or
//! ends the request with an error without a message. A name that a form cannot quote is sent as an encoded word (RFC
//! 2047). The service decodes it in a reply and stores it as it is in a new ticket, so this module decodes it as well.
//!
//! The service parses files of a text type and stores them in UTF-8: a spreadsheet in Latin-1 would come back as
//! another file, and invalid bytes not at all. So no file is sent with a text type. Its real type is recognised by the
//! ending of its name, here as well as on the server.
//!
//! A download uses the web pages for people, with the same token, because only they return a file's bytes unchanged.
//! They do not support ranges. Their errors are web pages too, and a refused token leads to a redirect to the login
//! page. So an unsuccessful answer is checked through the interface before it is believed. A picture of an article, and
//! a text that the service stores in another encoding than it arrived in, have an address in the interface itself.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Serialize};

use super::articles::is_picture;
use super::calls::{BASE, ask, conditions, document, failure, search};
use super::connection::Connection;
use super::wire::{self, Part};
use crate::connectors::json::Row;
use crate::connectors::refusal::Asked;
use crate::model::{DownloadFailure, DownloadStart, Failure, FileType, Sink, SinkError, UploadFile};
use crate::net::{Body, BodyPart, FileBody, HttpResponse, Multipart, Rejected, ResponseSink};

/// The media type of arbitrary bytes.
const NO_TYPE: &str = "application/octet-stream";

/// The description of a file in a message's bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FileHead {
    pub name: String,
    pub content_type: String,
    pub size: u64,
}

/// Builds a form with the request `json` and the files. `boundary` must not occur in any of them.
pub(super) fn form(json: Vec<u8>, heads: &[FileHead], files: &[UploadFile], boundary: &str) -> Body {
    let start = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"JSON\"\r\n\
                         Content-Type: application/json\r\n\r\n"
    );
    let mut parts = vec![BodyPart::Bytes(start.into_bytes()), BodyPart::Bytes(json)];
    for (head, file) in heads.iter().zip(files) {
        let start = format!(
            "\r\n--{boundary}\r\nContent-Disposition: form-data; name=\"Attachments\"; filename=\"{}\"\r\n\
             Content-Type: {}\r\n\r\n",
            quoted_name(&head.name),
            safe_media_type(&head.content_type)
        );
        parts.push(BodyPart::Bytes(start.into_bytes()));
        parts.push(BodyPart::File(FileBody {
            path: file.path.clone(),
            length: head.size,
            content_type: head.content_type.clone(),
            progress: file.progress.clone(),
        }));
    }
    parts.push(BodyPart::Bytes(format!("\r\n--{boundary}--\r\n").into_bytes()));
    Body::Multipart(Multipart { content_type: format!("multipart/form-data; boundary={boundary}"), parts })
}

/// The media type under which the service leaves the bytes unchanged.
fn safe_media_type(content_type: &str) -> &str {
    let kind = content_type.to_ascii_lowercase();
    if kind.starts_with("text/") || kind.starts_with("message/") { NO_TYPE } else { content_type }
}

/// The media type of a file: the one that belongs to its name, if its own says nothing.
pub(super) fn media_type(name: &str, content_type: &str) -> String {
    let known = FileType::of_name(name).filter(|_| content_type == NO_TYPE);
    known.map_or_else(|| content_type.to_owned(), |known| known.content_type().to_owned())
}

fn quoted_name(name: &str) -> String {
    let plain = !name.contains(['"', '\\']) && !name.contains("=?") && !name.chars().any(char::is_control);
    if plain { name.to_owned() } else { format!("=?UTF-8?B?{}?=", BASE64_STANDARD.encode(name)) }
}

/// Decodes a file's name that the service may have stored as an encoded word.
pub(super) fn decoded_name(stored: &str) -> String {
    let encoded = stored.strip_prefix("=?UTF-8?B?").and_then(|rest| rest.strip_suffix("?="));
    let decoded = encoded.and_then(|encoded| String::from_utf8(BASE64_STANDARD.decode(encoded).ok()?).ok());
    decoded.unwrap_or_else(|| stored.to_owned())
}

impl Connection {
    pub(super) async fn fetch(&self, address: &str, sink: &mut dyn Sink) -> Result<(), DownloadFailure> {
        if let Some(id) = address.strip_prefix(BASE).and_then(|rest| rest.strip_prefix("/attachment/")) {
            return self.fetch_text(id.parse().map_err(|_| Failure::misbehaves())?, sink).await;
        }
        let url = self.session.resolve(address).ok_or_else(Failure::misbehaves)?;
        let headers = [("accept", "*/*".to_owned())];
        for attempt in 0..2 {
            let mut receiver = Whole { sink: &mut *sink, failed: None };
            let outcome = self.session.fetch(&url, &headers, true, &mut receiver).await;
            if let Some(error) = receiver.failed {
                return Err(DownloadFailure::Sink(error));
            }
            let answer = outcome?;
            if answer.status == 200 {
                return Ok(());
            }
            if is_picture(address) {
                // It has no page for people.
                return Err(failure(&answer, Asked::Object).unwrap_or_else(Failure::misbehaves).into());
            }
            if attempt == 0 && (300..500).contains(&answer.status) {
                // If the token was refused, this renews it or fails.
                self.check_exists(address).await?;
            }
        }
        Err(Failure::misbehaves().into())
    }

    /// Downloads a text that the service stores in another encoding than it arrived in.
    async fn fetch_text(&self, id: i64, sink: &mut dyn Sink) -> Result<(), DownloadFailure> {
        let path = format!("{BASE}/attachments");
        let requested = conditions("id", [id].into_iter());
        let call = search(&path, &[("fields", "Content")], &requested);
        let answer = ask(&self.session, &call, Asked::Search).await?;
        let page = document(&answer)?;
        let rows = wire::items(page.root(), |row| {
            let [content] = row.fields(["Content"]);
            Row::Read(content.string().unwrap_or_default())
        })?;
        let text = rows.read.into_iter().next().ok_or(Failure::Gone)?;
        let taken = sink.begin(DownloadStart::Whole).and_then(|()| sink.write(text.as_bytes()));
        taken.map_err(DownloadFailure::Sink)
    }

    /// Checks through the interface whether the file exists for this user.
    async fn check_exists(&self, address: &str) -> Result<(), Failure> {
        let id = address.split('/').nth(4).and_then(|id| id.parse().ok()).ok_or_else(Failure::misbehaves)?;
        let path = format!("{BASE}/attachments");
        let query = [("fields", "TransactionId,ContentType,Filename")];
        let requested = conditions("id", [id].into_iter());
        let answer = ask(&self.session, &search(&path, &query, &requested), Asked::Search).await?;
        let page = document(&answer)?;
        let rows = wire::items(page.root(), Part::of)?;
        if rows.read.is_empty() && rows.unreadable.is_empty() { Err(Failure::Gone) } else { Ok(()) }
    }
}

/// Passes the bytes of a whole file to the sink.
struct Whole<'a> {
    sink: &'a mut dyn Sink,
    failed: Option<SinkError>,
}

impl Whole<'_> {
    fn keep(&mut self, done: Result<(), SinkError>) -> Result<(), Rejected> {
        done.map_err(|error| {
            self.failed = Some(error);
            Rejected
        })
    }
}

impl ResponseSink for Whole<'_> {
    fn head(&mut self, head: &HttpResponse) -> Result<(), Rejected> {
        let started =
            if head.status == 200 { self.sink.begin(DownloadStart::Whole) } else { Err(SinkError::Unexpected) };
        let typed = started.and_then(|()| self.sink.media_type(head.header("content-type").unwrap_or_default()));
        let done = typed.and_then(|()| head.length().map_or(Ok(()), |length| self.sink.expect(length)));
        self.keep(done)
    }

    fn piece(&mut self, bytes: &[u8]) -> Result<(), Rejected> {
        let done = self.sink.write(bytes);
        self.keep(done)
    }
}

#[cfg(test)]
mod tests {
    use std::slice::from_ref;

    use super::*;

    #[test]
    fn a_form_is_the_same_every_time() {
        let path = tempfile::NamedTempFile::new().unwrap().into_temp_path();
        std::fs::write(&path, "%PDF…").unwrap();
        let name = "Beleg „März“ 写真.pdf".to_owned();
        let content_type = "application/pdf".to_owned();
        let head = FileHead { name: name.clone(), content_type: content_type.clone(), size: 7 };
        let file =
            UploadFile { path: path.to_path_buf(), name, content_type, size: 7, progress: std::sync::Arc::new(|_| {}) };
        let make = || form("{\"Content\":\"Grüße\"}".into(), from_ref(&head), from_ref(&file), "pocketdesk-1");
        let bytes = make().read().unwrap();
        assert_eq!(bytes, make().read().unwrap());
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            "--pocketdesk-1\r\nContent-Disposition: form-data; name=\"JSON\"\r\nContent-Type: application/json\r\n\r\n\
             {\"Content\":\"Grüße\"}\r\n--pocketdesk-1\r\nContent-Disposition: form-data; name=\"Attachments\"; \
             filename=\"Beleg „März“ 写真.pdf\"\r\nContent-Type: application/pdf\r\n\r\n%PDF…\r\n--pocketdesk-1--\r\n"
        );
        assert_eq!(make().content_type(), Some("multipart/form-data; boundary=pocketdesk-1"));
    }

    #[test]
    fn no_file_is_sent_with_a_text_type() {
        for (content_type, sent, name, read) in [
            ("text/csv", NO_TYPE, "Beträge.CSV", "text/csv"),
            ("text/plain", NO_TYPE, "a.txt", "text/plain"),
            ("message/rfc822", NO_TYPE, "a.eml", NO_TYPE),
            ("image/png", "image/png", "a.png", "image/png"),
        ] {
            assert_eq!((safe_media_type(content_type), &*media_type(name, sent)), (sent, read));
        }
    }

    #[test]
    fn a_name_that_cannot_be_quoted_is_an_encoded_word() {
        for plain in ["Beleg „März“ \"1\" 写真.pdf", "=?UTF-8?Q?x?=.txt", "a.txt", "=?UTF-8?B?", "=?UTF-8?B?!?="]
        {
            assert_eq!(decoded_name(&quoted_name(plain)), plain);
        }
        assert_eq!(quoted_name("50% ü;a=b, c.txt"), "50% ü;a=b, c.txt");
        assert_eq!(quoted_name("a\"b.txt"), "=?UTF-8?B?YSJiLnR4dA==?=");
        assert_eq!(
            quoted_name("=?UTF-8?Q?x?=.txt"),
            format!("=?UTF-8?B?{}?=", BASE64_STANDARD.encode("=?UTF-8?Q?x?=.txt"))
        );
    }
}
