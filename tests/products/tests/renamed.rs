//! No rule is written for an id: a definition whose statuses and product have other ids serves the same story.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use pocketdesk::environment::Environment;
use pocketdesk::model::{DetailPart, FieldValue, Progress, ServerStatus, StatusKind, TicketDraft, Timestamp, millis};
use pocketdesk::net::{Body, Http, HttpRequest, Method, ReqwestHttp, TokenFailure, Tokens};
use pocketdesk::product::{DetailFacts, DraftNote, Product, ServerKind, StatusFacts};
use pocketdesk::sync::Scope;
use pocketdesk::{Client, ClientConfig};
use pocketdesk_sandbox::{Options, Running, Sandbox};
use serde_json::{Value, json};
use url::Url;

const WEB: &str = include_str!("../../../core/products/impact-web.json");
const HUB: &str = include_str!("../../../core/products/hub.json");
const WORKSHOP: &str = include_str!("../definitions/workshop.json");
const TELECOM: &str = include_str!("../definitions/telecom.json");

/// The definition with other ids for the product and for every status, in everything that names them.
fn renamed(text: &str) -> Value {
    let mut definition: Value = serde_json::from_str(text).unwrap();
    let ids: Vec<String> = definition["statuses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|status| status["id"].as_str().unwrap().to_owned())
        .collect();
    let new = |id: &str| format!("renamed_{id}");
    definition["id"] = json!("renamed");
    for status in definition["statuses"].as_array_mut().unwrap() {
        status["id"] = json!(new(status["id"].as_str().unwrap()));
    }
    for rule in definition["status_from"].as_array_mut().unwrap() {
        rule["to"] = json!(new(rule["to"].as_str().unwrap()));
    }
    for texts in definition["strings"].as_object_mut().unwrap().values_mut().filter_map(Value::as_object_mut) {
        for id in &ids {
            for end in ["", ".explanation"] {
                if let Some(text) = texts.remove(&format!("status.{id}{end}")) {
                    texts.insert(format!("status.{}{end}", new(id)), text);
                }
            }
        }
    }
    definition
}

struct Device;

#[async_trait]
impl Environment for Device {
    fn now(&self) -> Timestamp {
        Timestamp(millis(SystemTime::now().duration_since(UNIX_EPOCH).unwrap()))
    }

    async fn sleep(&self, length: Duration) {
        tokio::time::sleep(length).await;
    }

    fn random(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).unwrap();
        bytes
    }
}

struct Ada;

#[async_trait]
impl Tokens for Ada {
    async fn token(&self, _refused: bool) -> Result<String, TokenFailure> {
        Ok("ada-token".to_owned())
    }
}

async fn control(server: &Running, path: &str, body: &Value) {
    let url = Url::parse(&server.base_url).unwrap().join(path).unwrap();
    let body = Body::Json(body.to_string().into_bytes());
    let request = HttpRequest { method: Method::Post, url, headers: Vec::new(), body };
    assert!(ReqwestHttp::new().unwrap().send(request).await.unwrap().status < 300, "{path}");
}

/// The web product's story: a ticket is written with addresses that count only while access is on, the help desk answers,
/// and each status is the one that the definition maps it to. Returns the ids of the statuses on the way.
async fn story(definition: &Value) -> Vec<String> {
    let server = Sandbox::start(Options { tickets: 3, ..Options::default() }).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let config = ClientConfig {
        product: Some(definition.to_string()),
        send_delay: Duration::ZERO,
        language: "de".to_owned(),
        ..ClientConfig::new(folder.path(), "ada", &server.base_url)
    };
    let client = Client::open(&config, Arc::new(ReqwestHttp::new().unwrap()), Arc::new(Ada), Arc::new(Device)).unwrap();
    assert_eq!(client.sync(Scope::Everything).await.failure, None);

    let mut draft = TicketDraft {
        subject: "Auszahlung für März fehlt – الرجاء المساعدة 🙏".to_owned(),
        cc: vec!["jürgen@reisen.example".to_owned()],
        description: "Guten Tag,\n\nseit Montag fehlt die Auszahlung.".to_owned(),
        ..client.ticket_draft().unwrap()
    };
    assert_eq!(draft.issue_type, "support_ui_general");
    assert_eq!(client.check_ticket_draft(&draft).unwrap().notes, [DraftNote::AddressesKeptAside]);
    draft.access = true;
    assert_eq!(client.check_ticket_draft(&draft).unwrap().notes, []);
    let ticket = client.submit(&draft).unwrap();
    let mut seen = vec![client.ticket(ticket).unwrap().row.status.id.unwrap().0];
    assert_eq!(client.sync(Scope::Everything).await.failure, None);
    let number = client.ticket(ticket).unwrap().row.number.unwrap().0;
    for (status, kind) in [
        ("open", StatusKind::Working),
        ("pending", StatusKind::AwaitingUser),
        ("solved", StatusKind::Solved),
        ("closed", StatusKind::Closed),
    ] {
        let answer = json!({ "body": format!("Wir haben es geprüft: {status}"), "status": status });
        control(&server, &format!("/sandbox/tickets/{number}/answer"), &answer).await;
        assert_eq!(client.sync(Scope::Everything).await.failure, None);
        let head = client.ticket(ticket).unwrap();
        assert_eq!((head.row.status.kind, head.can_reply), (kind, kind != StatusKind::Closed), "{status}");
        assert_eq!(head.reopens, kind == StatusKind::Solved);
        seen.push(head.row.status.id.unwrap().0);
    }
    seen
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_web_product_serves_its_story_under_any_ids() {
    let definition: Value = serde_json::from_str(WEB).unwrap();
    let seen = story(&definition).await;
    assert_eq!(seen, ["open", "in_progress", "awaiting_reply", "solution_offered", "closed"]);
    let under_other_ids = story(&renamed(WEB)).await;
    assert_eq!(under_other_ids, seen.iter().map(|id| format!("renamed_{id}")).collect::<Vec<_>>());
}

#[test]
fn a_product_with_types_a_timeline_and_a_toggle_is_only_a_file() {
    let workshop = Product::from_json(WORKSHOP, ServerKind::Zendesk).unwrap();
    let value = |value: &str| FieldValue::Enum(value.to_owned());
    let values = [("channel".to_owned(), value("counter")), ("repair".to_owned(), value("in_repair"))].into();
    let mut known = DetailFacts { number: Some("#4711".into()), values, ..DetailFacts::default() };
    known.facts.ticket_type = workshop.ticket_type(&known.values).map(str::to_owned);
    let parts = workshop.details(&known, &workshop.strings("de"));
    let [DetailPart::Section(facts), DetailPart::Section(repair), DetailPart::Thread] = parts.as_slice() else {
        panic!("{parts:?}")
    };
    assert_eq!((facts.id.as_str(), repair.title.as_deref()), ("facts", Some("Reparatur")));
    let steps = &repair.timeline.as_ref().unwrap().steps;
    let shown: Vec<_> = steps.iter().map(|step| (step.label.as_str(), step.progress)).collect();
    let expected =
        [("Angenommen", Progress::Done), ("In Reparatur", Progress::Current), ("Abholbereit", Progress::NotReached)];
    assert_eq!(shown, expected);
}

#[test]
fn the_hub_is_only_a_file() {
    for server in [ServerKind::Zendesk, ServerKind::RequestTracker] {
        for text in [HUB.to_owned(), renamed(HUB).to_string()] {
            let hub = Product::from_json(&text, server).unwrap();
            let status = |server| hub.status(&StatusFacts::of(server)).kind;
            for (known, _) in ServerStatus::ALL {
                let is_over = matches!(known, ServerStatus::Solved | ServerStatus::Closed);
                assert_eq!(status(known), if is_over { StatusKind::Closed } else { StatusKind::Open }, "{known:?}");
            }
        }
    }
}

#[test]
fn the_telecom_product_is_only_a_file() {
    let telecom = Product::from_json(TELECOM, ServerKind::Zendesk).unwrap();
    assert_eq!(telecom.subject_limit, 80);
    assert!(telecom.attachments.is_none() && !telecom.access_toggle && telecom.solve && !telecom.add_cc);
    assert_eq!(
        telecom.issue_types.iter().map(|known| known.value.as_str()).collect::<Vec<_>>(),
        ["tc_fault", "tc_bill"]
    );
    assert_eq!(telecom.strings("de").text("status.technician", &[]), "Techniker unterwegs");
    let status = |server, custom| telecom.status(&StatusFacts { custom, ..StatusFacts::of(server) }).id.unwrap().0;
    assert_eq!(status(ServerStatus::Open, Some("9001")), "technician");
    assert_eq!(status(ServerStatus::Solved, None), "done");
    // It works with the kinds of server that it has settings for, and says so about others.
    let error = Product::from_json(TELECOM, ServerKind::RequestTracker).unwrap_err();
    assert_eq!(error.path, "connectors");
    assert!(Product::from_json(&renamed(TELECOM).to_string(), ServerKind::Zendesk).is_ok());
}
