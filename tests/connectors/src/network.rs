//! The connection from a client to its server: a proxy that forwards requests, counts them, and can cut the connection.
//!
//! A cut *before* the server: the proxy has received the whole request, does not forward it, and closes the client's
//! connection without an answer. A cut *after* the server: the server has applied the request and answered, and the
//! proxy drops the answer with the connection. A client cannot tell one from the other, so both are tested.
//!
//! The proxy can also answer in the server's place, as a firewall does ([`Instead`]), and put a byte-order mark before the
//! server's JSON, as some servers do. The server's own address in its JSON is replaced by the proxy's, as by any reverse
//! proxy.

use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, header};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use url::Url;

use crate::trouble::Broken;

/// Whether a connection is cut before or after the server has applied the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// The server never receives the request.
    Before,
    /// The server has applied the request.
    After,
}

/// What a client and its server exchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Traffic {
    /// Requests, including those that were cut.
    pub requests: usize,
    /// How many of them were not mere reads.
    pub writes: usize,
    /// Bytes of bodies, in both directions.
    pub bytes: usize,
}

impl Traffic {
    /// The traffic since `earlier`.
    #[must_use]
    pub fn since(self, earlier: Self) -> Self {
        Self {
            requests: self.requests.saturating_sub(earlier.requests),
            writes: self.writes.saturating_sub(earlier.writes),
            bytes: self.bytes.saturating_sub(earlier.bytes),
        }
    }
}

/// The request to cut.
#[derive(Debug, Clone, Copy)]
struct Cut {
    /// How many requests to let through before it.
    skip: usize,
    when: When,
}

/// The answer of something in between, which does not let the request through to the server.
#[derive(Debug, Clone)]
pub struct Instead {
    /// The requests that it concerns.
    pub to: Concerned,
    /// The status.
    pub status: u16,
    /// A header, besides the content type.
    pub header: Option<(&'static str, &'static str)>,
    /// The content type.
    pub kind: &'static str,
    /// The body.
    pub body: &'static str,
}

/// Requests that an [`Instead`] concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Concerned {
    /// Every request.
    All,
    /// Requests that are not mere reads.
    Writes,
    /// Requests that carry a file.
    Files,
}

impl Concerned {
    fn has(self, head: &hyper::http::request::Parts) -> bool {
        let is_json = || head.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/json");
        match self {
            Self::All => true,
            Self::Writes => !head.method.is_safe(),
            Self::Files => !head.method.is_safe() && !is_json(),
        }
    }
}

#[derive(Debug, Default)]
struct Counters {
    traffic: Traffic,
    cut: Option<Cut>,
    instead: Option<Instead>,
    /// Whether JSON begins with a byte-order mark.
    marked: bool,
    /// How many requests were cut.
    cuts: usize,
}

impl Counters {
    /// Counts a request and returns where to cut it, if at all.
    fn enter(&mut self, write: bool, bytes: usize) -> Option<When> {
        self.traffic.requests += 1;
        self.traffic.writes += usize::from(write);
        self.traffic.bytes += bytes;
        let cut = self.cut.as_mut()?;
        if cut.skip > 0 {
            cut.skip -= 1;
            return None;
        }
        let when = cut.when;
        self.cut = None;
        self.cuts += 1;
        Some(when)
    }
}

/// One client's connection to the server. Dropping it stops the proxy.
#[derive(Debug)]
pub struct Network {
    address: Url,
    counters: Arc<Mutex<Counters>>,
    task: JoinHandle<()>,
}

impl Drop for Network {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Network {
    /// Starts a proxy for the server at `server`, which listens on this machine.
    pub async fn to(server: &Url) -> Result<Self, Broken> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?.to_string();
        let server = format!("{}:{}", Ipv4Addr::LOCALHOST, server.port_or_known_default().unwrap_or_default());
        let counters: Arc<Mutex<Counters>> = Arc::default();
        let proxy = Arc::new(Proxy { address: address.clone(), server, counters: Arc::clone(&counters) });
        Ok(Self {
            address: Url::parse(&format!("http://{address}"))?,
            counters,
            task: tokio::spawn(accept(listener, proxy)),
        })
    }

    /// The proxy's address, which the client takes for the server's.
    #[must_use]
    pub fn address(&self) -> &Url {
        &self.address
    }

    /// Cuts one request, after letting `skip` requests through.
    pub fn cut(&self, skip: usize, when: When) {
        lock(&self.counters).cut = Some(Cut { skip, when });
    }

    /// Cancels a planned cut.
    pub fn stop_cutting(&self) {
        lock(&self.counters).cut = None;
    }

    /// From now on answers in the server's place; `None` lets everything through again.
    pub fn answer_instead(&self, instead: Option<Instead>) {
        lock(&self.counters).instead = instead;
    }

    /// From now on puts a byte-order mark before the server's JSON.
    pub fn mark_byte_order(&self) {
        lock(&self.counters).marked = true;
    }

    /// The traffic so far.
    #[must_use]
    pub fn traffic(&self) -> Traffic {
        lock(&self.counters).traffic
    }

    /// How many requests were cut so far.
    #[must_use]
    pub fn cuts(&self) -> usize {
        lock(&self.counters).cuts
    }
}

/// Locks the counters even if a holder panicked: numbers are never half-written.
fn lock(counters: &Mutex<Counters>) -> MutexGuard<'_, Counters> {
    counters.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The addresses of both ends, as `host:port`.
struct Proxy {
    address: String,
    server: String,
    counters: Arc<Mutex<Counters>>,
}

async fn accept(listener: TcpListener, proxy: Arc<Proxy>) {
    let mut connections = JoinSet::new();
    loop {
        // Accepting may succeed again later.
        let Ok((stream, _)) = listener.accept().await else { continue };
        let proxy = Arc::clone(&proxy);
        connections.spawn(async move {
            let service = service_fn(move |request| handle(Arc::clone(&proxy), request));
            // An error here means that the client disconnected, or that the request was cut.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
        while connections.try_join_next().is_some() {}
    }
}

/// Handles one request. An error closes the client's connection without an answer.
async fn handle(proxy: Arc<Proxy>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Broken> {
    let (mut head, body) = request.into_parts();
    let body = body.collect().await?.to_bytes();
    let (cut, instead, marked) = {
        let mut counters = lock(&proxy.counters);
        let cut = counters.enter(!head.method.is_safe(), body.len());
        (cut, counters.instead.clone().filter(|instead| instead.to.has(&head)), counters.marked)
    };
    if cut == Some(When::Before) {
        return Err(Broken::new("cut before the server"));
    }
    if let Some(instead) = instead {
        return instead.answer();
    }
    // The proxy changes what the server says, so it needs it unpacked.
    head.headers.remove(header::ACCEPT_ENCODING);
    let answer = forward(&proxy.server, Request::from_parts(head, Full::new(body))).await?;
    lock(&proxy.counters).traffic.bytes += answer.body().len();
    if cut == Some(When::After) {
        return Err(Broken::new("cut after the server"));
    }
    let (mut head, body) = answer.into_parts();
    for hop in [header::CONNECTION, header::TRANSFER_ENCODING, header::CONTENT_LENGTH] {
        head.headers.remove(hop);
    }
    let kind = head.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let body = if kind.is_some_and(|kind| kind.starts_with("application/json")) {
        let text = std::str::from_utf8(&body)?.replace(&proxy.server, &proxy.address);
        Bytes::from(if marked { format!("\u{feff}{text}") } else { text })
    } else {
        body
    };
    Ok(Response::from_parts(head, Full::new(body)))
}

impl Instead {
    fn answer(self) -> Result<Response<Full<Bytes>>, Broken> {
        let mut answer = Response::builder().status(self.status).header(header::CONTENT_TYPE, self.kind);
        if let Some((name, value)) = self.header {
            answer = answer.header(name, value);
        }
        answer.body(Full::new(Bytes::from(self.body))).map_err(|_| Broken::new("not an answer"))
    }
}

async fn forward(server: &str, request: Request<Full<Bytes>>) -> Result<Response<Bytes>, Broken> {
    let stream = TcpStream::connect(server).await?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    // The connection ends with the exchange, which reports its errors.
    let connection = tokio::spawn(connection);
    let (head, body) = sender.send_request(request).await?.into_parts();
    let body = body.collect().await?.to_bytes();
    connection.abort();
    Ok(Response::from_parts(head, body))
}

impl std::error::Error for Broken {}

impl From<Infallible> for Broken {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}
