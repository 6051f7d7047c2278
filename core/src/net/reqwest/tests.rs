//! The limits of an exchange, against a server that sends single answers.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use url::Url;

use super::{LIMITS, Limits, ReqwestHttp};
use crate::net::{Body, Http, HttpFailure, HttpRequest, HttpResponse, Method, Rejected, ResponseSink};

/// Serves one connection with `serve`, and reports the request that it received.
fn server(serve: impl FnOnce(&mut TcpStream) + Send + 'static) -> (Url, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = Url::parse(&format!("http://{}/api/v2/requests?page=1", listener.local_addr().unwrap())).unwrap();
    let (report, reported) = mpsc::channel();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let (mut received, mut buffer) = (Vec::new(), [0; 4096]);
        while !received.ends_with(b"}") && !received.ends_with(b"\r\n\r\n") {
            match stream.read(&mut buffer).unwrap() {
                0 => break,
                length => received.extend_from_slice(&buffer[..length]),
            }
        }
        report.send(String::from_utf8_lossy(&received).into_owned()).unwrap();
        serve(&mut stream);
    });
    (url, reported)
}

fn answers(answer: impl Into<Vec<u8>>) -> impl FnOnce(&mut TcpStream) + Send + 'static {
    let answer = answer.into();
    move |stream| {
        // A client that has read enough may close the connection.
        let _ = stream.write_all(&answer);
    }
}

async fn send(url: Url, body: Body, limits: Limits) -> Result<HttpResponse, HttpFailure> {
    let headers = vec![("authorization", "Bearer ada-token".to_owned())];
    let http = ReqwestHttp::with(limits).unwrap();
    http.send(HttpRequest { method: Method::Get, url, headers, body }).await
}

async fn get(url: Url) -> Result<HttpResponse, HttpFailure> {
    send(url, Body::Empty, LIMITS).await
}

#[tokio::test]
async fn sends_the_bytes_unchanged_and_gives_back_the_whole_answer() {
    let (url, received) = server(answers("HTTP/1.1 201 Created\r\nX-Rate-Limit: 700\r\nContent-Length: 6\r\n\r\nGrüß"));
    let answer = send(url, Body::Json("{\"a\" : \"Grüße 👋\"}".into()), LIMITS).await;
    let received = received.recv().unwrap();
    assert!(received.starts_with("GET /api/v2/requests?page=1 HTTP/1.1\r\n"), "{received}");
    assert!(received.contains("authorization: Bearer ada-token\r\n"), "{received}");
    assert!(received.contains("content-type: application/json\r\n"), "{received}");
    assert!(received.contains(concat!("user-agent: Pocketdesk/", env!("CARGO_PKG_VERSION"))), "{received}");
    assert!(received.ends_with("\r\n\r\n{\"a\" : \"Grüße 👋\"}"), "{received}");
    let answer = answer.unwrap();
    assert_eq!((answer.status, answer.header("x-rate-limit")), (201, Some("700")));
    assert_eq!(answer.body, "Grüß".as_bytes());
}

#[tokio::test]
async fn a_redirect_is_an_answer_like_any_other() {
    let moved = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/login\r\nContent-Length: 0\r\n\r\n";
    assert_eq!(get(server(answers(moved)).0).await.unwrap().status, 302);
}

#[tokio::test]
async fn a_refused_connection_and_an_unknown_host_mean_not_sent() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert_eq!(get(Url::parse(&format!("http://{free}/")).unwrap()).await.unwrap_err(), HttpFailure::NotSent);
    let nowhere = Url::parse("https://desk.invalid/").unwrap();
    assert_eq!(get(nowhere).await.unwrap_err(), HttpFailure::NotSent);
}

#[tokio::test]
async fn no_agreement_on_tls_means_not_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = Url::parse(&format!("https://{}/", listener.local_addr().unwrap())).unwrap();
    thread::spawn(move || listener.accept().unwrap().0.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap());
    assert_eq!(get(url).await.unwrap_err(), HttpFailure::NotSent);
}

#[tokio::test]
async fn a_connection_that_breaks_after_the_request_may_have_carried_it() {
    let hangs_up = |stream: &mut TcpStream| stream.shutdown(Shutdown::Both).unwrap();
    assert_eq!(get(server(hangs_up).0).await.unwrap_err(), HttpFailure::Broken);
    let half = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"requests\":[";
    assert_eq!(get(server(answers(half)).0).await.unwrap_err(), HttpFailure::Broken);
}

#[tokio::test]
async fn an_answer_that_does_not_come_ends_at_the_time_limit() {
    let (release, held) = mpsc::channel::<()>();
    let (url, _received) = server(move |_| {
        let _ = held.recv();
    });
    let limits = Limits { whole: Duration::from_millis(200), ..LIMITS };
    assert_eq!(send(url, Body::Empty, limits).await.unwrap_err(), HttpFailure::TimedOut);
    drop(release);
}

#[tokio::test]
async fn an_answer_that_keeps_flowing_is_read_to_its_end_and_silence_is_not() {
    let limits = Limits { connect: Duration::ZERO, silence: Duration::from_millis(200), ..LIMITS };
    let slowly = |pause: u64| {
        move |stream: &mut TcpStream| {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
            for _ in 0..10 {
                thread::sleep(Duration::from_millis(pause));
                let _ = stream.write_all(b"a");
            }
        }
    };
    let (url, _received) = server(slowly(50));
    assert_eq!(send(url, Body::Empty, limits).await.unwrap().body.len(), 10, "it took longer than a silence may");
    let (url, _received) = server(slowly(1_000));
    assert_eq!(send(url, Body::Empty, limits).await.unwrap_err(), HttpFailure::TimedOut);
}

/// 10,000 times the letter a, in gzip.
const PACKED: [u8; 46] = [
    31, 139, 8, 0, 0, 0, 0, 0, 2, 255, 237, 193, 1, 13, 0, 0, 0, 194, 160, 172, 239, 95, 194, 28, 110, 64, 1, 0, 0, 0,
    0, 0, 0, 0, 0, 192, 191, 1, 151, 212, 126, 70, 16, 39, 0, 0,
];

#[tokio::test]
async fn an_answer_comes_packed_and_its_limit_is_that_of_its_contents() {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", PACKED.len());
    let packed = [head.as_bytes(), &PACKED].concat();
    let (url, received) = server(answers(packed.clone()));
    let answer = send(url, Body::Empty, LIMITS).await.unwrap();
    assert!(received.recv().unwrap().contains("accept-encoding: gzip\r\n"));
    assert_eq!(answer.body, b"a".repeat(10_000));
    let (url, _received) = server(answers(packed.clone()));
    let limits = Limits { body: 9_999, ..LIMITS };
    assert_eq!(send(url, Body::Empty, limits).await.unwrap_err(), HttpFailure::TooLarge);
    let (url, _received) = server(answers(packed[..packed.len() - 9].to_vec()));
    assert_eq!(send(url, Body::Empty, LIMITS).await.unwrap_err(), HttpFailure::Broken);
}

#[tokio::test]
async fn a_file_is_asked_for_as_it_is() {
    let (url, received) = server(answers(
        [&b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 46\r\n\r\n"[..], &PACKED].concat(),
    ));
    let mut file = Collected::default();
    let request = HttpRequest { method: Method::Get, url, headers: Vec::new(), body: Body::Empty };
    ReqwestHttp::with(LIMITS).unwrap().fetch(request, &mut file).await.unwrap();
    assert!(!received.recv().unwrap().contains("accept-encoding"));
    assert_eq!(file.0, PACKED);
}

/// Collects a file.
#[derive(Default)]
struct Collected(Vec<u8>);

impl ResponseSink for Collected {
    fn head(&mut self, _: &HttpResponse) -> Result<(), Rejected> {
        Ok(())
    }

    fn piece(&mut self, bytes: &[u8]) -> Result<(), Rejected> {
        self.0.extend_from_slice(bytes);
        Ok(())
    }
}

#[tokio::test]
async fn an_answer_over_the_limit_is_not_read_to_its_end() {
    let limits = Limits { body: 1000, ..LIMITS };
    let fits = format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}", "a".repeat(1000));
    let (url, _received) = server(answers(fits.clone()));
    assert_eq!(send(url, Body::Empty, limits).await.unwrap().body.len(), 1000);
    let (url, _received) = server(answers(fits + "a"));
    assert_eq!(send(url, Body::Empty, limits).await.unwrap_err(), HttpFailure::TooLarge);
}
