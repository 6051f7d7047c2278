//! The switchboard: everything that can go wrong between an app and its server, to be turned on over HTTP.
//!
//! A fault is set by `POST /sandbox/faults` as `{"name": value}`. The value is `true`, the fault's one figure (`{"latency_ms": 300}`), or
//! an object with the figure and two limits: `times`, after how many hits it turns itself off, and `only`, the requests it
//! concerns ("METHOD /path/prefix" or "/path/prefix"). `false` or `null` turns it off. Names not set keep their state.
//!
//! For one request the faults are asked in the order of [`Switchboard::plan`]; the first that ends the request uses up one of
//! its `times`, and those after it none. Only the API is concerned, never `/sandbox` or the server's page.

use std::time::Duration;

use axum::http::Method;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

/// A fault without a figure of its own.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plain {}

/// How long every request waits before it is looked at.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Latency {
    ms: u64,
}

/// The `Retry-After` of a 429, in seconds.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetryAfter {
    retry_after: u64,
}

/// Who every token answers as: a key, token or id of a fixed person.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AsUser {
    user: String,
}

/// Why an upload is refused: `size` or `type`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Objection {
    reason: Objected,
}

/// What a server has against a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Objected {
    /// It is too large.
    Size,
    /// It is of a type that is not taken.
    Type,
}

/// After how many bytes of a body the connection is dropped.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tear {
    bytes: usize,
}

/// A delay in seconds; parts of a second are allowed.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delay {
    seconds: f64,
}

impl Delay {
    fn duration(&self) -> Duration {
        Duration::try_from_secs_f64(self.seconds).unwrap_or_default()
    }
}

/// The figure that may stand for the whole object.
pub trait Figure {
    /// Its field's name; none where the fault has no figure.
    const FIELD: Option<&'static str>;
}
impl Figure for Plain {
    const FIELD: Option<&'static str> = None;
}
impl Figure for Latency {
    const FIELD: Option<&'static str> = Some("ms");
}
impl Figure for RetryAfter {
    const FIELD: Option<&'static str> = Some("retry_after");
}
impl Figure for AsUser {
    const FIELD: Option<&'static str> = Some("user");
}
impl Figure for Objection {
    const FIELD: Option<&'static str> = Some("reason");
}
impl Figure for Tear {
    const FIELD: Option<&'static str> = Some("bytes");
}
impl Figure for Delay {
    const FIELD: Option<&'static str> = Some("seconds");
}

/// One fault that is on, with its limits.
#[derive(Debug, Clone)]
pub struct Fault<T> {
    figure: T,
    times: Option<u32>,
    only: Option<Only>,
}

/// "METHOD /path/prefix" or "/path/prefix".
#[derive(Debug, Clone)]
struct Only {
    method: Option<Method>,
    prefix: String,
}

impl Only {
    fn parse(text: &str) -> Option<Self> {
        let (method, prefix) = match text.split_once(' ') {
            Some((method, prefix)) => (Some(method.parse().ok()?), prefix.trim()),
            None => (None, text),
        };
        prefix.starts_with('/').then(|| Self { method, prefix: prefix.to_owned() })
    }

    fn concerns(&self, method: &Method, path: &str) -> bool {
        self.method.as_ref().is_none_or(|only| only == method) && path.starts_with(&self.prefix)
    }
}

impl<'de, T: DeserializeOwned + Figure> Deserialize<'de> for Fault<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut fields = match (Value::deserialize(deserializer)?, T::FIELD) {
            (Value::Bool(true), None) => Map::new(),
            (Value::Object(fields), _) => fields,
            (figure @ (Value::Number(_) | Value::String(_)), Some(field)) => {
                Map::from_iter([(field.to_owned(), figure)])
            }
            (_, None) => return Err(D::Error::custom("expected true, false or an object")),
            (_, Some(field)) => return Err(D::Error::custom(format!("expected {field} or an object that has it"))),
        };
        let times = fields.remove("times").map(serde_json::from_value).transpose().map_err(D::Error::custom)?;
        let only = match fields.remove("only") {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => {
                Some(Only::parse(&text).ok_or_else(|| D::Error::custom("only must be \"METHOD /path\" or \"/path\""))?)
            }
            Some(_) => return Err(D::Error::custom("only must be a string")),
        };
        let figure = serde_json::from_value(Value::Object(fields)).map_err(D::Error::custom)?;
        Ok(Self { figure, times: times.flatten(), only })
    }
}

impl<T: Serialize> Serialize for Fault<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut whole = serde_json::to_value(&self.figure).map_err(serde::ser::Error::custom)?;
        if let Some(times) = self.times {
            whole["times"] = times.into();
        }
        if let Some(only) = &self.only {
            let method = only.method.as_ref().map(|method| format!("{method} ")).unwrap_or_default();
            whole["only"] = format!("{method}{}", only.prefix).into();
        }
        whole.serialize(serializer)
    }
}

/// A switch: off, or on with its fault.
type Switch<T> = Option<Fault<T>>;

/// All faults with their present state.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Switchboard {
    /// Every request waits first.
    pub latency_ms: Switch<Latency>,
    /// The connection is dropped without an answer, for every request.
    pub offline: Switch<Plain>,
    /// The connection is dropped before a write was applied.
    pub cut_before: Switch<Plain>,
    /// 429 with `Retry-After`.
    pub too_many_requests: Switch<RetryAfter>,
    /// 500 with the service's error body.
    pub server_error: Switch<Plain>,
    /// 200 with a web page, as a captive portal answers.
    pub html: Switch<Plain>,
    /// 401, as for an expired token.
    pub unauthorized: Switch<Plain>,
    /// Every token answers as this user.
    pub other_user: Switch<AsUser>,
    /// Reads answer from the state of some seconds ago.
    pub stale_reads: Switch<Delay>,
    /// A write is answered by a dropped connection and applied later.
    pub late_apply: Switch<Delay>,
    /// The connection is dropped after a write was applied.
    pub cut_after: Switch<Plain>,
    /// `Idempotency-Key` is not looked at.
    pub ignore_idempotency: Switch<Plain>,
    /// Uploads are refused.
    pub upload_refused: Switch<Objection>,
    /// The connection is dropped in the middle of what a read answers.
    pub cut_body: Switch<Tear>,
    /// Which of the orders cursor pages come in; 0 is the server's first.
    pub cursor_shuffle: u32,
}

/// What `POST /sandbox/faults` may say: a missing name keeps its state, `null` and `false` turn it off.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Update {
    latency_ms: Change<Latency>,
    offline: Change<Plain>,
    cut_before: Change<Plain>,
    too_many_requests: Change<RetryAfter>,
    server_error: Change<Plain>,
    html: Change<Plain>,
    unauthorized: Change<Plain>,
    other_user: Change<AsUser>,
    stale_reads: Change<Delay>,
    late_apply: Change<Delay>,
    cut_after: Change<Plain>,
    ignore_idempotency: Change<Plain>,
    upload_refused: Change<Objection>,
    cut_body: Change<Tear>,
    cursor_shuffle: Option<u32>,
}

#[derive(Debug, Default)]
enum Change<T> {
    #[default]
    Keep,
    Off,
    On(Fault<T>),
}

impl<'de, T: DeserializeOwned + Figure> Deserialize<'de> for Change<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Null | Value::Bool(false) => Ok(Self::Off),
            on => Fault::deserialize(on).map(Self::On).map_err(D::Error::custom),
        }
    }
}

impl<T> Change<T> {
    fn apply(self, switch: &mut Switch<T>) {
        match self {
            Self::Keep => {}
            Self::Off => *switch = None,
            Self::On(fault) => *switch = Some(fault),
        }
    }
}

/// What is to happen to one request.
#[derive(Debug, Default)]
pub struct Plan {
    /// Waited before anything else.
    pub latency: Duration,
    /// What happens in place of an answer of the server, if anything.
    pub ending: Option<Ending>,
    /// The server takes the caller for this user.
    pub user: Option<String>,
    /// How old the state is that a read answers from.
    pub stale: Duration,
    /// The key of a creation is not looked at.
    pub ignore_idempotency: bool,
    /// The answer is thrown away with the connection.
    pub cut_after: bool,
    /// The connection is dropped after so many bytes of the answer's body.
    pub cut_body: Option<usize>,
}

/// How a request ends without the server having answered it.
#[derive(Debug, Clone, Copy)]
pub enum Ending {
    /// No answer, nothing applied.
    Cut,
    /// No answer; applied after this time.
    Late(Duration),
    /// 429 with this `Retry-After` in seconds.
    TooManyRequests(u64),
    /// 500.
    ServerError,
    /// 200 with a web page.
    Html,
    /// 401.
    Unauthorized,
    /// 413 or 422 to an upload.
    Refused(Objected),
}

impl Switchboard {
    /// Turns on and off what `update` names.
    pub fn update(&mut self, update: Update) {
        update.latency_ms.apply(&mut self.latency_ms);
        update.offline.apply(&mut self.offline);
        update.cut_before.apply(&mut self.cut_before);
        update.too_many_requests.apply(&mut self.too_many_requests);
        update.server_error.apply(&mut self.server_error);
        update.html.apply(&mut self.html);
        update.unauthorized.apply(&mut self.unauthorized);
        update.other_user.apply(&mut self.other_user);
        update.stale_reads.apply(&mut self.stale_reads);
        update.late_apply.apply(&mut self.late_apply);
        update.cut_after.apply(&mut self.cut_after);
        update.ignore_idempotency.apply(&mut self.ignore_idempotency);
        update.upload_refused.apply(&mut self.upload_refused);
        update.cut_body.apply(&mut self.cut_body);
        self.cursor_shuffle = update.cursor_shuffle.unwrap_or(self.cursor_shuffle);
    }

    /// How many faults are on.
    pub fn how_many_on(&self) -> usize {
        let on = [
            self.latency_ms.is_some(),
            self.offline.is_some(),
            self.cut_before.is_some(),
            self.too_many_requests.is_some(),
            self.server_error.is_some(),
            self.html.is_some(),
            self.unauthorized.is_some(),
            self.other_user.is_some(),
            self.stale_reads.is_some(),
            self.late_apply.is_some(),
            self.cut_after.is_some(),
            self.ignore_idempotency.is_some(),
            self.upload_refused.is_some(),
            self.cut_body.is_some(),
        ];
        on.iter().filter(|on| **on).count()
    }

    /// How far back a read may be asked to look; `None` while reads are fresh.
    pub fn longest_stale_read(&self) -> Option<Duration> {
        self.stale_reads.as_ref().map(|fault| fault.figure.duration())
    }

    /// What happens to this request; counts the faults that hit it.
    pub fn plan(&mut self, method: &Method, path: &str) -> Plan {
        let write = method != Method::GET && method != Method::HEAD;
        let latency = hit(&mut self.latency_ms, method, path).map(|fault| Duration::from_millis(fault.ms));
        let mut plan = Plan { latency: latency.unwrap_or_default(), ..Plan::default() };
        plan.ending = self.ending_before_the_server(method, path, write);
        if plan.ending.is_some() {
            return plan;
        }
        plan.user = hit(&mut self.other_user, method, path).map(|fault| fault.user);
        if write {
            plan.ignore_idempotency = hit(&mut self.ignore_idempotency, method, path).is_some();
            plan.ending = hit(&mut self.late_apply, method, path).map(|fault| Ending::Late(fault.duration()));
            plan.cut_after = plan.ending.is_none() && hit(&mut self.cut_after, method, path).is_some();
        } else {
            plan.cut_body = hit(&mut self.cut_body, method, path).map(|fault| fault.bytes);
            plan.stale = hit(&mut self.stale_reads, method, path).map(|fault| fault.duration()).unwrap_or_default();
        }
        plan
    }

    fn ending_before_the_server(&mut self, method: &Method, path: &str, write: bool) -> Option<Ending> {
        let cut = hit(&mut self.offline, method, path)
            .or_else(|| if write { hit(&mut self.cut_before, method, path) } else { None });
        cut.map(|_| Ending::Cut)
            .or_else(|| {
                hit(&mut self.too_many_requests, method, path).map(|fault| Ending::TooManyRequests(fault.retry_after))
            })
            .or_else(|| hit(&mut self.server_error, method, path).map(|_| Ending::ServerError))
            .or_else(|| hit(&mut self.html, method, path).map(|_| Ending::Html))
            .or_else(|| hit(&mut self.unauthorized, method, path).map(|_| Ending::Unauthorized))
            .or_else(|| {
                let refused = if write && path == "/api/v2/uploads" { &mut self.upload_refused } else { return None };
                hit(refused, method, path).map(|fault| Ending::Refused(fault.reason))
            })
    }
}

/// The fault if it is on and concerns the request; uses up one of its times.
fn hit<T: Clone>(switch: &mut Switch<T>, method: &Method, path: &str) -> Option<T> {
    let fault = switch.as_mut()?;
    if fault.times == Some(0) {
        *switch = None;
        return None;
    }
    if fault.only.as_ref().is_some_and(|only| !only.concerns(method, path)) {
        return None;
    }
    let figure = fault.figure.clone();
    if let Some(times) = &mut fault.times {
        *times = times.saturating_sub(1);
        if *times == 0 {
            *switch = None;
        }
    }
    Some(figure)
}
