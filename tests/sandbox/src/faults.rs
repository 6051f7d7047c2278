//! The switchboard: the faults between an app and its server that can be turned on over HTTP.
//!
//! `POST /sandbox/faults` sets faults as `{"name": value}`. The value is `true`, the fault's one parameter
//! (`{"latency_ms": 300}`), or an object with the parameter and two limits: `times`, after how many hits the fault
//! turns itself off, and `only`, the requests it concerns ("METHOD /path/prefix" or "/path/prefix"). `false` or `null`
//! turns a fault off. Faults that are not named keep their state.
//!
//! For each request, [`Switchboard::plan`] tries the faults in a fixed order. The first that ends the request uses up
//! one of its `times`; the faults after it use none. Faults concern only the API, never `/sandbox` or the server's
//! page.

use std::time::Duration;

use axum::http::Method;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

/// A fault without a parameter.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoParameter {}

/// How long every request is delayed at most before it is processed, in milliseconds.
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

/// The user whom every token is taken for: a key, token or id of a fixed user.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AsUser {
    user: String,
}

/// Why uploads are refused: `size` or `type`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UploadRefusal {
    reason: RefusedFor,
}

/// The reason for refusing a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusedFor {
    /// The file is too large.
    Size,
    /// The file's type is not accepted.
    Type,
}

/// After how many bytes of a body the connection is dropped.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CutBody {
    bytes: usize,
}

/// A delay in seconds. Fractions are allowed.
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

/// A fault's parameter, which may be given alone in place of the whole object.
pub trait Parameter {
    /// The name of the parameter's field; `None` if the fault has no parameter.
    const FIELD: Option<&'static str>;
}
impl Parameter for NoParameter {
    const FIELD: Option<&'static str> = None;
}
impl Parameter for Latency {
    const FIELD: Option<&'static str> = Some("ms");
}
impl Parameter for RetryAfter {
    const FIELD: Option<&'static str> = Some("retry_after");
}
impl Parameter for AsUser {
    const FIELD: Option<&'static str> = Some("user");
}
impl Parameter for UploadRefusal {
    const FIELD: Option<&'static str> = Some("reason");
}
impl Parameter for CutBody {
    const FIELD: Option<&'static str> = Some("bytes");
}
impl Parameter for Delay {
    const FIELD: Option<&'static str> = Some("seconds");
}

/// A fault that is on, with its limits.
#[derive(Debug, Clone)]
pub struct Fault<T> {
    parameter: T,
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

impl<'de, T: DeserializeOwned + Parameter> Deserialize<'de> for Fault<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut fields = match (Value::deserialize(deserializer)?, T::FIELD) {
            (Value::Bool(true), None) => Map::new(),
            (Value::Object(fields), _) => fields,
            (parameter @ (Value::Number(_) | Value::String(_)), Some(field)) => {
                Map::from_iter([(field.to_owned(), parameter)])
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
        let parameter = serde_json::from_value(Value::Object(fields)).map_err(D::Error::custom)?;
        Ok(Self { parameter, times: times.flatten(), only })
    }
}

impl<T: Serialize> Serialize for Fault<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut whole = serde_json::to_value(&self.parameter).map_err(serde::ser::Error::custom)?;
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

/// The state of one fault: off (`None`), or on.
type Switch<T> = Option<Fault<T>>;

/// All faults with their current state.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Switchboard {
    /// Every request is delayed. Turning the fault off releases the requests that wait.
    pub latency_ms: Switch<Latency>,
    /// The connection is dropped without an answer, for every request.
    pub offline: Switch<NoParameter>,
    /// The connection is dropped before a write was applied.
    pub cut_before: Switch<NoParameter>,
    /// 429 with `Retry-After`.
    pub too_many_requests: Switch<RetryAfter>,
    /// 500 with the service's error body.
    pub server_error: Switch<NoParameter>,
    /// 200 with a web page, as a captive portal answers.
    pub html: Switch<NoParameter>,
    /// 401, as for an expired token.
    pub unauthorized: Switch<NoParameter>,
    /// Every token is taken for this user's.
    pub other_user: Switch<AsUser>,
    /// Reads see the state of some seconds ago.
    pub stale_reads: Switch<Delay>,
    /// A write's connection is dropped, and the write is applied later.
    pub late_apply: Switch<Delay>,
    /// The connection is dropped after a write was applied.
    pub cut_after: Switch<NoParameter>,
    /// `Idempotency-Key` is ignored.
    pub ignore_idempotency: Switch<NoParameter>,
    /// Uploads are refused.
    pub upload_refused: Switch<UploadRefusal>,
    /// The connection is dropped in the middle of a read's answer.
    pub cut_body: Switch<CutBody>,
    /// The order of cursor pages, as a number; 0 is the initial one.
    pub cursor_shuffle: u32,
}

/// The body of `POST /sandbox/faults`: a missing name keeps the fault's state, `null` and `false` turn it off.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Update {
    latency_ms: Change<Latency>,
    offline: Change<NoParameter>,
    cut_before: Change<NoParameter>,
    too_many_requests: Change<RetryAfter>,
    server_error: Change<NoParameter>,
    html: Change<NoParameter>,
    unauthorized: Change<NoParameter>,
    other_user: Change<AsUser>,
    stale_reads: Change<Delay>,
    late_apply: Change<Delay>,
    cut_after: Change<NoParameter>,
    ignore_idempotency: Change<NoParameter>,
    upload_refused: Change<UploadRefusal>,
    cut_body: Change<CutBody>,
    cursor_shuffle: Option<u32>,
}

#[derive(Debug, Default)]
enum Change<T> {
    #[default]
    Keep,
    Off,
    On(Fault<T>),
}

impl<'de, T: DeserializeOwned + Parameter> Deserialize<'de> for Change<T> {
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

/// What the faults do to one request.
#[derive(Debug, Default)]
pub struct Plan {
    /// The longest delay before anything else happens.
    pub latency: Duration,
    /// What happens instead of running the route, if anything.
    pub ending: Option<Ending>,
    /// The user whom the server takes the caller for, in place of the token's user.
    pub user: Option<String>,
    /// How old the state is that a read sees.
    pub stale: Duration,
    /// The idempotency key of a creation is ignored.
    pub ignore_idempotency: bool,
    /// The route runs, and then the connection is dropped without an answer.
    pub cut_after: bool,
    /// The connection is dropped after this many bytes of the answer's body.
    pub cut_body: Option<usize>,
}

/// How a request ends without its route having answered.
#[derive(Debug, Clone, Copy)]
pub enum Ending {
    /// The connection is dropped, and nothing is applied.
    Cut,
    /// The connection is dropped, and the request is applied after this time.
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
    Refused(RefusedFor),
}

impl Switchboard {
    /// Turns on and off the faults that `update` names.
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

    /// The age of the oldest state that a read may ask for; `None` while `stale_reads` is off.
    pub fn longest_stale_read(&self) -> Option<Duration> {
        self.stale_reads.as_ref().map(|fault| fault.parameter.duration())
    }

    /// Returns what the faults do to this request, and counts it against their limits.
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

/// Returns the fault's parameter if it is on and concerns the request, and uses up one of its times.
fn hit<T: Clone>(switch: &mut Switch<T>, method: &Method, path: &str) -> Option<T> {
    let fault = switch.as_mut()?;
    if fault.times == Some(0) {
        *switch = None;
        return None;
    }
    if fault.only.as_ref().is_some_and(|only| !only.concerns(method, path)) {
        return None;
    }
    let parameter = fault.parameter.clone();
    if let Some(times) = &mut fault.times {
        *times = times.saturating_sub(1);
        if *times == 0 {
            *switch = None;
        }
    }
    Some(parameter)
}
