//! The server that the client talks to. It passes every request to the sandbox, and the rules of a mode change the
//! request or its answer.
//!
//! hyper serves the connections directly, so that a connection can be dropped without an answer.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures_util::stream::{self, StreamExt};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use pocketdesk::net::{Body, Http, HttpRequest, Method, ReqwestHttp};
use pocketdesk_sandbox::{Options, Running, Sandbox};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use url::Url;

use crate::Error;
use crate::clockwork::Shared;
use crate::exchange::{Answer, Asked, Reply, forwarded};
use crate::fault::{Cast, Effect, Rule};

/// A line of the log.
#[derive(Debug, Clone)]
pub(crate) struct Logged {
    /// When it arrived, in injected time.
    pub at: Duration,
    /// `METHOD /path`.
    pub what: String,
    /// The rest of the address.
    pub query: String,
    /// Whether it asked for a compressed answer.
    pub gzip: bool,
}

/// A hostile server.
pub(crate) struct Server {
    pub address: SocketAddr,
    inner: Arc<Inner>,
    accepting: JoinHandle<()>,
}

struct Inner {
    /// Stops when it is dropped.
    _sandbox: Running,
    upstream: Url,
    host: String,
    http: ReqwestHttp,
    clock: Shared,
    /// How far the sandbox's clock was moved, in s.
    moved: AtomicU64,
    rules: Vec<(Rule, Mutex<u32>)>,
    on: AtomicBool,
    cast: Mutex<Cast>,
    log: Mutex<Vec<Logged>>,
}

/// The connection is dropped.
#[derive(Debug, thiserror::Error)]
#[error("the connection was cut on purpose")]
struct Cut;

type Sent = UnsyncBoxBody<Bytes, Cut>;

impl Server {
    /// Starts a sandbox and, on `port` (0: a free one), the server in front of it. The rules are off.
    pub async fn start(port: u16, tickets: u32, rules: Vec<Rule>, clock: &Shared) -> Result<Self, Error> {
        let sandbox = Sandbox::start(Options { tickets, ..Options::default() }).await?;
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
        let address = listener.local_addr()?;
        let inner = Arc::new(Inner {
            upstream: Url::parse(&sandbox.base_url)?,
            _sandbox: sandbox,
            host: address.to_string(),
            http: ReqwestHttp::new()?,
            clock: Arc::clone(clock),
            moved: AtomicU64::new(0),
            rules: rules.into_iter().map(|rule| (rule, Mutex::new(0))).collect(),
            on: AtomicBool::new(false),
            cast: Mutex::default(),
            log: Mutex::default(),
        });
        let accepting = tokio::spawn(accept(listener, Arc::clone(&inner)));
        Ok(Self { address, inner, accepting })
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Turns the rules on or off.
    pub fn misbehave(&self, on: bool) {
        self.inner.on.store(on, Ordering::Relaxed);
    }

    pub fn set_cast(&self, cast: Cast) {
        *lock(&self.inner.cast) = cast;
    }

    pub fn requests(&self) -> usize {
        lock(&self.inner.log).len()
    }

    pub fn log(&self) -> Vec<Logged> {
        lock(&self.inner.log).clone()
    }

    /// Asks the sandbox itself, past every rule: as a test, or with Ada's token below `/api`.
    pub async fn sandbox(&self, method: Method, path: &str, body: &Value) -> Result<Value, Error> {
        self.inner.ask_sandbox(method, path, body).await
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Inner {
    async fn ask_sandbox(&self, method: Method, path: &str, body: &Value) -> Result<Value, Error> {
        self.move_clock().await;
        let ada = ("authorization", "Bearer ada-token".to_owned());
        let headers = if path.starts_with("/api") { vec![ada] } else { Vec::new() };
        let body = if body.is_null() { Body::Empty } else { Body::Json(body.to_string().into_bytes()) };
        let answer = self.http.send(HttpRequest { method, url: self.upstream.join(path)?, headers, body }).await?;
        if answer.is_success() {
            Ok(serde_json::from_slice(&answer.body).unwrap_or_default())
        } else {
            Err(format!("the sandbox answers {path} with {}", answer.status).into())
        }
    }

    /// Moves the sandbox's clock to the injected time.
    async fn move_clock(&self) {
        let injected = self.clock.injected().as_secs();
        let by = injected.saturating_sub(self.moved.swap(injected, Ordering::Relaxed));
        if by == 0 {
            return;
        }
        let Ok(url) = self.upstream.join("/sandbox/clock") else { return };
        let body = Body::Json(json!({ "advance_seconds": by }).to_string().into_bytes());
        // If this fails, the next request fails, too.
        let _ = self.http.send(HttpRequest { method: Method::Post, url, headers: Vec::new(), body }).await;
    }

    /// The rules for `asked`, in order, each with how often it applied before.
    fn rules(&self, asked: &Asked) -> Vec<(&Rule, u32)> {
        if !self.on.load(Ordering::Relaxed) {
            return Vec::new();
        }
        let cast = lock(&self.cast).clone();
        let mut found = Vec::new();
        for (rule, applied) in &self.rules {
            let mut applied = lock(applied);
            if rule.times.is_none_or(|times| *applied < times) && (rule.when)(asked, &cast) {
                found.push((rule, *applied));
                *applied += 1;
            }
        }
        found
    }

    async fn exchange(&self, request: Request<Incoming>) -> Result<Response<Sent>, Cut> {
        let (head, body) = request.into_parts();
        let headers = head.headers.iter();
        let headers =
            headers.filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())));
        let mut asked = Asked {
            method: head.method.to_string(),
            path: head.uri.path().to_owned(),
            query: head.uri.query().unwrap_or_default().to_owned(),
            headers: headers.collect(),
            body: Bytes::new(),
        };
        // A person who tries this server with a phone or the probe can end the fault, and begin it again.
        if let Some(switch) = asked.path.strip_prefix("/hostile/") {
            self.on.store(switch == "on", Ordering::Relaxed);
            return self.sent(Answer::json(200, &json!({ "misbehaves": switch == "on" })).into()).await;
        }
        let api = !asked.path.starts_with("/sandbox");
        if api {
            let gzip = asked.header("accept-encoding").is_some_and(|accepted| accepted.contains("gzip"));
            let what = format!("{} {}", asked.method, asked.path);
            lock(&self.log).push(Logged { at: self.clock.injected(), what, query: asked.query.clone(), gzip });
        }
        let rules = if api { self.rules(&asked) } else { Vec::new() };
        let rate = rules
            .iter()
            .find_map(|(rule, _)| if let Effect::SlowUpload(rate) = rule.effect { Some(rate) } else { None });
        asked.body = self.read(body, rate).await?;
        let reply = self.reply(asked, &rules).await;
        self.sent(reply).await
    }

    /// Reads the body of a request, at so many bytes a second.
    async fn read(&self, mut body: Incoming, rate: Option<u32>) -> Result<Bytes, Cut> {
        let mut whole = Vec::new();
        while let Some(frame) = body.frame().await {
            if let Ok(bytes) = frame.map_err(|_| Cut)?.into_data() {
                if let Some(rate) = rate {
                    self.clock.hold(Duration::from_secs(bytes.len() as u64) / rate).await;
                }
                whole.extend_from_slice(&bytes);
            }
        }
        Ok(whole.into())
    }

    async fn reply(&self, mut asked: Asked, rules: &[(&Rule, u32)]) -> Reply {
        let cast = lock(&self.cast).clone();
        for (rule, applied) in rules {
            match &rule.effect {
                Effect::Late(length) => self.clock.hold(*length).await,
                Effect::Instead(reply) => return reply(&asked, &cast, *applied),
                Effect::Changed(..) | Effect::SlowUpload(_) => {}
            }
        }
        let original = asked.clone();
        for (rule, _) in rules {
            if let Effect::Changed(before, _) = &rule.effect {
                before(&mut asked, &cast);
            }
        }
        self.move_clock().await;
        let answer = match forwarded(&asked, &self.upstream, &self.host) {
            Some(request) => self.http.send(request).await,
            None => return Reply::Cut,
        };
        let Ok(answer) = answer else { return Reply::Cut };
        let mut reply = Reply::Whole(Answer::from(answer));
        for (rule, applied) in rules {
            if let (Effect::Changed(_, after), Reply::Whole(answer)) = (&rule.effect, &reply) {
                reply = after(&original, &cast, answer.clone(), *applied);
            }
        }
        reply
    }

    async fn sent(&self, reply: Reply) -> Result<Response<Sent>, Cut> {
        match reply {
            Reply::Cut => Err(Cut),
            Reply::Silence => {
                // The client gives up long before.
                self.clock.hold(Duration::from_hours(24)).await;
                Err(Cut)
            }
            Reply::Whole(answer) => {
                let body = Full::new(Bytes::from(answer.body.clone())).map_err(never).boxed_unsync();
                self.respond(&answer, None, body)
            }
            Reply::Slow(answer, rate) => {
                let clock = Arc::clone(&self.clock);
                let length = answer.body.len();
                let pieces = Bytes::from(answer.body.clone());
                // A piece a second; the first one at once.
                let pieces = stream::unfold((pieces, false), move |(mut rest, begun)| {
                    let clock = Arc::clone(&clock);
                    async move {
                        if rest.is_empty() {
                            return None;
                        }
                        if begun {
                            clock.hold(Duration::from_secs(1)).await;
                        }
                        let piece = rest.split_to(rest.len().min(rate as usize));
                        Some((Ok(Frame::data(piece)), (rest, true)))
                    }
                });
                self.respond(&answer, Some(length), StreamBody::new(pieces).boxed_unsync())
            }
            Reply::Long(pieces) => {
                let body = StreamBody::new(stream::iter(pieces).map(|piece| Ok(Frame::data(piece)))).boxed_unsync();
                self.respond(&Answer::new(200, "application/json; charset=utf-8", Vec::new()), None, body)
            }
        }
    }

    fn respond(&self, answer: &Answer, length: Option<usize>, body: Sent) -> Result<Response<Sent>, Cut> {
        let mut response = Response::builder().status(answer.status);
        for (name, value) in &answer.headers {
            response = response.header(name, value);
        }
        if let Some(length) = length {
            response = response.header("content-length", length);
        }
        if !answer.headers.iter().any(|(name, _)| name == "date") {
            response = response.header("date", self.date(Duration::ZERO));
        }
        response.body(body).map_err(|_| Cut)
    }

    /// The injected time, as a header.
    fn date(&self, later: Duration) -> String {
        let now = u64::try_from(self.clock.now().0).unwrap_or_default();
        httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + Duration::from_millis(now) + later)
    }
}

async fn accept(listener: TcpListener, inner: Arc<Inner>) {
    let mut connections = tokio::task::JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::task::yield_now().await;
            continue;
        };
        connections.spawn(serve(stream, Arc::clone(&inner)));
        while connections.try_join_next().is_some() {}
    }
}

async fn serve(stream: TcpStream, inner: Arc<Inner>) {
    let service = service_fn(move |request| {
        let inner = Arc::clone(&inner);
        async move { inner.exchange(request).await }
    });
    let _ = stream.set_nodelay(true);
    // An error means that the client went away, or that the connection was cut on purpose.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

fn never(never: Infallible) -> Cut {
    match never {}
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
