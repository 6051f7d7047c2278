//! Uploads, and the way to an attachment's bytes.
//!
//! The address in `content_url` is the server's; it answers with a redirect to where the bytes lie, which refuses a request that
//! is signed in a second way. So redirects are followed here, by hand, without the token, to https (or this very device) only,
//! and not for ever.

use super::calls::{Call, ask};
use super::classify::{self, Asked};
use super::wire;
use crate::model::{DownloadFailure, DownloadStart, Failure, Sink, SinkError, UploadFile, Uploaded};
use crate::net::answer::moment;
use crate::net::session::Session;
use crate::net::{Body, FileBody, HttpResponse, Rejected, ResponseSink};

/// More redirects than this are a walk in circles.
const MOST_HOPS: u32 = 5;

pub(super) async fn upload(session: &Session, file: &UploadFile) -> Result<Uploaded, Failure> {
    let body = FileBody {
        path: file.path.clone(),
        length: file.size,
        content_type: file.content_type.clone(),
        progress: file.progress.clone(),
    };
    let query = [("filename", &*file.name)];
    let call = Call { asked: Asked::Upload, path: "/api/v2/uploads", query: &query, body: Body::File(body), key: None };
    let wire::Upload { token, expires_at } = ask::<wire::UploadAnswer>(session, call).await?.upload;
    if token.is_empty() {
        return Err(Failure::misbehaves());
    }
    Ok(Uploaded { token, expires_at: expires_at.as_deref().and_then(moment) })
}

pub(super) async fn download(
    session: &Session,
    address: &str,
    offset: u64,
    sink: &mut dyn Sink,
) -> Result<(), DownloadFailure> {
    let mut url = session.resolve(address).ok_or_else(Failure::misbehaves)?;
    let mut headers = vec![("accept", "*/*".to_owned())];
    if offset > 0 {
        headers.push(("range", format!("bytes={offset}-")));
    }
    for hop in 0..=MOST_HOPS {
        let mut intake = Ranged { sink: &mut *sink, failed: None };
        let outcome = session.fetch(&url, &headers, hop == 0, &mut intake).await;
        if let Some(error) = intake.failed {
            return Err(DownloadFailure::Sink(error));
        }
        let answer = outcome?;
        match answer.status {
            200 | 206 => return Ok(()),
            301 | 302 | 303 | 307 | 308 => {
                let next = answer.header("location").and_then(|location| url.join(location).ok());
                let next = next.and_then(|next| session.resolve(next.as_str()));
                url = next.ok_or_else(Failure::misbehaves)?;
            }
            // What is here already is not what lies there.
            416 => return Err(DownloadFailure::Sink(SinkError::Unexpected)),
            403 | 404 | 410 if hop > 0 => return Err(Failure::Gone.into()),
            _ => return Err(classify::failure(&answer, Asked::Read).unwrap_or_else(Failure::misbehaves).into()),
        }
    }
    Err(Failure::misbehaves().into())
}

/// Tells the sink from where on the bytes come.
struct Ranged<'a> {
    sink: &'a mut dyn Sink,
    failed: Option<SinkError>,
}

impl Ranged<'_> {
    fn keep(&mut self, done: Result<(), SinkError>) -> Result<(), Rejected> {
        done.map_err(|error| {
            self.failed = Some(error);
            Rejected
        })
    }
}

impl ResponseSink for Ranged<'_> {
    fn head(&mut self, head: &HttpResponse) -> Result<(), Rejected> {
        let landing = match head.status {
            206 => head.header("content-range").and_then(first_byte).map(DownloadStart::From),
            200 => Some(DownloadStart::Whole),
            _ => None,
        };
        let done = landing.map_or(Err(SinkError::Unexpected), |landing| self.sink.begin(landing));
        self.keep(done)
    }

    fn piece(&mut self, bytes: &[u8]) -> Result<(), Rejected> {
        let done = self.sink.write(bytes);
        self.keep(done)
    }
}

/// `bytes 1024-2047/4096` begins at 1024.
fn first_byte(range: &str) -> Option<u64> {
    range.trim().strip_prefix("bytes")?.trim().split_once('-')?.0.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::first_byte;

    #[test]
    fn a_range_says_where_it_begins() {
        for (range, expected) in [
            ("bytes 1024-2047/4096", Some(1024)),
            ("bytes 0-0/*", Some(0)),
            ("bytes */4096", None),
            ("pages 1-2/3", None),
            ("", None),
        ] {
            assert_eq!(first_byte(range), expected, "{range}");
        }
    }
}
