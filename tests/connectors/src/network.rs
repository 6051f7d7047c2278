//! The way from a client to its server: a proxy that passes requests on one by one, counts them, and cuts.
//!
//! A cut before the server: the request came here whole, the server never hears of it, and the client's connection closes without
//! an answer. A cut after it: the server has applied the request and answered, and the answer is thrown away with the
//! connection. No client can tell one from the other, which is why both are tried.
//!
//! Addresses in the server's JSON that name the server itself name the proxy when they arrive, as behind any reverse proxy.

use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1 as server;
use hyper::service::service_fn;
use hyper::{Request, Response, header};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use url::Url;

use crate::trouble::Broken;

/// On which side of the server's work a connection is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// The server never hears of the request.
    Before,
    /// The server has applied the request.
    After,
}

/// What went along a way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Traffic {
    /// Requests, also those that were cut.
    pub requests: usize,
    /// Of these, the ones that were not mere reads.
    pub writes: usize,
    /// Bytes of bodies, both ways.
    pub bytes: usize,
}

impl Traffic {
    /// What went along since `earlier`.
    #[must_use]
    pub fn since(self, earlier: Self) -> Self {
        Self {
            requests: self.requests.saturating_sub(earlier.requests),
            writes: self.writes.saturating_sub(earlier.writes),
            bytes: self.bytes.saturating_sub(earlier.bytes),
        }
    }
}

/// Which request is cut.
#[derive(Debug, Clone, Copy)]
struct Cut {
    /// So many pass before it.
    skip: usize,
    when: When,
}

#[derive(Debug, Default)]
struct Ledger {
    traffic: Traffic,
    cut: Option<Cut>,
    /// How many were cut.
    cuts: usize,
}

impl Ledger {
    /// Writes the request down and says where it is cut.
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

/// One client's way to the server; it ends when this is dropped.
#[derive(Debug)]
pub struct Network {
    address: Url,
    ledger: Arc<Mutex<Ledger>>,
    server: JoinHandle<()>,
}

impl Drop for Network {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Network {
    /// A new way to the server at `desk`, which listens on this machine.
    pub async fn to(app: &Url) -> Result<Self, Broken> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let own = listener.local_addr()?.to_string();
        let far = format!("{}:{}", Ipv4Addr::LOCALHOST, app.port_or_known_default().unwrap_or_default());
        let ledger: Arc<Mutex<Ledger>> = Arc::default();
        let ends = Arc::new(Ends { own: own.clone(), far, ledger: Arc::clone(&ledger) });
        Ok(Self {
            address: Url::parse(&format!("http://{own}"))?,
            ledger,
            server: tokio::spawn(accept(listener, ends)),
        })
    }

    /// What a client takes for the server's address.
    #[must_use]
    pub fn address(&self) -> &Url {
        &self.address
    }

    /// Cuts the one request that comes after `skip` others.
    pub fn cut(&self, skip: usize, when: When) {
        lock(&self.ledger).cut = Some(Cut { skip, when });
    }

    /// Cuts nothing more.
    pub fn mend(&self) {
        lock(&self.ledger).cut = None;
    }

    /// What went along it so far.
    #[must_use]
    pub fn traffic(&self) -> Traffic {
        lock(&self.ledger).traffic
    }

    /// How many requests were cut so far.
    #[must_use]
    pub fn cuts(&self) -> usize {
        lock(&self.ledger).cuts
    }
}

/// Whoever held the lock and panicked left numbers behind, nothing half done.
fn lock(ledger: &Mutex<Ledger>) -> MutexGuard<'_, Ledger> {
    ledger.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Both ends of a way, as `host:port`.
struct Ends {
    own: String,
    far: String,
    ledger: Arc<Mutex<Ledger>>,
}

async fn accept(listener: TcpListener, ends: Arc<Ends>) {
    let mut connections = JoinSet::new();
    loop {
        // The next one may be luckier.
        let Ok((stream, _)) = listener.accept().await else { continue };
        let ends = Arc::clone(&ends);
        connections.spawn(async move {
            let service = service_fn(move |request| pass(Arc::clone(&ends), request));
            // An error here is the client's departure, or a cut.
            let _ = server::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
        while connections.try_join_next().is_some() {}
    }
}

/// One request. An error closes the client's connection without an answer.
async fn pass(ends: Arc<Ends>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Broken> {
    let (head, body) = request.into_parts();
    let body = body.collect().await?.to_bytes();
    let cut = lock(&ends.ledger).enter(!head.method.is_safe(), body.len());
    if cut == Some(When::Before) {
        return Err(Broken::new("cut before the server"));
    }
    let answer = forward(&ends.far, Request::from_parts(head, Full::new(body))).await?;
    lock(&ends.ledger).traffic.bytes += answer.body().len();
    if cut == Some(When::After) {
        return Err(Broken::new("cut after the server"));
    }
    let (mut head, body) = answer.into_parts();
    for hop in [header::CONNECTION, header::TRANSFER_ENCODING, header::CONTENT_LENGTH] {
        head.headers.remove(hop);
    }
    let kind = head.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let body = if kind.is_some_and(|kind| kind.starts_with("application/json")) {
        let text = std::str::from_utf8(&body)?;
        Bytes::from(text.replace(&ends.far, &ends.own))
    } else {
        body
    };
    Ok(Response::from_parts(head, Full::new(body)))
}

async fn forward(far: &str, request: Request<Full<Bytes>>) -> Result<Response<Bytes>, Broken> {
    let stream = TcpStream::connect(far).await?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    // Ends with the exchange; what goes wrong is told by the exchange.
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
