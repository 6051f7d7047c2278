//! The request for a delivered definition.

use url::Url;

use super::accept::Refusal;
use crate::net::{Body, Http, HttpFailure, HttpRequest, HttpResponse, Method, Rejected, ResponseSink};
use crate::product::LARGEST_DEFINITION;

const NOT_MODIFIED: u16 = 304;

/// What the address answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fetched {
    /// The text that is known already.
    Unchanged,
    /// A text.
    Text {
        /// The text.
        text: String,
        /// Its entity tag, with which the next request asks for a newer one.
        etag: Option<String>,
    },
}

/// Asks for the definition at `url`, without a token. `etag` is that of the text that is known.
pub(super) async fn fetch(http: &dyn Http, url: &Url, etag: Option<&str>) -> Result<Fetched, Refusal> {
    let mut headers = vec![("accept", "application/json".to_owned())];
    headers.extend(etag.map(|etag| ("if-none-match", etag.to_owned())));
    let request = HttpRequest { method: Method::Get, url: url.clone(), headers, body: Body::Empty };
    let mut bytes = Bytes::default();
    let answer = match http.fetch(request, &mut bytes).await {
        Ok(answer) => answer,
        Err(HttpFailure::Rejected | HttpFailure::TooLarge) => return Err(Refusal::NoText),
        Err(failure) => return Err(Refusal::Unreachable(failure)),
    };
    match answer.status {
        NOT_MODIFIED if etag.is_some() => Ok(Fetched::Unchanged),
        _ if answer.is_success() => {
            let text = String::from_utf8(bytes.0).map_err(|_| Refusal::NoText)?;
            Ok(Fetched::Text { text, etag: answer.header("etag").map(str::to_owned) })
        }
        status => Err(Refusal::Status(status)),
    }
}

/// The bytes of an answer, at most as many as a definition may have.
#[derive(Default)]
struct Bytes(Vec<u8>);

impl ResponseSink for Bytes {
    fn head(&mut self, head: &HttpResponse) -> Result<(), Rejected> {
        let largest = u64::try_from(LARGEST_DEFINITION).unwrap_or(u64::MAX);
        if head.length().is_some_and(|length| length > largest) { Err(Rejected) } else { Ok(()) }
    }

    fn piece(&mut self, bytes: &[u8]) -> Result<(), Rejected> {
        if self.0.len() + bytes.len() > LARGEST_DEFINITION {
            return Err(Rejected);
        }
        self.0.extend_from_slice(bytes);
        Ok(())
    }
}
