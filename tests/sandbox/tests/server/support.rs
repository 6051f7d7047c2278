//! A client that checks every request and every answer against the contract.

use std::sync::LazyLock;

use pocketdesk_contract::Contract;
use pocketdesk_sandbox::{Options, Running, Sandbox};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

static CONTRACT: LazyLock<Contract> = LazyLock::new(Contract::load);

/// A server, and a client that is signed in as Ada.
pub struct Server {
    pub running: Running,
    pub http: reqwest::Client,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub json: Value,
}

impl Server {
    pub async fn start() -> Self {
        Self::start_with(Options::default()).await
    }

    pub async fn start_with(options: Options) -> Self {
        // The client requires a TLS provider even for plain HTTP. A second installation fails, which is fine.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { running: Sandbox::start(options).await.unwrap(), http }
    }

    /// Sends an API request. An `Err` is a connection that was dropped without an answer.
    pub async fn request(
        &self,
        (method, path): (Method, &str),
        token: &str,
        extra: &[(&str, &str)],
        body: Option<Vec<u8>>,
    ) -> Result<Answer, reqwest::Error> {
        let bearer = format!("Bearer {token}");
        let headers: Vec<(&str, &str)> =
            [("authorization", bearer.as_str())].into_iter().chain(extra.iter().copied()).collect();
        self.exchange((method, path), &headers, body).await
    }

    /// Sends a request with exactly these headers.
    async fn exchange(
        &self,
        (method, path): (Method, &str),
        headers: &[(&str, &str)],
        body: Option<Vec<u8>>,
    ) -> Result<Answer, reqwest::Error> {
        let checked = CONTRACT.check_request(method.as_str(), path, headers, body.as_deref());
        assert_eq!(checked, Ok(()), "{method} {path} must be a request of the contract");
        let mut request = self.http.request(method.clone(), format!("{}{path}", self.running.base_url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.body(body.unwrap_or_default()).send().await?;
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = response.bytes().await?.to_vec();
        let said: Vec<(&str, &str)> =
            headers.iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?))).collect();
        let checked = CONTRACT.check_answer(method.as_str(), path, status.as_u16(), &said, &bytes);
        assert_eq!(checked, Ok(()), "the answer to {method} {path} must keep to the contract");
        let json = serde_json::from_slice(&bytes).unwrap_or_default();
        Ok(Answer { status, headers, json })
    }

    pub async fn get_as(&self, token: &str, path: &str) -> Answer {
        self.request((Method::GET, path), token, &[], None).await.unwrap()
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.get_as("ada-token", path).await
    }

    pub async fn send(&self, method: Method, path: &str, body: &Value) -> Result<Answer, reqwest::Error> {
        self.send_as("ada-token", (method, path), &[], body).await
    }

    pub async fn send_as(
        &self,
        token: &str,
        what: (Method, &str),
        extra: &[(&str, &str)],
        body: &Value,
    ) -> Result<Answer, reqwest::Error> {
        let headers: Vec<(&str, &str)> =
            [("content-type", "application/json")].into_iter().chain(extra.iter().copied()).collect();
        self.request(what, token, &headers, Some(body.to_string().into_bytes())).await
    }

    /// Sends a JSON body without a token.
    pub async fn without_token(&self, what: (Method, &str), body: &Value) -> Answer {
        let headers = [("content-type", "application/json")];
        self.exchange(what, &headers, Some(body.to_string().into_bytes())).await.unwrap()
    }

    /// Creates a ticket as this user and returns its number.
    pub async fn create(&self, token: &str, subject: &str, access: Option<bool>) -> i64 {
        let body = json!({ "request": { "subject": subject, "comment": { "body": "Guten Tag, bitte ansehen. 🙏" },
            "custom_fields": [{ "id": 360_001_000_002_i64, "value": access }] } });
        let answer = self.send_as(token, (Method::POST, "/api/v2/requests"), &[], &body).await.unwrap();
        assert_eq!(answer.status, StatusCode::CREATED);
        answer.json["request"]["id"].as_i64().unwrap()
    }

    pub async fn reply(&self, ticket: i64, text: &str) -> Result<Answer, reqwest::Error> {
        let body = json!({ "request": { "comment": { "body": text } } });
        self.send(Method::PUT, &format!("/api/v2/requests/{ticket}"), &body).await
    }

    /// The public texts of a thread, oldest first.
    pub async fn thread(&self, ticket: i64) -> Vec<String> {
        let answer = self.get(&format!("/api/v2/requests/{ticket}/comments")).await;
        let comments = answer.json["comments"].as_array().unwrap();
        comments.iter().map(|comment| comment["body"].as_str().unwrap().to_owned()).collect()
    }

    /// Calls a helper under `/sandbox`, which must succeed.
    pub async fn sandbox(&self, method: Method, path: &str, body: Value) -> Value {
        let (status, json) = self.try_sandbox(method, path, body).await;
        assert!(status.is_success(), "{path}: {status} {json}");
        json
    }

    pub async fn try_sandbox(&self, method: Method, path: &str, body: Value) -> (StatusCode, Value) {
        let mut request = self.http.request(method, format!("{}/sandbox{path}", self.running.base_url));
        if !body.is_null() {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap();
        (response.status(), response.json().await.unwrap_or_default())
    }

    pub async fn faults(&self, body: Value) {
        self.sandbox(Method::POST, "/faults", body).await;
    }

    /// Fetches any address of this server, with or without a token, and returns status, headers and bytes.
    pub async fn plain(&self, address: &str, token: Option<&str>) -> (StatusCode, reqwest::header::HeaderMap, Vec<u8>) {
        let url = if address.starts_with("http") {
            address.to_owned()
        } else {
            format!("{}{address}", self.running.base_url)
        };
        let request = self.http.get(url);
        let request = if let Some(token) = token { request.bearer_auth(token) } else { request };
        let response = request.send().await.unwrap();
        (response.status(), response.headers().clone(), response.bytes().await.unwrap().to_vec())
    }
}

/// The numbers of a list's tickets.
pub fn ids(answer: &Answer) -> Vec<i64> {
    answer.json["requests"].as_array().unwrap().iter().map(|request| request["id"].as_i64().unwrap()).collect()
}

/// The path and query of a link in an answer.
pub fn path_of(link: &Value) -> String {
    let link = link.as_str().unwrap();
    let start = link.match_indices('/').nth(2).unwrap().0;
    link[start..].to_owned()
}
