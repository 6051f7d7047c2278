//! [`Http`] with the reqwest library: HTTP/1.1, TLS by rustls with compiled-in roots, no proxy, no redirects, no
//! retries.
//!
//! The time of a short exchange is limited as a whole. An exchange that carries a file may take as long as it needs
//! while bytes move: only the time without any byte is limited.

mod file;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ::reqwest::header::{CONTENT_TYPE, HeaderMap};
use ::reqwest::{Client, RequestBuilder, Response, redirect, retry};
use async_trait::async_trait;
use tokio::time::timeout;

use super::{Body, BodyPart, Http, HttpFailure, HttpRequest, HttpResponse, Method, Rejected, ResponseSink};
use crate::net::reqwest::file::FileFrames;

/// The limits of an exchange.
#[derive(Clone, Copy)]
struct Limits {
    /// The time for finding the host, connecting and agreeing on TLS.
    connect: Duration,
    /// The time of a whole exchange, from finding the host to the last byte of the answer.
    whole: Duration,
    /// The longest time without a byte moving while a file is carried. It is long because bytes that were handed over
    /// may stay in the system's own buffers for a while.
    idle: Duration,
    /// The size of an answer's body, in bytes.
    body: usize,
}

const LIMITS: Limits = Limits {
    connect: Duration::from_secs(10),
    whole: Duration::from_secs(30),
    idle: Duration::from_mins(1),
    body: 16 * 1024 * 1024,
};

/// The limit for a whole exchange that carries a file, in case bytes move all the time and never end.
const MAX_TRANSFER: Duration = Duration::from_hours(6);

/// The device's network. Connecting takes at most 10 s, an exchange at most 30 s, and an answer has at most 16 MiB. An
/// exchange that carries a file ends after 60 s in which no byte moved.
///
/// It must be polled inside a tokio runtime with time and I/O.
pub struct ReqwestHttp {
    client: Client,
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
        let client = Client::builder()
            .tls_backend_preconfigured(tls()?)
            .http1_only()
            .no_proxy()
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .referer(false)
            .user_agent(concat!("Pocketdesk/", env!("CARGO_PKG_VERSION")))
            // A phone that changed networks may still hold connections of the last one.
            .pool_idle_timeout(Duration::from_secs(30))
            .connect_timeout(limits.connect)
            .timeout(limits.whole)
            .build()
            .map_err(|_| SetupError)?;
        Ok(Self { client, limits })
    }
}

#[async_trait]
impl Http for ReqwestHttp {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpFailure> {
        let response = self.exchange(request, false).await?;
        let (status, headers) = head(&response);
        Ok(HttpResponse { status, headers, body: self.rest(response).await? })
    }

    async fn fetch(&self, request: HttpRequest, sink: &mut dyn ResponseSink) -> Result<HttpResponse, HttpFailure> {
        let mut response =
            timeout(self.limits.idle, self.exchange(request, true)).await.map_err(|_| HttpFailure::Broken)??;
        let (status, headers) = head(&response);
        let mut answer = HttpResponse { status, headers, body: Vec::new() };
        if !answer.is_success() {
            answer.body = self.rest(response).await?;
            return Ok(answer);
        }
        sink.head(&answer).map_err(|Rejected| HttpFailure::Rejected)?;
        loop {
            let piece = timeout(self.limits.idle, response.chunk()).await.map_err(|_| HttpFailure::Broken)?;
            match piece.map_err(|_| HttpFailure::Broken)? {
                Some(piece) => sink.piece(&piece).map_err(|Rejected| HttpFailure::Rejected)?,
                None => return Ok(answer),
            }
        }
    }
}

impl ReqwestHttp {
    /// Sends a request and waits for the head of the answer. `long` means that the answer may take longer than a short
    /// exchange.
    async fn exchange(&self, request: HttpRequest, long: bool) -> Result<Response, HttpFailure> {
        let mut builder = self.client.request(method(request.method), request.url);
        for (name, value) in request.headers {
            builder = builder.header(name, value);
        }
        if let Some(kind) = request.body.content_type() {
            builder = builder.header(CONTENT_TYPE, kind);
        }
        if long {
            builder = builder.timeout(MAX_TRANSFER);
        }
        match request.body {
            Body::Empty => builder.send().await.map_err(|error| failure_of(&error)),
            Body::Json(bytes) => builder.body(bytes).send().await.map_err(|error| failure_of(&error)),
            Body::File(file) => self.send_with_files(builder, vec![BodyPart::File(file)]).await,
            Body::Multipart(body) => self.send_with_files(builder, body.parts).await,
        }
    }

    /// Sends a body with files.
    async fn send_with_files(&self, builder: RequestBuilder, parts: Vec<BodyPart>) -> Result<Response, HttpFailure> {
        let sent = Arc::new(AtomicU64::default());
        let frames = FileFrames::open(parts, Arc::clone(&sent)).map_err(|_| HttpFailure::NotSent)?;
        self.send_while_bytes_move(builder.timeout(MAX_TRANSFER).body(::reqwest::Body::wrap(frames)), &sent).await
    }

    /// Reads the body of a short answer.
    async fn rest(&self, response: Response) -> Result<Vec<u8>, HttpFailure> {
        timeout(self.limits.whole, read(response, self.limits.body)).await.map_err(|_| HttpFailure::Broken)?
    }

    /// Sends a long body. The time limit starts again whenever a byte has been handed over.
    async fn send_while_bytes_move(&self, builder: RequestBuilder, sent: &AtomicU64) -> Result<Response, HttpFailure> {
        let mut sending = std::pin::pin!(builder.send());
        let mut before = 0;
        loop {
            if let Ok(outcome) = timeout(self.limits.idle, sending.as_mut()).await {
                return outcome.map_err(|error| failure_of(&error));
            }
            let now = sent.load(Ordering::Relaxed);
            if now == before {
                return Err(HttpFailure::Broken);
            }
            before = now;
        }
    }
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

/// The failure that `error` stands for. Nothing was sent if there was no connection or if the request could not be
/// built. A timeout or a broken connection may have come after the last byte of the request.
fn failure_of(error: &::reqwest::Error) -> HttpFailure {
    if error.is_connect() || error.is_builder() { HttpFailure::NotSent } else { HttpFailure::Broken }
}

async fn read(mut response: Response, largest: usize) -> Result<Vec<u8>, HttpFailure> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|_| HttpFailure::Broken)? {
        if chunk.len() > largest.saturating_sub(body.len()) {
            return Err(HttpFailure::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
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
        Method::Delete => ::reqwest::Method::DELETE,
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::{Shutdown, TcpListener, TcpStream};
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;

    use url::Url;

    use super::{LIMITS, Limits, ReqwestHttp};
    use crate::net::{Body, Http, HttpFailure, HttpRequest, HttpResponse, Method};

    /// Serves one connection with `serve`, and reports the request that it received.
    fn server(serve: impl FnOnce(&mut TcpStream) + Send + 'static) -> (Url, mpsc::Receiver<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = Url::parse(&format!("http://{}/api/v2/requests?page=1", listener.local_addr().unwrap())).unwrap();
        let (report, reported) = mpsc::channel();
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let (mut received, mut buffer) = (Vec::new(), [0; 4096]);
            while !received.ends_with(b"}") && !received.ends_with(b"\r\n\r\n") {
                match stream.read(&mut buffer).unwrap() {
                    0 => break,
                    length => received.extend_from_slice(&buffer[..length]),
                }
            }
            report.send(String::from_utf8_lossy(&received).into_owned()).unwrap();
            serve(&mut stream);
        });
        (url, reported)
    }

    fn answers(answer: impl Into<Vec<u8>>) -> impl FnOnce(&mut TcpStream) + Send + 'static {
        let answer = answer.into();
        move |stream| {
            // A client that has read enough may close the connection.
            let _ = stream.write_all(&answer);
        }
    }

    async fn send(url: Url, body: Body, limits: Limits) -> Result<HttpResponse, HttpFailure> {
        let headers = vec![("authorization", "Bearer ada-token".to_owned())];
        let http = ReqwestHttp::with(limits).unwrap();
        http.send(HttpRequest { method: Method::Get, url, headers, body }).await
    }

    async fn get(url: Url) -> Result<HttpResponse, HttpFailure> {
        send(url, Body::Empty, LIMITS).await
    }

    #[tokio::test]
    async fn sends_the_bytes_unchanged_and_gives_back_the_whole_answer() {
        let (url, received) =
            server(answers("HTTP/1.1 201 Created\r\nX-Rate-Limit: 700\r\nContent-Length: 6\r\n\r\nGrüß"));
        let answer = send(url, Body::Json("{\"a\" : \"Grüße 👋\"}".into()), LIMITS).await;
        let received = received.recv().unwrap();
        assert!(received.starts_with("GET /api/v2/requests?page=1 HTTP/1.1\r\n"), "{received}");
        assert!(received.contains("authorization: Bearer ada-token\r\n"), "{received}");
        assert!(received.contains("content-type: application/json\r\n"), "{received}");
        assert!(received.contains(concat!("user-agent: Pocketdesk/", env!("CARGO_PKG_VERSION"))), "{received}");
        assert!(received.ends_with("\r\n\r\n{\"a\" : \"Grüße 👋\"}"), "{received}");
        let answer = answer.unwrap();
        assert_eq!((answer.status, answer.header("x-rate-limit")), (201, Some("700")));
        assert_eq!(answer.body, "Grüß".as_bytes());
    }

    #[tokio::test]
    async fn a_redirect_is_an_answer_like_any_other() {
        let moved = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/login\r\nContent-Length: 0\r\n\r\n";
        assert_eq!(get(server(answers(moved)).0).await.unwrap().status, 302);
    }

    #[tokio::test]
    async fn a_refused_connection_and_an_unknown_host_mean_not_sent() {
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        assert_eq!(get(Url::parse(&format!("http://{free}/")).unwrap()).await.unwrap_err(), HttpFailure::NotSent);
        let nowhere = Url::parse("https://desk.invalid/").unwrap();
        assert_eq!(get(nowhere).await.unwrap_err(), HttpFailure::NotSent);
    }

    #[tokio::test]
    async fn no_agreement_on_tls_means_not_sent() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = Url::parse(&format!("https://{}/", listener.local_addr().unwrap())).unwrap();
        thread::spawn(move || listener.accept().unwrap().0.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap());
        assert_eq!(get(url).await.unwrap_err(), HttpFailure::NotSent);
    }

    #[tokio::test]
    async fn a_connection_that_breaks_after_the_request_may_have_carried_it() {
        let hangs_up = |stream: &mut TcpStream| stream.shutdown(Shutdown::Both).unwrap();
        assert_eq!(get(server(hangs_up).0).await.unwrap_err(), HttpFailure::Broken);
        let half = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"requests\":[";
        assert_eq!(get(server(answers(half)).0).await.unwrap_err(), HttpFailure::Broken);
    }

    #[tokio::test]
    async fn an_answer_that_does_not_come_ends_at_the_time_limit() {
        let (release, held) = mpsc::channel::<()>();
        let (url, _received) = server(move |_| {
            let _ = held.recv();
        });
        let limits = Limits { whole: Duration::from_millis(200), ..LIMITS };
        assert_eq!(send(url, Body::Empty, limits).await.unwrap_err(), HttpFailure::Broken);
        drop(release);
    }

    #[tokio::test]
    async fn an_answer_over_the_limit_is_not_read_to_its_end() {
        let limits = Limits { body: 1000, ..LIMITS };
        let fits = format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}", "a".repeat(1000));
        let (url, _received) = server(answers(fits.clone()));
        assert_eq!(send(url, Body::Empty, limits).await.unwrap().body.len(), 1000);
        let (url, _received) = server(answers(fits + "a"));
        assert_eq!(send(url, Body::Empty, limits).await.unwrap_err(), HttpFailure::TooLarge);
    }
}
