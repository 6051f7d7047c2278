//! The HTTP server around the routes. It accepts connections, applies the faults, adds the headers of every answer, and
//! writes the log.
//!
//! hyper serves the connections directly, without `axum::serve`. Only hyper lets a fault drop a connection without an
//! answer: if the service function returns an error, hyper closes the socket and sends no byte.

use std::convert::Infallible;
use std::io::Write;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, UNIX_EPOCH};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, Method, Request, Response, StatusCode, header};
use axum::response::IntoResponse;
use flate2::Compression;
use flate2::write::GzEncoder;
use http_body_util::BodyExt;
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use thiserror::Error;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tower::ServiceExt;

use crate::api::{ApiError, FaultEffects};
use crate::faults::{Ending, Plan, RefusedFor};
use crate::hosted;
use crate::log::Entry;
use crate::server::Server;

/// The account's rate limit, in requests per minute. It is counted and reported, never enforced; the fault
/// `too_many_requests` refuses.
const RATE_LIMIT: usize = 2_500;

/// Answers that are shorter are not compressed, in bytes. It would not pay.
const LEAST_PACKED: usize = 1_024;

/// The connection is dropped without an answer.
#[derive(Debug, Error)]
#[error("the connection was cut on purpose")]
struct Cut;

/// The connection is dropped after this many bytes of the body.
#[derive(Debug, Clone, Copy)]
struct CutAt(usize);

/// A body that sends its start, waits a moment so that the bytes leave, and then drops the connection.
struct CutBody {
    start: Option<Bytes>,
    whole: u64,
    moment: Pin<Box<tokio::time::Sleep>>,
}

impl CutBody {
    fn new(whole: &Bytes, at: usize) -> Self {
        let moment = Box::pin(tokio::time::sleep(Duration::from_millis(50)));
        Self { start: Some(whole.slice(..at.min(whole.len()))), whole: length(whole), moment }
    }
}

impl hyper::body::Body for CutBody {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        match self.start.take() {
            Some(bytes) => Poll::Ready(Some(Ok(Frame::data(bytes)))),
            None => self.moment.as_mut().poll(context).map(|()| Some(Err(Cut))),
        }
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.whole)
    }
}

/// Serves connections until the task is dropped, which also drops every open connection.
pub async fn accept(listener: TcpListener, server: Arc<Server>, routes: Router) {
    let mut connections = JoinSet::new();
    loop {
        // An accept fails if the client has already disconnected or if file handles run out. The next one may succeed.
        let Ok((stream, _)) = listener.accept().await else {
            tokio::task::yield_now().await;
            continue;
        };
        connections.spawn(serve(stream, Arc::clone(&server), routes.clone()));
        while connections.try_join_next().is_some() {}
    }
}

async fn serve(stream: TcpStream, server: Arc<Server>, routes: Router) {
    let service = service_fn(move |request| exchange(Arc::clone(&server), routes.clone(), request));
    // An error here means that the client disconnected or that the connection was dropped on purpose.
    let _ = stream.set_nodelay(true);
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

/// Serves one request: applies the faults, runs the route, adds to the log.
async fn exchange(server: Arc<Server>, routes: Router, request: Request<Incoming>) -> Result<Response<Body>, Cut> {
    if !is_api(request.uri().path()) {
        return Ok(run(routes, request.map(Body::new)).await);
    }
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| Cut)?.to_bytes();
    let mut entry = Entry {
        at: server.clock.millis(),
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        authorized: head.headers.contains_key(header::AUTHORIZATION),
        status: None,
        request_bytes: length(&body),
        response_bytes: 0,
    };
    let request = Request::from_parts(head, body);
    let answer = answer(&server, routes, request).await;
    if let Ok((status, bytes)) = answer.as_ref().map(|answer| (answer.status(), length(answer.body()))) {
        entry.status = Some(status.as_u16());
        entry.response_bytes = bytes;
    }
    server.log().add(entry);
    answer.map(|answer| match answer.extensions().get::<CutAt>() {
        Some(CutAt(bytes)) => {
            let at = *bytes;
            answer.map(|whole| Body::new(CutBody::new(&whole, at)))
        }
        None => answer.map(Body::from),
    })
}

/// Whether an app uses this path: one of the API, or of a document that the company hosts. Faults and the log concern only
/// those.
fn is_api(path: &str) -> bool {
    ["/api/", "/attachments/", "/files/", "/photos/", "/hc/", "/guide-media/", hosted::PREFIX]
        .iter()
        .any(|prefix| path.starts_with(prefix))
}

async fn answer(server: &Arc<Server>, routes: Router, mut request: Request<Bytes>) -> Result<Response<Bytes>, Cut> {
    // Registered before the plan is made, so that turning the latency off in between is noticed too.
    let released = server.released.notified();
    let plan = server.faults().plan(request.method(), request.uri().path());
    if !plan.latency.is_zero() {
        tokio::select! {
            () = tokio::time::sleep(plan.latency) => {}
            () = released => {}
        }
    }
    let takes_gzip = request.headers().get(header::ACCEPT_ENCODING).is_some_and(|accepted| {
        accepted.to_str().is_ok_and(|accepted| accepted.split(',').any(|one| one.trim().starts_with("gzip")))
    });
    let is_hosted = request.uri().path().starts_with(hosted::PREFIX);
    let Plan { ending, user, stale, ignore_idempotency, cut_after, cut_body, .. } = plan;
    request.extensions_mut().insert(FaultEffects { user, stale, ignore_idempotency });
    let response = match ending {
        None => run(routes, request.map(Body::from)).await,
        Some(Ending::Cut) => return Err(Cut),
        Some(Ending::Late(delay)) => {
            let (server, generation) = (Arc::clone(server), server.generation());
            tokio::spawn(async move {
                tokio::time::sleep(delay).await;
                if server.generation() == generation {
                    run(routes, request.map(Body::from)).await;
                }
            });
            return Err(Cut);
        }
        Some(Ending::TooManyRequests(seconds)) => ApiError::TooMany(seconds).into_response(),
        Some(Ending::ServerError) => ApiError::Internal.into_response(),
        Some(Ending::Unauthorized) => ApiError::Unauthorized.into_response(),
        Some(Ending::Html) => web_page(request.method()),
        Some(Ending::Refused(RefusedFor::Size)) => ApiError::FileTooLarge.into_response(),
        Some(Ending::Refused(RefusedFor::Type)) => ApiError::FileType.into_response(),
    };
    if cut_after {
        return Err(Cut);
    }
    let (mut head, body) = response.into_parts();
    if let Some(bytes) = cut_body {
        head.extensions.insert(CutAt(bytes));
    }
    let is_packed = takes_gzip && cut_body.is_none() && is_worth_packing(&head.headers);
    if !is_hosted {
        add_headers(server, &mut head.headers);
    }
    let body = body.collect().await.map_err(|_| Cut)?.to_bytes();
    if !is_packed || body.len() < LEAST_PACKED {
        return Ok(Response::from_parts(head, body));
    }
    head.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    head.headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    head.headers.remove(header::CONTENT_LENGTH);
    Ok(Response::from_parts(head, packed(&body).map_err(|_| Cut)?))
}

/// Whether an answer is compressed for a client that takes that: JSON is, as on the real service, and files are not.
fn is_worth_packing(headers: &axum::http::HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("application/json")) && !headers.contains_key(header::CONTENT_ENCODING)
}

fn packed(body: &Bytes) -> std::io::Result<Bytes> {
    let mut packing = GzEncoder::new(Vec::new(), Compression::fast());
    packing.write_all(body)?;
    Ok(packing.finish()?.into())
}

async fn run(routes: Router, request: Request<Body>) -> Response<Body> {
    let Ok(response) = routes.oneshot(request).await.map_err(|never: Infallible| match never {});
    response
}

/// The answer of a captive portal: success, with a web page of its own.
fn web_page(method: &Method) -> Response<Body> {
    let page = include_str!("../data/captive-portal.html");
    let body = if method == Method::HEAD { "" } else { page };
    (StatusCode::OK, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], body).into_response()
}

/// Adds the rate limit as the real service reports it, a request id, and `Date` by the server's own clock.
fn add_headers(server: &Server, headers: &mut axum::http::HeaderMap) {
    let now = server.clock.millis();
    let minute = now.div_euclid(60_000) * 60_000;
    let remaining = RATE_LIMIT.saturating_sub(server.log().since(minute) + 1);
    let reset = (minute + 60_000 - now).div_euclid(1000);
    for name in ["x-rate-limit", "ratelimit-limit"] {
        headers.insert(name, HeaderValue::from(RATE_LIMIT));
    }
    for name in ["x-rate-limit-remaining", "ratelimit-remaining"] {
        headers.insert(name, HeaderValue::from(remaining));
    }
    headers.insert("ratelimit-reset", HeaderValue::from(reset));
    headers.insert("x-zendesk-request-id", HeaderValue::from(now));
    let since_1970 = Duration::from_millis(u64::try_from(now).unwrap_or_default());
    if let Ok(date) = httpdate::fmt_http_date(UNIX_EPOCH + since_1970).parse() {
        headers.insert(header::DATE, date);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("max-age=0, private, must-revalidate"));
}

fn length(bytes: &Bytes) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}
