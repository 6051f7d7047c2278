//! One request, and what comes back.

use bytes::Bytes;
use pocketdesk::net::{HttpRequest, HttpResponse};
use serde_json::Value;

/// A request as it arrived.
#[derive(Clone)]
pub(crate) struct Asked {
    pub method: String,
    pub path: String,
    /// Without the question mark, as it was sent.
    pub query: String,
    /// With names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Bytes,
}

impl Asked {
    pub fn is_write(&self) -> bool {
        self.method != "GET"
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// A parameter of the query.
    pub fn parameter(&self, name: &str) -> Option<String> {
        url::form_urlencoded::parse(self.query.as_bytes()).find(|(n, _)| n == name).map(|(_, value)| value.into_owned())
    }

    /// Sets a parameter of the query, or removes it.
    pub fn set(&mut self, name: &str, value: Option<&str>) {
        let pairs = url::form_urlencoded::parse(self.query.as_bytes()).filter(|(n, _)| n != name);
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(pairs).extend_pairs(value.map(|value| (name, value)));
        self.query = query.finish();
    }

    /// The number of the ticket that the path names.
    pub fn ticket(&self) -> Option<i64> {
        self.path.strip_prefix("/api/v2/requests/")?.split('/').next()?.parse().ok()
    }

    /// Whether the path is that of a ticket's comments.
    pub fn is_comments(&self) -> bool {
        self.path.ends_with("/comments")
    }

    /// Whether the path is that of a list of tickets.
    pub fn is_list(&self) -> bool {
        !self.is_write() && self.path.ends_with("/requests") || self.path.ends_with("/requests/ccd")
    }
}

/// A whole answer.
#[derive(Clone)]
pub(crate) struct Answer {
    pub status: u16,
    /// With names in lower case. The length and the date are added when it leaves, unless they are here.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(status: u16, body: &Value) -> Self {
        Self::new(status, "application/json; charset=utf-8", body.to_string().into_bytes())
    }

    /// A page that something between the server and the client has made.
    pub fn html(status: u16) -> Self {
        let page = format!(
            "<!DOCTYPE html><html><head><title>{status}</title></head><body><h1>Zugriff verweigert – Ihre Anfrage wurde blockiert</h1></body></html>"
        );
        Self::new(status, "text/html; charset=utf-8", page.into_bytes())
    }

    pub fn new(status: u16, content_type: &str, body: Vec<u8>) -> Self {
        Self { status, headers: vec![("content-type".to_owned(), content_type.to_owned())], body }
    }

    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(n, _)| n != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The body as JSON, if it is that of a success.
    pub fn value(&self) -> Option<Value> {
        if !(200..300).contains(&self.status) {
            return None;
        }
        serde_json::from_slice(&self.body).ok()
    }

    /// The answer with its JSON changed. Errors and anything but JSON stay as they are.
    pub fn edited(mut self, edit: impl FnOnce(&mut Value)) -> Self {
        if let Some(mut value) = self.value() {
            edit(&mut value);
            self.body = value.to_string().into_bytes();
        }
        self
    }
}

impl From<HttpResponse> for Answer {
    fn from(response: HttpResponse) -> Self {
        // These describe the connection to the sandbox.
        let own = |(name, _): &(String, String)| {
            !["content-length", "transfer-encoding", "connection", "date"].contains(&name.as_str())
        };
        Self {
            status: response.status,
            headers: response.headers.into_iter().filter(own).collect(),
            body: response.body,
        }
    }
}

/// What happens to a request.
pub(crate) enum Reply {
    /// A whole answer.
    Whole(Answer),
    /// A whole answer at so many bytes a second.
    Slow(Answer, u32),
    /// A long answer, made while it is sent.
    Long(Pieces),
    /// The connection is dropped without an answer.
    Cut,
    /// No answer, and the connection stays.
    Silence,
}

impl From<Answer> for Reply {
    fn from(answer: Answer) -> Self {
        Self::Whole(answer)
    }
}

/// The pieces of a long JSON body.
pub(crate) type Pieces = Box<dyn Iterator<Item = Bytes> + Send>;

/// The request that the sandbox receives for `asked`.
pub(crate) fn forwarded(asked: &Asked, sandbox: &url::Url, host: &str) -> Option<HttpRequest> {
    use pocketdesk::net::{Body, BodyPart, Method, Multipart};
    let method = match asked.method.as_str() {
        "GET" => Method::Get,
        "POST" => Method::Post,
        "PUT" => Method::Put,
        "PATCH" => Method::Patch,
        "DELETE" => Method::Delete,
        _ => return None,
    };
    let mut url = sandbox.clone();
    url.set_path("");
    // Both are escaped already.
    let rest = if asked.query.is_empty() { asked.path.clone() } else { format!("{}?{}", asked.path, asked.query) };
    let url = url.join(&rest).ok()?;
    let passed = ["authorization", "idempotency-key", "range", "accept"];
    let mut headers: Vec<(&'static str, String)> =
        passed.into_iter().filter_map(|name| Some((name, asked.header(name)?.to_owned()))).collect();
    // The sandbox's links lead to the address that the client has asked.
    headers.push(("host", host.to_owned()));
    let body = match asked.header("content-type") {
        Some(content_type) if !asked.body.is_empty() => {
            let parts = vec![BodyPart::Bytes(asked.body.to_vec())];
            Body::Multipart(Multipart { content_type: content_type.to_owned(), parts })
        }
        _ => Body::Empty,
    };
    Some(HttpRequest { method, url, headers, body })
}
