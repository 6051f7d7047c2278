//! The probe (`docs/probe.md`) as a process, against the sandbox server.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use pocketdesk::net::{Body, Http, HttpRequest, Method, ReqwestHttp};
use pocketdesk_sandbox::{Options, Running, Sandbox};
use serde_json::{Value, json};
use tempfile::TempDir;
use url::Url;

struct Probe {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Probe {
    fn start(server: &str, folder: &Path, product: Option<&Path>) -> Self {
        let mut command = Command::new(program());
        command.args(["--server", server, "--token", "ada-token", "--folder"]).arg(folder);
        if let Some(product) = product {
            command.arg("--product").arg(product);
        }
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (input, output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Self { child, input, output }
    }

    fn line(&mut self) -> Value {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }

    fn ask(&mut self, command: &Value) -> Value {
        writeln!(self.input, "{command}").unwrap();
        self.line()
    }

    /// The result of a command that must succeed.
    fn ok(&mut self, command: &Value) -> Value {
        let answer = self.ask(command);
        assert!(answer.get("ok").is_some(), "{command} {answer}");
        answer["ok"].clone()
    }

    fn sync(&mut self) -> Value {
        self.ok(&json!({ "do": "sync", "scope": "everything" }))
    }

    /// Works until nothing waits to be sent.
    fn wait_until_sent(&mut self) {
        let mut state = Value::Null;
        for _ in 0..30 {
            state = self.ok(&json!({ "do": "wait", "seconds": 1 }));
            if state["waiting"] == 0 {
                break;
            }
        }
        assert_eq!((&state["waiting"], &state["problem"]), (&json!(0), &Value::Null));
    }

    /// The delivery of a message of this ticket.
    fn delivery(&mut self, ticket: &Value, message: &Value) -> Value {
        let thread = self.ok(&json!({ "do": "thread", "ticket": ticket }));
        let messages = thread["messages"].as_array().unwrap();
        messages.iter().find(|shown| shown["id"] == *message).unwrap()["delivery"].clone()
    }

    fn quit(mut self) {
        self.ok(&json!({ "do": "quit" }));
        assert!(self.child.wait().unwrap().success());
    }
}

/// `cargo test` builds the example beside the tests.
fn program() -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let program = tests.parent().unwrap().parent().unwrap().join("examples/probe");
    assert!(program.exists(), "build it first: cargo build -p pocketdesk --example probe");
    program
}

async fn sandbox() -> Running {
    Sandbox::start(Options { tickets: 20, ..Options::default() }).await.unwrap()
}

async fn ask_sandbox(server: &Running, method: Method, path: &str, body: Value) -> Value {
    let url = Url::parse(&server.base_url).unwrap().join(path).unwrap();
    let body = if body.is_null() { Body::Empty } else { Body::Json(body.to_string().into_bytes()) };
    let request = HttpRequest { method, url, headers: Vec::new(), body };
    let answer = ReqwestHttp::new().unwrap().send(request).await.unwrap();
    serde_json::from_slice(&answer.body).unwrap_or_default()
}

/// The built-in product, which also takes files, and waits only a moment for an answer that was lost.
fn product(folder: &TempDir) -> PathBuf {
    let product = json!({
        "schema": 1, "id": "tested", "version": 1, "extends": "impact-mobile@1",
        "attachments": { "in": ["create", "reply"], "max_files": 3, "max_bytes": 100_000, "types": ["txt"] },
        "sync": { "stale_read_seconds": 0, "late_apply_seconds": 0 }
    });
    let path = folder.path().join("product.json");
    fs::write(&path, product.to_string()).unwrap();
    path
}

const SUBJECT: &str = "Überweisung fehlt – الرجاء المساعدة 🙏";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_written_without_a_server_arrives_once_in_order() {
    let (server, folder) = (sandbox().await, tempfile::tempdir().unwrap());
    let product = product(&folder);
    let mut probe = Probe::start(&server.base_url, folder.path(), Some(&product));
    assert_eq!(probe.sync()["failure"], Value::Null);
    assert_eq!(probe.ok(&json!({ "do": "history" }))["total"], 20);
    ask_sandbox(&server, Method::Post, "/sandbox/faults", json!({ "offline": true })).await;
    let created = probe.ok(&json!({
        "do": "create", "subject": SUBJECT, "description": "Seit Montag.", "cc": ["jürgen@reisen.example"], "access": true,
    }));
    let ticket = &created["ticket"];
    let reply = probe.ok(&json!({ "do": "reply", "ticket": ticket, "body": "Noch etwas:\n\n…" }));
    assert_eq!(probe.sync()["failure"]["server"]["detail"]["trouble"], "unreachable");
    let state = probe.ok(&json!({ "do": "state" }));
    assert_eq!((&state["waiting"], &state["problem"]), (&json!(2), &json!("server_unreachable")));
    assert_eq!(probe.delivery(ticket, &reply["message"])["state"], "queued");
    ask_sandbox(&server, Method::Delete, "/sandbox/faults", Value::Null).await;
    // The process ends here, and the next one continues.
    probe.quit();
    let mut probe = Probe::start(&server.base_url, folder.path(), Some(&product));
    probe.sync();
    // The first attempt broke off, so its outcome is looked for before another one.
    probe.wait_until_sent();
    assert_eq!(probe.delivery(ticket, &reply["message"]), json!({ "state": "sent" }));
    let thread = probe.ok(&json!({ "do": "open", "ticket": ticket }));
    let number = &thread["ticket"]["row"]["number"];
    let theirs = ask_sandbox(&server, Method::Get, &format!("/sandbox/tickets/{number}"), Value::Null).await;
    let bodies: Vec<_> = theirs["ticket"]["comments"].as_array().unwrap().iter().map(|c| c["body"].clone()).collect();
    assert_eq!(bodies, ["Seit Montag.", "Noch etwas:\n\n…"]);
    probe.quit();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_file_is_sent_again_on_request() {
    let (server, folder) = (sandbox().await, tempfile::tempdir().unwrap());
    let mut probe = Probe::start(&server.base_url, folder.path(), Some(&product(&folder)));
    probe.sync();
    let path = folder.path().join("Auszug März.txt");
    fs::write(&path, "4711 nicht gefunden\n").unwrap();
    let attached = probe.ok(&json!({ "do": "attach", "path": path }));
    assert_eq!(attached["file"]["name"], "Auszug März.txt");
    let created = probe.ok(&json!({ "do": "create", "subject": SUBJECT, "description": "Siehe Anhang." }));
    let (ticket, message) = (&created["ticket"], &created["message"]);
    ask_sandbox(&server, Method::Post, "/sandbox/faults", json!({ "upload_refused": "type" })).await;
    probe.sync();
    let delivery = probe.delivery(ticket, message);
    assert_eq!((&delivery["state"], &delivery["detail"]["kind"]), (&json!("needs_user"), &json!("attachment_type")));
    ask_sandbox(&server, Method::Delete, "/sandbox/faults", Value::Null).await;
    assert_eq!(probe.ok(&json!({ "do": "retry", "message": message })), Value::Null);
    probe.sync();
    assert_eq!(probe.delivery(ticket, message)["state"], "sent");
    probe.quit();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unsent_messages_are_edited_and_taken_back() {
    let (server, folder) = (sandbox().await, tempfile::tempdir().unwrap());
    let mut probe = Probe::start(&server.base_url, folder.path(), None);
    let created = probe.ok(&json!({ "do": "create", "subject": SUBJECT, "description": "Seit Montag." }));
    let ticket = &created["ticket"];
    let reply = probe.ok(&json!({ "do": "reply", "ticket": ticket, "body": "ein Versehen" }))["message"].clone();
    probe.ok(&json!({ "do": "edit", "message": reply, "body": "ein Versehen 🙈" }));
    assert_eq!(probe.ok(&json!({ "do": "discard", "message": reply })), json!({ "body": "ein Versehen 🙈" }));
    probe.ok(&json!({ "do": "edit", "message": created["message"], "body": "Seit Dienstag." }));
    let thread = probe.ok(&json!({ "do": "thread", "ticket": ticket }));
    assert_eq!(thread["messages"][0]["body"], "Seit Dienstag.");
    assert_eq!(thread["messages"].as_array().unwrap().len(), 1);
    for (command, kind) in [
        (json!({ "do": "dance" }), "bad_command"),
        (json!({ "do": "retry" }), "bad_command"),
        (json!({ "do": "thread", "number": 4711 }), "no_such_ticket"),
        (json!({ "do": "retry", "message": created["message"] }), "not_possible_now"),
        (json!({ "do": "create", "subject": " ", "description": "x" }), "invalid"),
        (json!({ "do": "reply", "ticket": ticket, "body": " " }), "invalid"),
        (json!({ "do": "attach", "path": "/nowhere.txt" }), "off"),
    ] {
        assert_eq!(probe.ask(&command)["error"]["kind"], kind, "{command}");
    }
    probe.quit();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_action_is_offered_and_done_and_what_is_not_offered_is_refused() {
    let (server, folder) = (sandbox().await, tempfile::tempdir().unwrap());
    let mut probe = Probe::start(&server.base_url, folder.path(), None);
    probe.sync();
    let history = probe.ok(&json!({ "do": "history" }));
    let [open, closed] = [0, 1].map(|row: usize| history["tickets"][row]["number"].clone());
    for (number, status) in [(&open, "open"), (&closed, "closed")] {
        let answer = json!({ "body": "Wir haben es geprüft.", "status": status });
        ask_sandbox(&server, Method::Post, &format!("/sandbox/tickets/{number}/answer"), answer).await;
    }
    probe.sync();
    let details = probe.ok(&json!({ "do": "details", "number": closed, "language": "es" }));
    assert_eq!(details["actions"][0]["label"], "Crear un ticket de seguimiento");
    assert_eq!(details["parts"][0]["value"]["items"][0]["label"], "Número de ticket");
    let acted = probe.ok(&json!({ "do": "act", "number": closed, "action": "follow_up", "language": "de" }));
    assert_eq!(acted["kind"], "new_ticket");
    assert_eq!(acted["draft"]["description"], json!(format!("Zu Ticket #{closed}:")));
    let refused = probe.ask(&json!({ "do": "act", "number": open, "action": "follow_up" }));
    assert_eq!(refused["error"]["kind"], "not_offered");
    probe.quit();
}

#[test]
fn what_is_no_server_is_refused_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut probe = Probe::start("http://desk.example", folder.path(), None);
    assert_eq!(probe.line(), json!({ "error": { "kind": "invalid_url" } }));
    assert_eq!(probe.child.wait().unwrap().code(), Some(1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_hubs_columns_claims_toggle_and_feedback_can_be_tried() {
    let (server, folder) = (sandbox().await, tempfile::tempdir().unwrap());
    ask_sandbox(&server, Method::Post, "/sandbox/settings", json!({ "satisfaction": "legacy" })).await;
    let file = folder.path().join("hub.json");
    let product = json!({
        "schema": 1, "id": "tested", "version": 1, "extends": "hub@1",
        "connectors": { "zendesk": { "fields": { "client_reference": 360_001_000_003_i64 } } }
    });
    fs::write(&file, product.to_string()).unwrap();
    let mut probe = Probe::start(&server.base_url, folder.path(), Some(&file));
    let created = probe.ok(&json!({ "do": "create", "subject": SUBJECT, "description": "Seit Montag." }));
    probe.wait_until_sent();
    let row = probe.ok(&json!({ "do": "thread", "ticket": created["ticket"] }))["ticket"]["row"].clone();
    let number = row["number"].as_i64().unwrap();
    let history = probe.ok(&json!({ "do": "history" }));
    let columns: Vec<_> = history["columns"].as_array().unwrap().iter().map(|column| column["id"].clone()).collect();
    assert_eq!(columns.first(), Some(&json!("number")), "{columns:?}");
    assert_eq!(history["scope"], "mine");

    let rate = json!({ "do": "act", "number": number, "action": "feedback", "answer": "good", "text": "Schnell 🙏" });
    assert_eq!(probe.ask(&rate)["error"]["kind"], "not_offered", "the ticket is open");
    probe.ok(&json!({ "do": "open", "number": number }));
    ask_sandbox(&server, Method::Post, &format!("/sandbox/tickets/{number}/status"), json!({ "status": "solved" }))
        .await;
    probe.sync();
    assert_eq!(probe.ok(&rate)["kind"], "written");
    let allow = json!({ "do": "act", "number": number, "action": "proxy_login", "on": true });
    assert_eq!(probe.ok(&allow)["kind"], "written");
    probe.wait_until_sent();
    let ticket = ask_sandbox(&server, Method::Get, &format!("/sandbox/tickets/{number}"), Value::Null).await;
    assert_eq!(ticket["ticket"]["rating"], json!({ "score": "good", "comment": "Schnell 🙏" }));
    assert_eq!(probe.ask(&rate)["error"]["kind"], "not_offered", "it was given");

    probe.ok(&json!({ "do": "claims", "claims": ["regulated"] }));
    let history = probe.ok(&json!({ "do": "history" }));
    assert!(history["unavailable"].is_string() && history["total"] == 0, "{history}");
    probe.quit();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_script_reads_articles_and_votes() {
    let (server, folder) = (sandbox().await, tempfile::tempdir().unwrap());
    let mut probe = Probe::start(&server.base_url, folder.path(), Some(&with_articles(folder.path())));
    assert_eq!(probe.ok(&json!({ "do": "articles" }))["state"], "unknown");
    probe.sync();
    let help_center = probe.ok(&json!({ "do": "articles" }));
    assert_eq!((&help_center["state"], &help_center["complete"]), (&json!("here"), &json!(true)));
    let section = &help_center["categories"][1]["sections"][0];
    assert_eq!((&section["name"], &section["articles"]), (&json!("Payouts"), &json!(50)));
    let rows = probe.ok(&json!({ "do": "articles", "section": section["id"] }));
    assert_eq!(rows.as_array().unwrap().len(), 50);
    let show = json!({ "do": "article", "article": rows[0]["id"] });
    let article = probe.ok(&show);
    assert!(article["body"].as_str().unwrap().contains("Step by step"), "{article}");
    assert_eq!((&article["asks"], &article["vote"]), (&json!(true), &Value::Null));
    assert_eq!(probe.ok(&json!({ "do": "vote", "article": rows[0]["id"], "helpful": false })), Value::Null);
    assert_eq!(probe.ok(&show)["vote"], json!({ "helpful": false, "waiting": true }));
    probe.wait_until_sent();
    assert_eq!(probe.ok(&show)["vote"], json!({ "helpful": false, "waiting": false }));
    let path = format!("/sandbox/articles/{}", rows[0]["id"]);
    let there = ask_sandbox(&server, Method::Get, &path, Value::Null).await;
    assert_eq!(there["article"]["votes"].as_object().unwrap().values().collect::<Vec<_>>(), [-1]);
    let similar = probe.ok(&json!({ "do": "similar", "text": "payout from Klaviyo" }));
    assert_eq!(similar["articles"][0]["title"], "When is my payout from Klaviyo transferred? 💶");
    let found = probe.ok(&json!({ "do": "search_articles", "text": "KLAVIYO payou", "limit": 1 }));
    assert_eq!(found["articles"][0]["id"], similar["articles"][0]["id"]);
    assert_eq!(found["articles"][0]["marked_title"][1], json!({ "text": "payout", "hit": true }));
    let ticket = probe.ok(&json!({ "do": "history" }))["tickets"][0].clone();
    let number = ticket["number"].as_i64().unwrap();
    let found = probe.ok(&json!({ "do": "search", "text": format!("#{number}") }));
    assert_eq!((&found["hits"][0]["id"], &found["hits"][0]["found_in"]), (&ticket["id"], &json!({ "kind": "number" })));
    let found = probe.ok(&json!({ "do": "search_server", "text": format!("#{number}") }));
    assert_eq!(found, json!({ "answered": true, "tickets": [] }), "it is found here");
    let found = probe.ok(&json!({ "do": "find_in_thread", "number": number, "text": "qqq" }));
    assert_eq!(found, json!({ "messages": [] }));
    assert_eq!(probe.ok(&json!({ "do": "article", "article": 4711 })), Value::Null);
    let nothing = json!({ "do": "vote", "article": 4711, "helpful": true });
    assert_eq!(probe.ask(&nothing)["error"]["kind"], "not_offered");
    probe.quit();
}

/// The file of a product with help articles.
fn with_articles(folder: &Path) -> PathBuf {
    let path = folder.join("product.json");
    let product = json!({ "schema": 1, "id": "tested", "version": 1, "extends": "impact-mobile@1", "articles": { "votes": true }, "history": { "search": true } });
    fs::write(&path, product.to_string()).unwrap();
    path
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_key_is_documented() {
    let (server, folder) = (sandbox().await, tempfile::tempdir().unwrap());
    let mut probe = Probe::start(&server.base_url, folder.path(), Some(&with_articles(folder.path())));
    let report = probe.sync();
    let history = probe.ok(&json!({ "do": "history" }));
    let mut keys = Vec::new();
    collect(&report, &mut keys);
    collect(&history, &mut keys);
    for row in history["tickets"].as_array().unwrap() {
        collect(&probe.ok(&json!({ "do": "thread", "number": row["number"] })), &mut keys);
        collect(&probe.ok(&json!({ "do": "details", "number": row["number"], "language": "de" })), &mut keys);
    }
    collect(&probe.ok(&json!({ "do": "entries" })), &mut keys);
    let help_center = probe.ok(&json!({ "do": "articles" }));
    let rows = probe.ok(&json!({ "do": "articles", "section": help_center["categories"][0]["sections"][0]["id"] }));
    probe.ok(&json!({ "do": "vote", "article": rows[0]["id"], "helpful": true }));
    for shown in [&help_center, &rows, &probe.ok(&json!({ "do": "article", "article": rows[0]["id"] }))] {
        collect(shown, &mut keys);
    }
    let document = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/probe.md")).unwrap();
    keys.retain(|key| !document.contains(&format!("`{key}`")));
    assert_eq!(keys, Vec::<String>::new());
    probe.quit();
}

/// Every key of `value`, once.
fn collect(value: &Value, keys: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                if !keys.contains(key) {
                    keys.push(key.clone());
                }
                collect(value, keys);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, keys)),
        _ => {}
    }
}
