//! The token, and whom it speaks for.
//!
//! A run begins with the host app's token. One that is not the token already known is shown to the server (`whose`) before
//! anything else goes out under it: a user of another id ends the matter, nothing else is sent, and the token is forgotten. A known
//! token is used as it is, so that a run without a change costs one call to the host app and no request.
//!
//! A token may expire at any call. Then (401) the host app is asked once for a fresh one, with `refused`, the fresh one is
//! checked like any new token, and the same bytes are sent once more: the first attempt was refused, so it was not
//! applied. A second 401 means that the user is signed out.
//!
//! All of it happens under one lock, so that calls which meet 401 at the same time share one fresh token. Tokens live in
//! memory only. A future dropped half-way leaves no token behind rather than an unchecked one.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::UNIX_EPOCH;

use tokio::sync::Mutex;
use url::Url;

use super::answer::unanswered;
use super::origin::Origin;
use super::{Body, Http, HttpRequest, HttpResponse, Method, ResponseSink, TokenFailure, Tokens};
use crate::model::{Failure, PersonId, Reached, Reason, ReasonKind, RemoteUser, Timestamp, Traffic, Trouble, millis};

/// What a session has to know of its service.
pub(crate) trait Service: Send + Sync {
    /// The `authorization` header that shows a token.
    fn authorization(&self, token: &str) -> String;

    /// The path that tells for whom a token speaks; `None`: this is no token of the service's.
    fn whose(&self, token: &str) -> Option<String>;

    /// Whom the answer to that names; `None`: nobody.
    fn user(&self, answer: &HttpResponse) -> Result<Option<RemoteUser>, Failure>;
}

/// A request of a connector's, before it has a token.
pub(crate) struct Call<'a> {
    pub method: Method,
    pub path: &'a str,
    pub query: &'a [(&'a str, &'a str)],
    /// Beside the token and what the body is.
    pub headers: Vec<(&'static str, String)>,
    pub body: Body,
}

impl<'a> Call<'a> {
    pub fn read(path: &'a str, query: &'a [(&'a str, &'a str)]) -> Self {
        Self { method: Method::Get, path, query, headers: Vec::new(), body: Body::Empty }
    }
}

/// Sends calls under the right user's token.
pub(crate) struct Session {
    /// `None`: an address to which no token may go; then nothing is ever sent.
    origin: Option<Origin>,
    service: &'static dyn Service,
    http: Arc<dyn Http>,
    tokens: Arc<dyn Tokens>,
    state: Mutex<State>,
    /// The `Date` of the server's last answer.
    told: std::sync::Mutex<Option<Timestamp>>,
    requests: AtomicU64,
    bytes: AtomicU64,
}

#[derive(Default)]
struct State {
    /// The only user for whom anything is sent.
    bound: Option<PersonId>,
    /// The checked token.
    pass: Option<Arc<Pass>>,
    /// The server refused the last token, and none was accepted since.
    refused: bool,
}

struct Pass {
    token: String,
    user: RemoteUser,
}

impl Session {
    pub(crate) fn new(
        address: Url,
        service: &'static dyn Service,
        http: Arc<dyn Http>,
        tokens: Arc<dyn Tokens>,
    ) -> Self {
        let (requests, bytes) = Default::default();
        let told = std::sync::Mutex::default();
        Self { origin: Origin::of(address), service, http, tokens, state: Mutex::default(), told, requests, bytes }
    }

    pub(crate) fn traffic(&self) -> Traffic {
        Traffic { requests: self.requests.load(Ordering::Relaxed), bytes: self.bytes.load(Ordering::Relaxed) }
    }

    /// Asks for a token and finds out for whom it speaks. `bound`: who it has to be, if that is known.
    pub(crate) async fn begin(&self, bound: Option<PersonId>) -> Result<RemoteUser, Failure> {
        let mut state = self.state.lock().await;
        state.bound = bound;
        let user = self.sign_in(&mut state).await?.user.clone();
        state.bound = Some(user.id);
        Ok(user)
    }

    /// Whether a paging link stays at the server. None at all does.
    pub(crate) fn owns(&self, link: Option<&str>) -> bool {
        link.is_none_or(|link| self.origin.as_ref().is_some_and(|origin| origin.owns(link)))
    }

    /// The server's clock, in whole seconds, as of its last answer.
    pub(crate) fn server_time(&self) -> Option<Timestamp> {
        *self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The answer to `call`, whatever its status; 401 is dealt with here.
    pub(crate) async fn send(&self, call: &Call<'_>) -> Result<HttpResponse, Failure> {
        let pass = self.pass().await.map_err(nothing_was_sent)?;
        let answer = self.exchange(call, &pass.token).await?;
        if answer.status != 401 {
            return Ok(answer);
        }
        self.refuse(&pass).await;
        let fresh = self.pass().await.map_err(nothing_was_sent)?;
        let answer = self.exchange(call, &fresh.token).await?;
        if answer.status != 401 {
            return Ok(answer);
        }
        self.refuse(&fresh).await;
        Err(Failure::needs(ReasonKind::SignedOut))
    }

    /// Where `address`, as the server sent it, leads. Nothing if no request may go there: neither https nor this very device.
    pub(crate) fn resolve(&self, address: &str) -> Option<Url> {
        self.origin.as_ref().and_then(|origin| origin.resolve(address))
    }

    /// Fetches the bytes at `url` into `intake`. `signed`: under the user's token, which goes to the server's own origin only;
    /// any other place is asked without.
    pub(crate) async fn fetch(
        &self,
        url: &Url,
        headers: &[(&'static str, String)],
        signed: bool,
        intake: &mut dyn ResponseSink,
    ) -> Result<HttpResponse, Failure> {
        if !signed || !self.owns(Some(url.as_str())) {
            return self.request(url, headers.to_vec(), intake).await;
        }
        let with = |token: &str| {
            let mut headers = headers.to_vec();
            headers.push(("authorization", self.service.authorization(token)));
            headers
        };
        let pass = self.pass().await.map_err(nothing_was_sent)?;
        let answer = self.request(url, with(&pass.token), intake).await?;
        if answer.status != 401 {
            return Ok(answer);
        }
        self.refuse(&pass).await;
        let fresh = self.pass().await.map_err(nothing_was_sent)?;
        let answer = self.request(url, with(&fresh.token), intake).await?;
        if answer.status != 401 {
            return Ok(answer);
        }
        self.refuse(&fresh).await;
        Err(Failure::needs(ReasonKind::SignedOut))
    }

    async fn request(
        &self,
        url: &Url,
        headers: Vec<(&'static str, String)>,
        intake: &mut dyn ResponseSink,
    ) -> Result<HttpResponse, Failure> {
        let request = HttpRequest { method: Method::Get, url: url.clone(), headers, body: Body::Empty };
        let outcome = self.http.fetch(request, intake).await;
        tracing::debug!(status = outcome.as_ref().map_or(0, |answer| answer.status), "fetched");
        outcome.map_err(unanswered)
    }

    async fn pass(&self) -> Result<Arc<Pass>, Failure> {
        let mut state = self.state.lock().await;
        match &state.pass {
            Some(pass) => Ok(Arc::clone(pass)),
            // Nothing is sent for a user whom no run has named.
            None if state.bound.is_none() => Err(no_token()),
            None => self.sign_in(&mut state).await,
        }
    }

    /// Forgets `pass`, unless another call did so already and has a fresh one.
    async fn refuse(&self, pass: &Arc<Pass>) {
        let mut state = self.state.lock().await;
        if state.pass.as_ref().is_some_and(|known| Arc::ptr_eq(known, pass)) {
            state.pass = None;
            state.refused = true;
        }
    }

    async fn sign_in(&self, state: &mut State) -> Result<Arc<Pass>, Failure> {
        loop {
            let known = state.pass.take();
            let fresh = state.refused;
            let token = self.tokens.token(fresh).await.map_err(|failure| match failure {
                TokenFailure::SignedOut => Failure::needs(ReasonKind::SignedOut),
                TokenFailure::Unavailable => no_token(),
            })?;
            // What cannot stand in a header is a fault of the host app.
            if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
                return Err(no_token());
            }
            let pass = match known.filter(|pass| pass.token == token) {
                Some(pass) => pass,
                None => match self.whose(&token).await? {
                    Some(user) => Arc::new(Pass { token, user }),
                    None if fresh => return Err(Failure::needs(ReasonKind::SignedOut)),
                    None => {
                        state.refused = true;
                        continue;
                    }
                },
            };
            state.refused = false;
            if state.bound.is_some_and(|bound| bound != pass.user.id) {
                return Err(Failure::needs(ReasonKind::WrongUser));
            }
            state.pass = Some(Arc::clone(&pass));
            return Ok(pass);
        }
    }

    /// For whom `token` speaks; `None` if the server refuses it.
    async fn whose(&self, token: &str) -> Result<Option<RemoteUser>, Failure> {
        // A token of another kind is a fault of the host app.
        let path = self.service.whose(token).ok_or_else(no_token)?;
        let answer = self.exchange(&Call::read(&path, &[]), token).await?;
        if answer.status == 401 { Ok(None) } else { self.service.user(&answer) }
    }

    async fn exchange(&self, call: &Call<'_>, token: &str) -> Result<HttpResponse, Failure> {
        let Some(origin) = &self.origin else {
            return Err(nothing_was_sent(Failure::misbehaves()));
        };
        let authorization = self.service.authorization(token);
        let mut headers = vec![("authorization", authorization), ("accept", "application/json".to_owned())];
        headers.extend(call.headers.iter().cloned());
        let url = origin.at(call.path, call.query);
        let request = HttpRequest { method: call.method, url, headers, body: call.body.clone() };
        self.requests.fetch_add(1, Ordering::Relaxed);
        let outcome = self.http.send(request).await;
        let length = outcome.as_ref().map_or(0, |answer| u64::try_from(answer.body.len()).unwrap_or(u64::MAX));
        self.bytes.fetch_add(length, Ordering::Relaxed);
        let method = call.method.name();
        tracing::debug!(method, status = outcome.as_ref().map_or(0, |answer| answer.status), "asked");
        let date = outcome.as_ref().ok().and_then(|answer| httpdate::parse_http_date(answer.header("date")?).ok());
        let told = date.and_then(|date| date.duration_since(UNIX_EPOCH).ok()).map(|since| Timestamp(millis(since)));
        *self.told.lock().unwrap_or_else(PoisonError::into_inner) = told;
        outcome.map_err(unanswered)
    }
}

fn no_token() -> Failure {
    Failure::TryAgain { trouble: Trouble::NoToken, after: None, reached: Reached::No }
}

/// A failure to get a token, as the failure of the call that needed it: the call was not sent, and what the server said about
/// the user (forbidden, not there) is not about the call's ticket.
fn nothing_was_sent(failure: Failure) -> Failure {
    match failure {
        Failure::NeedsUser(Reason { kind: ReasonKind::SignedOut | ReasonKind::WrongUser, .. }) => failure,
        Failure::TryAgain { trouble, after, .. } => Failure::TryAgain { trouble, after, reached: Reached::No },
        Failure::NeedsUser(_) | Failure::NotAllowed | Failure::Gone | Failure::UploadsRefused { .. } => {
            Failure::TryAgain { trouble: Trouble::Misbehaves, after: None, reached: Reached::No }
        }
    }
}
