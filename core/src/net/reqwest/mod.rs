//! [`Http`] with the reqwest library: HTTP/1.1, TLS by rustls with compiled-in roots, no proxy, no redirects, no
//! retries.
//!
//! The time limit is on silence. An answer that keeps flowing has minutes, so even a slow network brings a whole page.
//! An answer that has not ended by then is given up, because a smaller page may come through. An exchange that carries
//! a file may take as long as it needs while bytes move.
//!
//! Answers are requested in gzip. The limit of their size applies to the unpacked bytes. Files are requested
//! uncompressed, so that a download that was cut off can continue in the middle. The end of a text that is too long to
//! be kept is dropped while it arrives ([`long_texts`]), and counts only towards a much higher limit of what may arrive
//! at all.

mod cause;
mod file;
mod long_texts;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ::reqwest::header::{CONTENT_TYPE, HeaderMap};
use ::reqwest::{Client, RequestBuilder, Response, redirect, retry};
use async_trait::async_trait;
use tokio::time::timeout;

use super::{Body, BodyPart, Http, HttpFailure, HttpRequest, HttpResponse, Method, Rejected, ResponseSink};
use crate::net::reqwest::cause::cause_of;
use crate::net::reqwest::file::FileFrames;
use crate::net::reqwest::long_texts::LongTexts;

/// The limits of an exchange.
#[derive(Clone, Copy)]
struct Limits {
    /// The time for finding the host, connecting and agreeing on TLS.
    connect: Duration,
    /// The longest silence: from the request until the answer begins, and between two pieces of the answer.
    silence: Duration,
    /// The time of a whole exchange, from finding the host to the last byte of the answer.
    whole: Duration,
    /// The longest time without a byte moving while a file is carried. It is long because bytes that were handed over
    /// may stay in the system's own buffers for a while.
    idle: Duration,
    /// The size of an answer's body once it is unpacked and its long texts are cut, in bytes.
    body: usize,
    /// The size of an answer's body once it is unpacked, in bytes.
    received: u64,
}

const LIMITS: Limits = Limits {
    connect: Duration::from_secs(10),
    silence: Duration::from_secs(30),
    whole: Duration::from_mins(5),
    idle: Duration::from_mins(1),
    body: 16 * 1024 * 1024,
    received: 192 * 1024 * 1024,
};

/// The slowest network, in bytes per second, on which the body of a request may still be sent.
const SLOWEST: u64 = 1_000;

/// The limit for a whole exchange that carries a file, in case bytes move all the time and never end.
const MAX_TRANSFER: Duration = Duration::from_hours(6);

/// The device's network. Connecting takes at most 10 s. An answer begins within 30 s, is never silent for longer, ends
/// within 5 min, and has at most 16 MiB besides what is cut of long texts. An exchange that carries a file ends after
/// one or two minutes in which no byte moved, and after 6 h in any case.
///
/// It must be polled inside a tokio runtime with time and I/O.
pub struct ReqwestHttp {
    /// For calls.
    client: Client,
    /// For files, which are never asked for in a packed form.
    files: Client,
    limits: Limits,
}

/// The network cannot be set up, because this build has no usable TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("TLS is not available")]
pub struct SetupError;

impl ReqwestHttp {
    /// Sets up the network. Nothing is connected yet.
    pub fn new() -> Result<Self, SetupError> {
        Self::with(LIMITS)
    }

    fn with(limits: Limits) -> Result<Self, SetupError> {
        let tls = tls()?;
        let client = |packed| {
            let client = Client::builder()
                .tls_backend_preconfigured(tls.clone())
                .http1_only()
                .no_proxy()
                .redirect(redirect::Policy::none())
                .retry(retry::never())
                .referer(false)
                .gzip(packed)
                .user_agent(concat!("Pocketdesk/", env!("CARGO_PKG_VERSION")))
                // A phone that changed networks may still hold connections of the last one.
                .pool_idle_timeout(Duration::from_secs(30))
                .connect_timeout(limits.connect)
                .timeout(limits.whole);
            client.build().map_err(|_| SetupError)
        };
        Ok(Self { client: client(true)?, files: client(false)?, limits })
    }
}

#[async_trait]
impl Http for ReqwestHttp {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpFailure> {
        let response = self.exchange(&self.client, request).await?;
        let (status, headers) = head(&response);
        Ok(HttpResponse { status, headers, body: self.rest(response).await? })
    }

    async fn fetch(&self, request: HttpRequest, sink: &mut dyn ResponseSink) -> Result<HttpResponse, HttpFailure> {
        let builder = with_headers(&self.files, &request).timeout(MAX_TRANSFER);
        let mut response = within(self.limits.idle, builder.send()).await?;
        let (status, headers) = head(&response);
        let mut answer = HttpResponse { status, headers, body: Vec::new() };
        if !answer.is_success() {
            answer.body = self.rest(response).await?;
            return Ok(answer);
        }
        sink.head(&answer).map_err(|Rejected| HttpFailure::Rejected)?;
        while let Some(piece) = within(self.limits.idle, response.chunk()).await? {
            sink.piece(&piece).map_err(|Rejected| HttpFailure::Rejected)?;
        }
        Ok(answer)
    }
}

impl ReqwestHttp {
    /// Sends a request and waits for the head of the answer.
    async fn exchange(&self, client: &Client, request: HttpRequest) -> Result<Response, HttpFailure> {
        let builder = with_headers(client, &request);
        match request.body {
            Body::Empty => within(self.silence(0), builder.send()).await,
            Body::Json(bytes) => within(self.silence(bytes.len()), builder.body(bytes).send()).await,
            Body::File(file) => self.send_with_files(builder, vec![BodyPart::File(file)]).await,
            Body::Multipart(body) => self.send_with_files(builder, body.parts).await,
        }
    }

    /// How long to wait for the beginning of the answer to a request with a body of `length` bytes.
    fn silence(&self, length: usize) -> Duration {
        let sending = Duration::from_secs(length as u64 / SLOWEST);
        self.limits.connect + self.limits.silence + sending
    }

    /// Sends a body with files.
    async fn send_with_files(&self, builder: RequestBuilder, parts: Vec<BodyPart>) -> Result<Response, HttpFailure> {
        let sent = Arc::new(AtomicU64::default());
        let frames = FileFrames::open(parts, Arc::clone(&sent)).map_err(|_| HttpFailure::NotSent)?;
        self.send_while_bytes_move(builder.timeout(MAX_TRANSFER).body(::reqwest::Body::wrap(frames)), &sent).await
    }

    /// Reads the body of an answer. Its time limit is that of the whole exchange.
    async fn rest(&self, mut response: Response) -> Result<Vec<u8>, HttpFailure> {
        // The announced length is a hint, which spares the body from growing piece by piece.
        let announced = response.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or_default();
        let mut body = Vec::with_capacity(announced.min(self.limits.body));
        let mut texts = is_json(&response).then(LongTexts::default);
        let mut received = 0_u64;
        while let Some(piece) = within(self.limits.silence, response.chunk()).await? {
            received += piece.len() as u64;
            match &mut texts {
                Some(texts) => texts.push(&piece, &mut body),
                None => body.extend_from_slice(&piece),
            }
            if body.len() > self.limits.body || received > self.limits.received {
                return Err(HttpFailure::TooLarge);
            }
        }
        Ok(body)
    }

    /// Sends a long body. Gives up after the first interval of [`idle`](Limits::idle) in which no byte was handed over.
    async fn send_while_bytes_move(&self, builder: RequestBuilder, sent: &AtomicU64) -> Result<Response, HttpFailure> {
        let mut sending = std::pin::pin!(builder.send());
        let mut before = 0;
        loop {
            if let Ok(outcome) = timeout(self.limits.idle, sending.as_mut()).await {
                return outcome.map_err(|error| failure_of(&error));
            }
            let now = sent.load(Ordering::Relaxed);
            if now == before {
                return Err(HttpFailure::TimedOut);
            }
            before = now;
        }
    }
}

/// A request with its headers, before its body.
fn with_headers(client: &Client, request: &HttpRequest) -> RequestBuilder {
    let mut builder = client.request(method(request.method), request.url.clone());
    for (name, value) in &request.headers {
        builder = builder.header(*name, value);
    }
    match request.body.content_type() {
        Some(kind) => builder.header(CONTENT_TYPE, kind),
        None => builder,
    }
}

fn is_json(response: &Response) -> bool {
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.to_ascii_lowercase().contains("json"))
}

fn head(response: &Response) -> (u16, Vec<(String, String)>) {
    (response.status().as_u16(), text_headers(response.headers()))
}

/// The TLS configuration. It does not use the platform's verifier, which needs a Java context on Android that a library
/// cannot count on.
fn tls() -> Result<rustls::ClientConfig, SetupError> {
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| SetupError)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(config)
}

/// Waits for the next step of an exchange, at most for `limit`.
async fn within<T>(limit: Duration, step: impl Future<Output = Result<T, ::reqwest::Error>>) -> Result<T, HttpFailure> {
    match timeout(limit, step).await {
        Ok(outcome) => outcome.map_err(|error| failure_of(&error)),
        Err(_) => Err(HttpFailure::TimedOut),
    }
}

/// The failure that `error` stands for. Nothing was sent if there was no connection or if the request could not be
/// built. A timeout or a broken connection may have come after the last byte of the request.
fn failure_of(error: &::reqwest::Error) -> HttpFailure {
    let (cause, code) = cause_of(error);
    tracing::debug!(cause, code, "no answer");
    if error.is_connect() || error.is_builder() {
        HttpFailure::NotSent
    } else if error.is_timeout() {
        HttpFailure::TimedOut
    } else {
        HttpFailure::Broken
    }
}

/// The headers as text, without those whose value is not text.
fn text_headers(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
        .collect()
}

fn method(method: Method) -> ::reqwest::Method {
    match method {
        Method::Get => ::reqwest::Method::GET,
        Method::Post => ::reqwest::Method::POST,
        Method::Put => ::reqwest::Method::PUT,
        Method::Patch => ::reqwest::Method::PATCH,
        Method::Delete => ::reqwest::Method::DELETE,
    }
}
