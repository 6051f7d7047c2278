//! A sandbox server, a host app that provides tokens, and the wire between the connector and the server.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use pocketdesk::connectors::Remote;
use pocketdesk::connectors::zendesk::Zendesk;
use pocketdesk::model::{CommentPage, PersonId, TicketNumber, undated};
use pocketdesk::model::{Failure, Reached, RemoteUser, Trouble, Write};
use pocketdesk::net::{Body, Http, HttpFailure, HttpRequest, HttpResponse, Method, ReqwestHttp, TokenFailure, Tokens};
use pocketdesk::product::Product;
use pocketdesk_contract::Contract;
use pocketdesk_sandbox::{Options, Running, Sandbox};
use serde_json::Value;
use url::Url;
use uuid::Uuid;

/// The page size: small, so that every list and some threads have several pages.
pub const PAGE: u32 = 4;
/// The number of tickets that are visible to Ada.
pub const TICKETS: u32 = 60;

pub struct Bench {
    pub sandbox: Running,
    pub wire: Arc<Wire>,
    pub app: Arc<App>,
    pub zendesk: Zendesk,
    control: ReqwestHttp,
}

impl Bench {
    /// A server, and an app that provides `tokens` one after the other and then repeats the last one.
    pub async fn with_tokens(tokens: impl IntoIterator<Item = Result<&'static str, TokenFailure>>) -> Self {
        Self::with_product(Product::built_in().unwrap(), tokens).await
    }

    /// The same in the middle of a run of this product, with Ada signed in.
    pub async fn of(product: Product) -> Self {
        let bench = Self::with_product(product, [Ok("ada-token")]).await;
        bench.zendesk.begin(None).await.unwrap();
        bench.wire.forget();
        bench
    }

    async fn with_product(
        mut product: Product,
        tokens: impl IntoIterator<Item = Result<&'static str, TokenFailure>>,
    ) -> Self {
        let sandbox = Sandbox::start(Options { tickets: TICKETS, ..Options::default() }).await.unwrap();
        let wire = Arc::new(Wire::new());
        let app = Arc::new(App { tokens: Mutex::new(tokens.into_iter().collect()), asked: Mutex::default() });
        product.sync.page_size = PAGE;
        let zendesk = Zendesk::new(Url::parse(&sandbox.base_url).unwrap(), wire.clone(), app.clone(), &product);
        Self { sandbox, wire, app, zendesk, control: ReqwestHttp::new().unwrap() }
    }

    /// A server, and an app in which Ada is signed in, before the first run.
    pub async fn start() -> Self {
        Self::with_tokens([Ok("ada-token")]).await
    }

    /// The same in the middle of a run. The exchanges until then are forgotten.
    pub async fn signed_in() -> (Self, RemoteUser) {
        Self::signed_in_with([Ok("ada-token")]).await
    }

    /// The same, with an app that provides `tokens`. The run has used the first one.
    pub async fn signed_in_with(
        tokens: impl IntoIterator<Item = Result<&'static str, TokenFailure>>,
    ) -> (Self, RemoteUser) {
        let bench = Self::with_tokens(tokens).await;
        let me = bench.zendesk.begin(None).await.unwrap();
        bench.wire.forget();
        bench.app.asked.lock().unwrap().clear();
        (bench, me)
    }

    /// Turns on faults of the server.
    pub async fn fault(&self, faults: Value) {
        self.ask_sandbox(Method::Post, "/sandbox/faults", Body::Json(faults.to_string().into_bytes())).await;
    }

    /// Changes the server as an administrator does.
    pub async fn set_up(&self, path: &str, body: Value) {
        self.ask_sandbox(Method::Post, path, Body::Json(body.to_string().into_bytes())).await;
    }

    /// All tickets of the server, whoever may see them.
    pub async fn tickets_of_the_server(&self) -> Vec<Value> {
        let answer = self.ask_sandbox(Method::Get, "/sandbox/tickets", Body::Empty).await;
        let Ok(Value::Object(mut answer)) = serde_json::from_slice(&answer.body) else { panic!("not an object") };
        let Some(Value::Array(tickets)) = answer.remove("tickets") else { panic!("no tickets") };
        tickets
    }

    /// The whole thread of a ticket, oldest first.
    pub async fn thread(&self, number: TicketNumber) -> Result<CommentPage, Failure> {
        let (mut thread, mut cursor) = (CommentPage::default(), None);
        loop {
            let page = undated(self.zendesk.comments(number, cursor.as_deref(), PAGE).await)?;
            thread.comments.extend(page.comments);
            thread.people.extend(page.people);
            if page.next.is_none() {
                thread.comments.sort_by_key(|comment| comment.id);
                return Ok(thread);
            }
            cursor = page.next;
        }
    }

    async fn ask_sandbox(&self, method: Method, path: &str, body: Body) -> HttpResponse {
        let url = Url::parse(&self.sandbox.base_url).unwrap().join(path).unwrap();
        let answer = self.control.send(HttpRequest { method, url, headers: Vec::new(), body }).await.unwrap();
        assert!(answer.status < 300, "{path}: {}", String::from_utf8_lossy(&answer.body));
        answer
    }
}

/// The host app: provides tokens, and records the requests for one.
pub struct App {
    tokens: Mutex<VecDeque<Result<&'static str, TokenFailure>>>,
    asked: Mutex<Vec<bool>>,
}

impl App {
    /// The argument `refused` of each request for a token so far.
    pub fn asked(&self) -> Vec<bool> {
        self.asked.lock().unwrap().clone()
    }
}

#[async_trait]
impl Tokens for App {
    async fn token(&self, refused: bool) -> Result<String, TokenFailure> {
        self.asked.lock().unwrap().push(refused);
        let mut tokens = self.tokens.lock().unwrap();
        let token = if tokens.len() > 1 { tokens.pop_front() } else { tokens.front().copied() };
        token.unwrap_or(Err(TokenFailure::Unavailable)).map(str::to_owned)
    }
}

/// The real network, with a record of every request. It panics on a request that the contract does not allow, and on an
/// answer that the contract does not know.
pub struct Wire {
    real: ReqwestHttp,
    contract: Contract,
    exchanges: Mutex<Vec<Exchange>>,
    change: Mutex<Option<AnswerChange>>,
    without_cursors: AtomicBool,
}

/// A change that is made to every answer on the way.
type AnswerChange = Box<dyn Fn(&Exchange, &mut HttpResponse) + Send>;

/// One request.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// `METHOD /path`, without the query.
    pub what: String,
    /// The whole URL.
    pub url: Url,
    /// The headers, with names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// The body; empty if there is none.
    pub body: Vec<u8>,
}

impl Wire {
    fn new() -> Self {
        Self {
            real: ReqwestHttp::new().unwrap(),
            contract: Contract::load(),
            exchanges: Mutex::default(),
            change: Mutex::default(),
            without_cursors: AtomicBool::default(),
        }
    }

    /// From now on the server does not know cursors: it ignores the parameters and answers with the first numbered page.
    pub fn without_cursors(&self) {
        self.without_cursors.store(true, Ordering::Relaxed);
    }

    /// Every request so far.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.exchanges.lock().unwrap().clone()
    }

    /// Every request so far, as `METHOD /path`.
    pub fn sent(&self) -> Vec<String> {
        self.exchanges().into_iter().map(|exchange| exchange.what).collect()
    }

    pub fn forget(&self) {
        self.exchanges.lock().unwrap().clear();
    }

    /// Makes `change` to every answer from now on.
    pub fn meddle(&self, change: impl Fn(&Exchange, &mut HttpResponse) + Send + 'static) {
        *self.change.lock().unwrap() = Some(Box::new(change));
    }

    /// The same for answers that are JSON.
    pub fn meddle_json(&self, change: impl Fn(&Exchange, &mut Value) + Send + 'static) {
        self.meddle(move |exchange, answer| {
            let mut json = serde_json::from_slice(&answer.body).unwrap();
            change(exchange, &mut json);
            answer.body = json.to_string().into_bytes();
        });
    }
}

#[async_trait]
impl Http for Wire {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpFailure> {
        let method = request.method.name();
        let body = request.body.read().unwrap();
        let what = format!("{method} {}", request.url.path());
        let exchange = Exchange { what, url: request.url.clone(), headers: request.headers.clone(), body };
        self.exchanges.lock().unwrap().push(exchange.clone());

        let path = &exchange.url[url::Position::BeforePath..url::Position::AfterQuery];
        let mut headers: Vec<(&str, &str)> = exchange.headers.iter().map(|(name, value)| (*name, &**value)).collect();
        let body = (!exchange.body.is_empty()).then_some(&*exchange.body);
        headers.extend(request.body.content_type().map(|kind| ("content-type", kind)));
        let allowed = self.contract.check_request(method, path, &headers, body);
        assert!(allowed.is_ok(), "{} is not allowed: {allowed:?}", exchange.what);

        let mut request = request;
        if self.without_cursors.load(Ordering::Relaxed) {
            let size =
                request.url.query_pairs().find(|(name, _)| name == "page[size]").map(|(_, size)| size.into_owned());
            if let Some(size) = size {
                request.url.set_query(Some(&format!("page=1&per_page={size}")));
            }
        }
        let path = request.url[url::Position::BeforePath..url::Position::AfterQuery].to_owned();
        let path = &*path;
        let mut answer = self.real.send(request).await?;
        let headers: Vec<(&str, &str)> = answer.headers.iter().map(|(name, value)| (&**name, &**value)).collect();
        if answer.header("content-type").is_some_and(|kind| kind.starts_with("application/json")) {
            let known = self.contract.check_answer(method, path, answer.status, &headers, &answer.body);
            assert!(known.is_ok(), "the answer to {} is not known: {known:?}", exchange.what);
        }
        if let Some(change) = &*self.change.lock().unwrap() {
            change(&exchange, &mut answer);
        }
        Ok(answer)
    }
}

/// An ordinary new ticket with this client reference.
pub fn create(reference: &str) -> Write {
    Write::Create {
        subject: "Provision für Buchungen über Partner „Fernweh & Söhne“ fehlt seit dem 1. März – bitte prüfen 🙏"
            .to_owned(),
        description: "Guten Tag,\n\nseit Anfang März …\n\nViele Grüße\nAda".to_owned(),
        issue_type: "payments_finance".to_owned(),
        cc: vec!["buchhaltung@nordlicht-reisen.example".to_owned(), "steuer@kanzlei-öhr.example".to_owned()],
        access: true,
        reference: reference.to_owned(),
        uploads: Vec::new(),
        follows: None,
        requester: None,
    }
}

pub fn reply(body: &str) -> Write {
    Write::Reply { body: body.to_owned(), structure: None, uploads: Vec::new(), solves: false }
}

pub fn key(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// A failure after which the call may be made again.
pub fn again(trouble: Trouble, reached: Reached) -> Failure {
    Failure::TryAgain { trouble, after: None, reached }
}

pub fn person(person: pocketdesk_sandbox::users::Person) -> PersonId {
    PersonId(person.id)
}
