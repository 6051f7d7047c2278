//! The session: the token in use, and the user to whom it belongs.
//!
//! At the start of a run the session asks the host app for its token. A new token is checked with the server (see
//! [`Service::user_path`]) before any other request uses it. If it belongs to another user than the account's, nothing
//! else is sent, the token is forgotten, and the run ends. If it is the token that was checked last, it is not checked
//! again. So a run with the same token costs one call to the host app and no request.
//!
//! A token may expire at any call. The server then answers 401. The session asks the host app once for a fresh token
//! (the argument `refused` of `Tokens::token` is true), checks it like any new token, and sends the same bytes once
//! more. This is safe because a refused request was not applied. If the server refuses the fresh token as well, the
//! user is signed out. But the server may accept the fresh token when it is checked, and then answer 401 to the
//! request. Either it refuses only this request, or the token has expired in between. So the same token is checked once
//! more. If the server accepts it after the refusal, only this request is refused: the account stays signed in, and the
//! connector interprets the answer. If not, the exchange goes on with another fresh token.
//!
//! A request for nobody ([`send_without_token`](Session::send_without_token)) passes all this by.
//!
//! One lock is held while a token is asked for and checked. So several calls that receive 401 at the same time share
//! one fresh token. Tokens are kept in memory only. If a future is dropped half-way, the session is left without a
//! token and never with an unchecked one.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};

use tokio::sync::Mutex;
use url::Url;

use super::answer::{rate_limit, server_time, unanswered};
use super::origin::Origin;
use super::{Body, Http, HttpRequest, HttpResponse, Method, ResponseSink, TokenFailure, Tokens};
use crate::model::{
    Answered, Failed, Failure, Outcome, PersonId, RateLimit, Reached, Reason, ReasonKind, RemoteUser, Timestamp,
    Traffic, Trouble,
};

/// The parts of authentication that differ from service to service.
pub(crate) trait Service: Send + Sync {
    /// The value of the header `authorization` for `token`.
    fn authorization(&self, token: &str) -> String;

    /// The path that shows the user to whom `token` belongs; `None` if this cannot be a token of the service.
    fn user_path(&self, token: &str) -> Option<String>;

    /// Reads the user from the answer to that request; `None` if it names nobody.
    fn user(&self, answer: &HttpResponse) -> Result<Option<RemoteUser>, Failure>;
}

/// A request of a connector, before a token is added.
pub(crate) struct Call<'a> {
    pub method: Method,
    pub path: &'a str,
    pub query: &'a [(&'a str, &'a str)],
    /// Headers other than those for the token and the type of the body.
    pub headers: Vec<(&'static str, String)>,
    pub body: Body,
}

impl<'a> Call<'a> {
    pub fn read(path: &'a str, query: &'a [(&'a str, &'a str)]) -> Self {
        Self { method: Method::Get, path, query, headers: Vec::new(), body: Body::Empty }
    }
}

/// How many tokens one exchange may use: the one in use, the one with which another call has replaced it meanwhile, a fresh
/// one, and another one if that expires at once.
const MAX_TOKENS: u32 = 4;

/// What is sent with a token.
enum Exchange<'a> {
    Call(&'a Call<'a>),
    /// Bytes, which go into a sink.
    Fetch {
        url: &'a Url,
        headers: &'a [(&'static str, String)],
        sink: &'a mut dyn ResponseSink,
    },
}

/// Sends requests with the right user's token. Each call of a connector works with a [`fresh`](Self::fresh) session, which
/// shares everything but the times of its own answers.
pub(crate) struct Session {
    shared: Arc<Shared>,
    times: std::sync::Mutex<Times>,
}

/// The server's times in the answers to one call of a connector.
#[derive(Clone, Copy, Default)]
struct Times {
    first: Option<Timestamp>,
    last: Option<Timestamp>,
}

/// What all calls share.
struct Shared {
    /// `None` if a token must not be sent to the configured address. Then nothing is ever sent.
    origin: Option<Origin>,
    service: &'static dyn Service,
    http: Arc<dyn Http>,
    tokens: Arc<dyn Tokens>,
    state: Mutex<State>,
    rate_limit: std::sync::Mutex<Option<RateLimit>>,
    requests: AtomicU64,
    bytes: AtomicU64,
    /// How many tokens were accepted so far.
    credentials: AtomicU64,
}

#[derive(Default)]
struct State {
    /// The only user for whom requests are sent.
    bound: Option<PersonId>,
    /// The token that was checked, with its user.
    credential: Option<Arc<Credential>>,
    /// Whether the server refused the last token and has accepted none since.
    refused: bool,
}

struct Credential {
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
        let shared = Shared {
            origin: Origin::of(address),
            service,
            http,
            tokens,
            state: Mutex::default(),
            rate_limit: std::sync::Mutex::default(),
            requests: AtomicU64::default(),
            bytes: AtomicU64::default(),
            credentials: AtomicU64::default(),
        };
        Self { shared: Arc::new(shared), times: std::sync::Mutex::default() }
    }

    /// The same session for one more call, with no answers yet.
    pub(crate) fn fresh(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), times: std::sync::Mutex::default() }
    }

    /// Adds the server's time to the outcome of a call that was made with this session.
    pub(crate) fn dated<T>(&self, outcome: Result<T, Failure>) -> Outcome<T> {
        let times = *self.times.lock().unwrap_or_else(PoisonError::into_inner);
        match outcome {
            Ok(value) => Ok(Answered { value, server: times.first }),
            Err(failure) => Err(Failed { failure, server: times.last }),
        }
    }

    /// What the last answer that told a rate limit said of it; `None` if none did.
    pub(crate) fn rate_limit(&self) -> Option<RateLimit> {
        *self.shared.rate_limit.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A number that changes with the token in use.
    pub(crate) fn credential_number(&self) -> u64 {
        self.shared.credentials.load(Ordering::Relaxed)
    }

    pub(crate) fn traffic(&self) -> Traffic {
        let count = |number: &AtomicU64| number.load(Ordering::Relaxed);
        Traffic { requests: count(&self.shared.requests), bytes: count(&self.shared.bytes) }
    }

    /// Starts a run: asks for a token and finds out to whom it belongs. `bound` is the user that it must belong to, if
    /// already known. Any other user is [`ReasonKind::WrongUser`].
    pub(crate) async fn begin(&self, bound: Option<PersonId>) -> Result<RemoteUser, Failure> {
        let mut state = self.shared.state.lock().await;
        state.bound = bound;
        let user = self.sign_in(&mut state).await?.user.clone();
        state.bound = Some(user.id);
        Ok(user)
    }

    /// The user for whom requests are sent. Before a run has named one there is none, and nothing is sent.
    pub(crate) async fn user(&self) -> Result<PersonId, Failure> {
        self.shared.state.lock().await.bound.ok_or_else(no_token)
    }

    /// The server's time in the last answer to this call.
    pub(crate) fn time(&self) -> Option<Timestamp> {
        self.times.lock().unwrap_or_else(PoisonError::into_inner).last
    }

    /// The server; `None` for one to which no token may be sent.
    pub(crate) fn origin(&self) -> Option<&Origin> {
        self.shared.origin.as_ref()
    }

    /// Resolves an address from an answer. `None` if no request may be sent there, because it is neither https nor on
    /// this device.
    pub(crate) fn resolve(&self, address: &str) -> Option<Url> {
        self.shared.origin.as_ref().and_then(|origin| origin.resolve(address))
    }

    /// Sends `call` and returns the answer, whatever its status. A 401 is returned only if the server accepts the same token
    /// afterwards.
    pub(crate) async fn send(&self, call: &Call<'_>) -> Result<HttpResponse, Failure> {
        self.with_token(Exchange::Call(call)).await
    }

    /// Sends `call` for nobody and returns the answer, whatever its status. No token is asked for, and none is sent.
    pub(crate) async fn send_without_token(&self, call: &Call<'_>) -> Result<HttpResponse, Failure> {
        self.exchange(call, None).await
    }

    /// Fetches the bytes at `url` into `sink`. With `signed` the request carries the user's token, but only if `url` is
    /// on the server's own origin; a request to any other origin carries none.
    pub(crate) async fn fetch(
        &self,
        url: &Url,
        headers: &[(&'static str, String)],
        signed: bool,
        sink: &mut dyn ResponseSink,
    ) -> Result<HttpResponse, Failure> {
        if signed && self.shared.origin.as_ref().is_some_and(|origin| origin.owns(url.as_str())) {
            self.with_token(Exchange::Fetch { url, headers, sink }).await
        } else {
            self.fetch_once(url, headers.to_vec(), sink).await
        }
    }

    /// Makes an exchange with the user's token, and again with a fresh one while the server refuses it, with at most
    /// [`MAX_TOKENS`] tokens.
    async fn with_token(&self, mut exchange: Exchange<'_>) -> Result<HttpResponse, Failure> {
        let (mut credential, _) = self.credential().await.map_err(not_sent)?;
        let mut checked = false;
        for _ in 0..MAX_TOKENS {
            let answer = self.once(&mut exchange, &credential.token).await?;
            // A token that was accepted before the refusal may have expired since. Only one that is accepted after it proves that
            // the server refuses this request alone.
            if answer.status != 401 || checked && self.is_accepted(&credential).await? {
                return Ok(answer);
            }
            self.forget(&credential).await;
            (credential, checked) = self.credential().await.map_err(not_sent)?;
        }
        Err(no_token())
    }

    async fn once(&self, exchange: &mut Exchange<'_>, token: &str) -> Result<HttpResponse, Failure> {
        match exchange {
            Exchange::Call(call) => self.exchange(call, Some(token)).await,
            Exchange::Fetch { url, headers, sink } => {
                let mut headers = headers.to_vec();
                headers.push(("authorization", self.shared.service.authorization(token)));
                self.fetch_once(url, headers, *sink).await
            }
        }
    }

    async fn fetch_once(
        &self,
        url: &Url,
        headers: Vec<(&'static str, String)>,
        sink: &mut dyn ResponseSink,
    ) -> Result<HttpResponse, Failure> {
        let request = HttpRequest { method: Method::Get, url: url.clone(), headers, body: Body::Empty };
        let outcome = self.shared.http.fetch(request, sink).await;
        tracing::debug!(status = outcome.as_ref().map_or(0, |answer| answer.status), "fetched");
        outcome.map_err(unanswered)
    }

    /// The token to use, and whether it was checked with the server just now.
    async fn credential(&self) -> Result<(Arc<Credential>, bool), Failure> {
        let mut state = self.shared.state.lock().await;
        match &state.credential {
            Some(credential) => Ok((Arc::clone(credential), false)),
            // Nothing is sent before a run has named the user.
            None if state.bound.is_none() => Err(no_token()),
            None => Ok((self.sign_in(&mut state).await?, true)),
        }
    }

    /// Whether the server still accepts a token.
    async fn is_accepted(&self, credential: &Credential) -> Result<bool, Failure> {
        // Nothing of the exchange was applied, so another attempt is safe whatever goes wrong here.
        Ok(self.user_of(&credential.token).await.map_err(not_sent)?.is_some())
    }

    /// Forgets `credential`, unless another call has already replaced it.
    async fn forget(&self, credential: &Arc<Credential>) {
        let mut state = self.shared.state.lock().await;
        if state.credential.as_ref().is_some_and(|known| Arc::ptr_eq(known, credential)) {
            state.credential = None;
            state.refused = true;
        }
    }

    async fn sign_in(&self, state: &mut State) -> Result<Arc<Credential>, Failure> {
        loop {
            let known = state.credential.take();
            let fresh = state.refused;
            let token = self.shared.tokens.token(fresh).await.map_err(|failure| match failure {
                TokenFailure::SignedOut => Failure::needs(ReasonKind::SignedOut),
                TokenFailure::Unavailable => no_token(),
            })?;
            // A token that cannot stand in a header is a mistake of the host app.
            if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
                return Err(no_token());
            }
            let credential = match known.filter(|credential| credential.token == token) {
                Some(credential) => credential,
                None => match self.user_of(&token).await? {
                    Some(user) => {
                        self.shared.credentials.fetch_add(1, Ordering::Relaxed);
                        Arc::new(Credential { token, user })
                    }
                    None if fresh => return Err(Failure::needs(ReasonKind::SignedOut)),
                    None => {
                        state.refused = true;
                        continue;
                    }
                },
            };
            state.refused = false;
            if state.bound.is_some_and(|bound| bound != credential.user.id) {
                return Err(Failure::needs(ReasonKind::WrongUser));
            }
            state.credential = Some(Arc::clone(&credential));
            return Ok(credential);
        }
    }

    /// The user to whom `token` belongs; `None` if the server refuses it.
    async fn user_of(&self, token: &str) -> Result<Option<RemoteUser>, Failure> {
        // A token of another kind is a mistake of the host app.
        let path = self.shared.service.user_path(token).ok_or_else(no_token)?;
        let answer = self.exchange(&Call::read(&path, &[]), Some(token)).await?;
        if answer.status == 401 { Ok(None) } else { self.shared.service.user(&answer) }
    }

    async fn exchange(&self, call: &Call<'_>, token: Option<&str>) -> Result<HttpResponse, Failure> {
        let Some(origin) = &self.shared.origin else {
            return Err(not_sent(Failure::misbehaves()));
        };
        let authorization = token.map(|token| ("authorization", self.shared.service.authorization(token)));
        let mut headers: Vec<_> = authorization.into_iter().collect();
        headers.push(("accept", "application/json".to_owned()));
        headers.extend(call.headers.iter().cloned());
        let url = origin.at(call.path, call.query);
        let request = HttpRequest { method: call.method, url, headers, body: call.body.clone() };
        self.shared.requests.fetch_add(1, Ordering::Relaxed);
        let outcome = self.shared.http.send(request).await;
        let length = outcome.as_ref().map_or(0, |answer| u64::try_from(answer.body.len()).unwrap_or(u64::MAX));
        self.shared.bytes.fetch_add(length, Ordering::Relaxed);
        let method = call.method.name();
        tracing::debug!(method, status = outcome.as_ref().map_or(0, |answer| answer.status), "asked");
        if let Ok(answer) = &outcome {
            self.note(answer);
        }
        outcome.map_err(unanswered)
    }

    /// Notes the server's time and the rate limit in an answer.
    fn note(&self, answer: &HttpResponse) {
        if let Some(time) = server_time(answer) {
            let mut times = self.times.lock().unwrap_or_else(PoisonError::into_inner);
            times.first.get_or_insert(time);
            times.last = Some(time);
        }
        if let Some(limit) = rate_limit(answer) {
            *self.shared.rate_limit.lock().unwrap_or_else(PoisonError::into_inner) = Some(limit);
        }
    }
}

fn no_token() -> Failure {
    Failure::TryAgain { trouble: Trouble::NoToken, after: None, reached: Reached::No }
}

/// Turns a failure to get a token into the failure of the call that needed it. The call was not sent, and an answer
/// about the user (403, 404) does not concern the ticket of the call.
fn not_sent(failure: Failure) -> Failure {
    match failure {
        Failure::NeedsUser(Reason { kind, .. }) if kind.concerns_account() => failure,
        Failure::TryAgain { trouble, after, .. } => Failure::TryAgain { trouble, after, reached: Reached::No },
        Failure::NeedsUser(_)
        | Failure::NotAllowed
        | Failure::Gone
        | Failure::UploadsRefused { .. }
        | Failure::Unexplained { .. } => {
            Failure::TryAgain { trouble: Trouble::Misbehaves, after: None, reached: Reached::No }
        }
    }
}
