//! Files: with their message to the server, and one by one from it.
//!
//! A file's name goes as UTF-8 in a multipart form; in JSON every name but an ASCII one is spoiled, or ends the request with
//! an error that has no words. A name that a form cannot quote goes as an encoded word, which the service reads with a reply
//! and keeps as it is with a new ticket; so it is read here as well.
//!
//! What is called a text the service reads, and keeps in UTF-8 (a spreadsheet's Latin-1 would come back as another file, and
//! a line of noise not at all). So no file is called a text on its way; what it is its name still tells, here as there.
//!
//! A download comes from the pages for people, the only place that gives bytes as they are, under the same token. It knows no
//! ranges. Its errors are pages as well, and a refused token is a way to the login page there; so whatever is no success is
//! asked again in the interface's own words before it is believed.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Serialize};

use super::calls::{BASE, ask, conditions, search};
use super::classify::Asked;
use super::connection::Rt;
use super::wire::{Page, Part, Text};
use crate::model::{DownloadFailure, DownloadStart, Failure, FileType, Sink, SinkError, UploadFile};
use crate::net::{Body, BodyPart, FileBody, HttpResponse, Multipart, Rejected, ResponseSink};

/// The media type of anything.
const NO_TYPE: &str = "application/octet-stream";

/// How a file stands in a message's bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FileHead {
    pub name: String,
    pub content_type: String,
    pub size: u64,
}

/// A form with the request `json` and the files. `boundary` stands in none of them.
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
            quotable(&head.name),
            untouched(&head.content_type)
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

/// The media type under which the service leaves the bytes alone.
fn untouched(content_type: &str) -> &str {
    let kind = content_type.to_ascii_lowercase();
    if kind.starts_with("text/") || kind.starts_with("message/") { NO_TYPE } else { content_type }
}

/// What a file of the name is, if its own type says nothing.
pub(super) fn media_type(name: &str, content_type: &str) -> String {
    let known = FileType::of_name(name).filter(|_| content_type == NO_TYPE);
    known.map_or_else(|| content_type.to_owned(), |known| known.content_type().to_owned())
}

fn quotable(name: &str) -> String {
    let plain = !name.contains(['"', '\\']) && !name.contains("=?") && !name.chars().any(char::is_control);
    if plain { name.to_owned() } else { format!("=?UTF-8?B?{}?=", BASE64_STANDARD.encode(name)) }
}

/// A file's name, of which the service may have kept the encoded word.
pub(super) fn name(kept: &str) -> String {
    let word = kept.strip_prefix("=?UTF-8?B?").and_then(|word| word.strip_suffix("?="));
    let decoded = word.and_then(|word| String::from_utf8(BASE64_STANDARD.decode(word).ok()?).ok());
    decoded.unwrap_or_else(|| kept.to_owned())
}

impl Rt {
    pub(super) async fn fetch(&self, address: &str, sink: &mut dyn Sink) -> Result<(), DownloadFailure> {
        if let Some(id) = address.strip_prefix(BASE).and_then(|rest| rest.strip_prefix("/attachment/")) {
            return self.fetch_text(id.parse().map_err(|_| Failure::misbehaves())?, sink).await;
        }
        let url = self.session.resolve(address).ok_or_else(Failure::misbehaves)?;
        let headers = [("accept", "*/*".to_owned())];
        for attempt in 0..2 {
            let mut intake = Whole { sink: &mut *sink, failed: None };
            let outcome = self.session.fetch(&url, &headers, true, &mut intake).await;
            if let Some(error) = intake.failed {
                return Err(DownloadFailure::Sink(error));
            }
            let answer = outcome?;
            if answer.status == 200 {
                return Ok(());
            }
            if attempt == 0 && (300..500).contains(&answer.status) {
                // A refused token ends here, or is renewed.
                self.still_there(address).await?;
            }
        }
        Err(Failure::misbehaves().into())
    }

    /// A text that the service keeps in another encoding than it came in.
    async fn fetch_text(&self, id: i64, sink: &mut dyn Sink) -> Result<(), DownloadFailure> {
        let path = format!("{BASE}/attachments");
        let requested = conditions("id", [id].into_iter());
        let rows: Page<Text> =
            ask(&self.session, &search(&path, &[("fields", "Content")], &requested), Asked::General).await?;
        let text = rows.items.into_iter().next().ok_or(Failure::Gone)?;
        let taken = sink.begin(DownloadStart::Whole).and_then(|()| sink.write(text.content.as_bytes()));
        taken.map_err(DownloadFailure::Sink)
    }

    /// Whether the file is there for this user, in the interface's own words.
    async fn still_there(&self, address: &str) -> Result<(), Failure> {
        let id = address.split('/').nth(4).and_then(|id| id.parse().ok()).ok_or_else(Failure::misbehaves)?;
        let path = format!("{BASE}/attachments");
        let query = [("fields", "TransactionId,ContentType,Filename")];
        let requested = conditions("id", [id].into_iter());
        let rows: Page<Part> = ask(&self.session, &search(&path, &query, &requested), Asked::General).await?;
        if rows.items.is_empty() { Err(Failure::Gone) } else { Ok(()) }
    }
}

/// A body that always begins at its beginning.
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
        let done = if head.status == 200 { self.sink.begin(DownloadStart::Whole) } else { Err(SinkError::Unexpected) };
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
    fn no_file_is_called_a_text_on_its_way() {
        for (content_type, sent, name, read) in [
            ("text/csv", NO_TYPE, "Beträge.CSV", "text/csv"),
            ("text/plain", NO_TYPE, "a.txt", "text/plain"),
            ("message/rfc822", NO_TYPE, "a.eml", NO_TYPE),
            ("image/png", "image/png", "a.png", "image/png"),
        ] {
            assert_eq!((untouched(content_type), &*media_type(name, sent)), (sent, read));
        }
    }

    #[test]
    fn a_name_that_cannot_be_quoted_is_an_encoded_word() {
        for plain in ["Beleg „März“ \"1\" 写真.pdf", "=?UTF-8?Q?x?=.txt", "a.txt", "=?UTF-8?B?", "=?UTF-8?B?!?="]
        {
            assert_eq!(name(&quotable(plain)), plain);
        }
        assert_eq!(quotable("50% ü;a=b, c.txt"), "50% ü;a=b, c.txt");
        assert_eq!(quotable("a\"b.txt"), "=?UTF-8?B?YSJiLnR4dA==?=");
        assert_eq!(
            quotable("=?UTF-8?Q?x?=.txt"),
            format!("=?UTF-8?B?{}?=", BASE64_STANDARD.encode("=?UTF-8?Q?x?=.txt"))
        );
    }
}
