//! The hub (`docs/product.md`, P3): types of tickets, escalations, and what is offered where no reply can be written, as the server of a
//! company that has set up its custom fields shows them.

use std::sync::Arc;

use pocketdesk::client::{Acted, ReplyError, TicketDetails};
use pocketdesk::model::{
    DetailItem, DetailPart, DetailSection, Progress, ReplyAlternative, ReplyDraft, ShownValue, StatusKind, TicketId,
    TicketRow,
};
use pocketdesk::net::Method;
use pocketdesk::product::ReplyPlace;
use pocketdesk::sync::Scope;
use pocketdesk::{Client, ClientConfig};
use pocketdesk_sandbox::{Options, Running, Sandbox};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::bench::{open, send_to};

const HUB: &str = include_str!("../../products/hub.json");

/// A company that uses the hub, and the device of one of its users.
struct Company {
    _folder: TempDir,
    sandbox: Running,
    client: Arc<Client>,
    hub: Value,
}

impl Company {
    async fn start() -> Self {
        let sandbox = Sandbox::start(Options { tickets: 3, ..Options::default() }).await.unwrap();
        let hub: Value = serde_json::from_str(HUB).unwrap();
        for (name, field) in hub["connectors"]["zendesk"]["fields"].as_object().unwrap() {
            let id = field.as_i64().or(field["id"].as_i64()).unwrap();
            let made =
                json!({ "id": id, "type": "text", "titles": { "en": name }, "editable": name == "client_reference" });
            send_to(&sandbox.base_url, Method::Post, "/sandbox/ticket_fields", made).await;
        }
        send_to(&sandbox.base_url, Method::Post, "/sandbox/settings", json!({ "copied_users_see": true })).await;
        let folder = tempfile::tempdir().unwrap();
        let product = json!({
            "schema": 1, "id": "tested", "version": 1, "extends": "hub@1",
            "sync": { "stale_read_seconds": 1, "late_apply_seconds": 1 }
        });
        let config = ClientConfig {
            product: Some(product.to_string()),
            ..ClientConfig::new(folder.path(), "ada", &sandbox.base_url)
        };
        let client = open(&config, "ada-token");
        Self { _folder: folder, sandbox, client, hub }
    }

    fn field(&self, name: &str) -> i64 {
        let field = &self.hub["connectors"]["zendesk"]["fields"][name];
        field.as_i64().or(field["id"].as_i64()).unwrap()
    }

    /// A ticket from Ada, with these values of the product's fields. Every key of `with` is the sandbox's.
    async fn make(&self, channel: &str, fields: Value, with: Value) -> TicketId {
        let values = fields.as_object().unwrap().iter();
        let fields: serde_json::Map<_, _> =
            values.map(|(name, value)| (self.field(name).to_string(), value.clone())).collect();
        let mut made = json!({
            "requester": "ada", "channel": channel, "fields": fields,
            "messages": [{ "by": "ada", "body": "Guten Tag,\n\nseit Montag fehlen die Buchungen. 🙏" }]
        });
        made.as_object_mut().unwrap().extend(with.as_object().unwrap().clone());
        let made = send_to(&self.sandbox.base_url, Method::Post, "/sandbox/tickets/make", made).await;
        let number = made["ticket"]["id"].as_i64().unwrap();
        self.sync().await;
        self.row_of(number).id
    }

    async fn sync(&self) {
        assert_eq!(self.client.sync(Scope::Everything).await.failure, None);
    }

    fn row_of(&self, number: i64) -> TicketRow {
        let rows = self.client.history(None, 200).unwrap().tickets;
        rows.into_iter().find(|row| row.number.is_some_and(|known| known.0 == number)).unwrap()
    }

    fn row(&self, ticket: TicketId) -> TicketRow {
        self.row_of(self.client.ticket(ticket).unwrap().row.number.unwrap().0)
    }

    async fn act(&self, ticket: TicketId, what: &str, body: Value) {
        let number = self.client.ticket(ticket).unwrap().row.number.unwrap();
        send_to(&self.sandbox.base_url, Method::Post, &format!("/sandbox/tickets/{number}/{what}"), body).await;
        self.sync().await;
    }

    async fn set(&self, ticket: TicketId, name: &str, value: Value) {
        self.act(ticket, "field", json!({ "field": self.field(name), "value": value })).await;
    }

    fn details(&self, ticket: TicketId, language: &str) -> TicketDetails {
        self.client.details(ticket, language).unwrap()
    }
}

fn section<'a>(details: &'a TicketDetails, id: &str) -> Option<&'a DetailSection> {
    details.parts.iter().find_map(|part| match part {
        DetailPart::Section(section) if section.id == id => Some(section),
        _ => None,
    })
}

/// What a section shows for a fact or a field: a text, several joined, links, or a moment in ms.
fn shown(details: &TicketDetails, of: &str, wanted: &str) -> Option<String> {
    let value = section(details, of)?.items.iter().find_map(|item| match item {
        DetailItem::Value { id, value, .. } if id == wanted => Some(value.clone()),
        _ => None,
    })??;
    Some(match value {
        ShownValue::Text(text) | ShownValue::Day(text) => text,
        ShownValue::Texts(texts) => texts.join(", "),
        ShownValue::Instant(at) => at.0.to_string(),
        ShownValue::Links(links) => {
            links.iter().map(|link| format!("{} {}", link.title, link.url)).collect::<Vec<_>>().join(", ")
        }
        ShownValue::Status(status) => status.id.map(|id| id.0).unwrap_or_default(),
    })
}

/// The parts below each other, by name.
fn parts(details: &TicketDetails) -> Vec<&str> {
    let name = |part: &'_ DetailPart| match part {
        DetailPart::Section(section) => match section.id.as_str() {
            "facts" => "facts",
            "call" => "call",
            "escalation" => "escalation",
            "proxy" => "proxy",
            "resources" => "resources",
            _ => "another section",
        },
        DetailPart::Thread => "thread",
        DetailPart::Transcript => "transcript",
        DetailPart::Note(_) => "note",
    };
    details.parts.iter().map(name).collect()
}

const WITH_MARTA: &str = "361700020001";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ticket_has_the_type_that_its_field_says_before_its_channel() {
    let company = Company::start().await;
    let subject = json!({ "subject": "Buchungen fehlen", "assignee": WITH_MARTA, "linked": ["ben"] });
    let mail = company.make("email", json!({}), subject).await;
    let call = company.make("email", json!({ "ticket_type": "conference_call" }), json!({ "subject": "Zoom?" })).await;
    let phone = company.make("phone_call_inbound", json!({}), json!({})).await;
    let chat = company.make("native_messaging", json!({}), json!({ "subject": "Chat mit Ada" })).await;
    let unknown = company.make("sms", json!({}), json!({ "subject": "Per SMS" })).await;
    let other = company.make("email", json!({ "ticket_type": "fax" }), json!({ "subject": "Fax" })).await;
    let kinds = [mail, call, phone, chat, unknown, other].map(|ticket| company.row(ticket).ticket_type);
    let known = ["email", "conference_call", "phone", "chat"].map(|id| Some(id.to_owned()));
    assert_eq!(kinds[..4], known);
    assert_eq!(kinds[4..], [None, None]);
    let label = |ticket| shown(&company.details(ticket, "de"), "facts", "ticket_type").unwrap();
    assert_eq!(
        [mail, call, phone, chat, unknown, other].map(label),
        ["E-Mail", "Konferenzschaltung", "Telefon", "Chat", "sms", "fax"]
    );
    // An unknown type has the sections of a mail.
    assert_eq!(parts(&company.details(unknown, "de")), ["facts", "thread"]);
    // Who is who: as the server names them.
    let facts = company.details(mail, "es");
    assert_eq!(shown(&facts, "facts", "assignee").as_deref(), Some("Marta Feld"));
    assert_eq!(shown(&facts, "facts", "requester").as_deref(), Some("Tú"));
    assert_eq!(shown(&facts, "facts", "linked").as_deref(), Some("Ben Okafor"));
    assert_eq!(shown(&company.details(call, "es"), "facts", "assignee"), None, "nobody has it yet");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_subject_of_a_call_is_made_in_the_language_of_the_screen() {
    let company = Company::start().await;
    let call =
        company.make("web", json!({ "ticket_type": "conference_call" }), json!({ "subject": "Invitation" })).await;
    let silent = company.make("voice", json!({}), json!({})).await;
    let named = company.make("voice", json!({}), json!({ "subject": "Rückruf erbeten ☎️" })).await;
    let subject = |ticket, language: &str| shown(&company.details(ticket, language), "facts", "subject").unwrap();
    assert_eq!(subject(call, "de"), "Konferenzschaltung – Ada Lindqvist");
    assert_eq!(subject(call, "es"), "Llamada en conferencia – Ada Lindqvist");
    assert_eq!(subject(silent, "en"), "Phone call – Ada Lindqvist");
    assert_eq!(subject(named, "de"), "Rückruf erbeten ☎️", "a phone call keeps its own");
    // The history says the same: the key of the text, and the name for it.
    let row = company.row(call);
    let strings = company.client.strings("de");
    let made = strings.text(&row.subject_key.unwrap(), &[("requester", &row.requester.unwrap())]);
    assert_eq!(made, "Konferenzschaltung – Ada Lindqvist");
    assert_eq!(company.row(named).subject_key, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_escalation_is_followed_from_step_to_step_and_its_fix_is_confirmed_by_a_reply() {
    let company = Company::start().await;
    let fields = json!({
        "escalation_state": "esc_submitted", "escalation_id": "CP-20419", "escalation_text": "Bookings are lost.",
        "escalation_dates": "esc_submitted=2026-03-02T08:15:00Z", "escalation_estimate": "2093-04-01"
    });
    let ticket = company.make("email", fields, json!({ "subject": "Buchungen fehlen" })).await;
    assert_eq!((company.row(ticket).marks, company.client.ticket(ticket).unwrap().row.marks), {
        let escalated = vec!["escalated".to_owned()];
        (escalated.clone(), escalated)
    });
    let details = company.details(ticket, "de");
    assert_eq!(parts(&details), ["facts", "escalation", "thread"]);
    let escalation = section(&details, "escalation").unwrap();
    assert!(escalation.collapsible && escalation.hint.as_ref().is_some_and(|hint| hint.contains("Ticket")));
    assert_eq!(shown(&details, "escalation", "escalation_id").as_deref(), Some("CP-20419"));
    let timeline = escalation.timeline.as_ref().unwrap();
    let steps: Vec<_> = timeline.steps.iter().map(|step| step.label.as_str()).collect();
    assert_eq!(
        steps,
        ["Eskalation eingereicht", "Wird geprüft", "Engineering in Progress", "Lösung wird geprüft", "Behoben"]
    );
    assert!(timeline.steps.iter().all(|step| step.explanation.is_some()));
    assert_eq!(timeline.steps[0].at.map(|at| at.0), Some(1_772_439_300_000));
    let estimate = timeline.estimate.as_ref().unwrap();
    assert_eq!(estimate.at, ShownValue::Day("2093-04-01".into()));
    assert!(estimate.note.as_ref().is_some_and(|note| note.contains("nicht garantiert")));

    let before = shown(&details, "facts", "updated").unwrap();
    send_to(&company.sandbox.base_url, Method::Post, "/sandbox/clock", json!({ "advance_seconds": 90 })).await;
    company.set(ticket, "escalation_state", json!("esc_fix")).await;
    let details = company.details(ticket, "de");
    assert!(shown(&details, "facts", "updated").unwrap() > before, "the step is the server's update");
    let steps = &section(&details, "escalation").unwrap().timeline.as_ref().unwrap().steps;
    assert_eq!(steps[3].action.as_deref(), Some("confirm_fix"));
    assert_eq!(company.client.act(ticket, "confirm_fix", &[], "de").unwrap(), Acted::ReplyDraft);
    let draft = company.client.reply_draft(ticket).unwrap();
    assert_eq!(draft.body, "Ich habe die Lösung geprüft: Das Problem ist behoben. Vielen Dank.");
    company.client.reply(&ReplyDraft { body: format!("{} 🙏", draft.body), ..draft }).unwrap();
    company.sync().await;

    company.set(ticket, "escalation_state", json!("esc_done")).await;
    let details = company.details(ticket, "de");
    let timeline = section(&details, "escalation").unwrap().timeline.as_ref().unwrap();
    assert_eq!((timeline.steps[4].progress, &timeline.estimate), (Progress::Current, &None));
    assert_eq!(company.row(ticket).marks, [""; 0], "it is over");
    assert!(company.client.act(ticket, "confirm_fix", &[], "de").is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn odd_values_of_an_escalation_and_a_call_cost_themselves_and_nothing_else() {
    let company = Company::start().await;
    let passcode = "9".repeat(5_000);
    let fields = json!({
        "ticket_type": "conference_call", "call_at": "morgen um drei", "call_status": "postponed",
        "meeting_link": "javascript:alert(1)", "passcode": passcode,
        "escalation_state": "esc_eng", "escalation_estimate": "2019-07-15",
        "escalation_dates": "esc_eng=2026-03-04T08:00:00Z\nesc_review=2026-03-05T08:00:00Z\nesc_done=2026-03-01T08:00:00Z\nesc_odd=x\n=",
        "resources": "Handbuch: https://help.example/a\nftp://help.example/b\nhttp://help.example/c"
    });
    let ticket = company.make("web", fields, json!({ "subject": "Zoom" })).await;
    let details = company.details(ticket, "en");
    assert_eq!(parts(&details), ["facts", "call", "escalation", "thread", "resources"]);
    assert_eq!(shown(&details, "call", "call_at"), None, "said to be missing");
    assert_eq!(shown(&details, "call", "call_status").as_deref(), Some("postponed"), "in the server's own word");
    assert_eq!(shown(&details, "call", "meeting_link"), None);
    let secret = section(&details, "call").unwrap().items.iter().find_map(|item| match item {
        DetailItem::Value { id, value: Some(ShownValue::Text(text)), secret: true, copy: true, .. }
            if id == "passcode" =>
        {
            Some(text.len())
        }
        _ => None,
    });
    assert_eq!(secret, Some(5_000));
    assert_eq!(shown(&details, "resources", "resources").as_deref(), Some("Handbuch https://help.example/a"));
    let timeline = section(&details, "escalation").unwrap().timeline.as_ref().unwrap();
    let dated: Vec<_> = timeline.steps.iter().map(|step| step.at.is_some()).collect();
    assert_eq!(dated, [false, true, true, false, false], "a step that was not reached has no date yet");
    assert_eq!(timeline.estimate, None, "a day that is over estimates nothing");
    // A step that the definition does not know is named above the others, as the server calls it.
    company.set(ticket, "escalation_state", json!("esc_paused")).await;
    let details = company.details(ticket, "en");
    assert_eq!(shown(&details, "escalation", "escalation_state").as_deref(), Some("esc_paused"));
    assert_eq!(section(&details, "escalation").unwrap().timeline, None);
    assert_eq!(company.row(ticket).marks, ["escalated"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_no_reply_is_possible_the_reason_is_said_and_two_ways_lead_on() {
    let company = Company::start().await;
    let note = |ticket| company.details(ticket, "de").reply_note.unwrap_or_default();
    // A phone call without mails: its facts, and that there is no transcript.
    let phone = company.make("voice", json!({ "escalation_id": "CP-7" }), json!({ "subject": "Rückruf" })).await;
    company.client.thread_opened(phone).unwrap();
    company.sync().await;
    let details = company.details(phone, "de");
    assert_eq!((parts(&details), details.reply_place), (vec!["facts", "proxy", "note"], ReplyPlace::Notice));
    assert_eq!(note(phone), "Zu diesem Ticket gibt es keine E-Mails, auf die Sie antworten könnten.");
    let number = company.row(phone).number.unwrap();
    let copy = |label: &str, value: String| ReplyAlternative::Copy { label: label.to_owned(), value };
    let [first, second, ReplyAlternative::AnswerMail { text }, ReplyAlternative::NewRequest { label }] =
        details.reply_alternatives.as_slice()
    else {
        panic!("{:?}", details.reply_alternatives)
    };
    assert_eq!(*first, copy("Ticket-ID", format!("#{number}")));
    assert_eq!(*second, copy("Eskalations-ID", "CP-7".to_owned()));
    assert!(text.contains(&number.to_string()) && label == "Technischen Support anfordern");
    assert_eq!(company.client.begin_follow_up(phone, "de").unwrap().description, format!("Zu Ticket #{number}:"));
    let draft = company.client.reply_draft(phone).unwrap();
    let refused = company.client.reply(&ReplyDraft { body: "Hallo?".to_owned(), ..draft });
    assert_eq!(refused, Err(ReplyError::NotOffered));
    assert_eq!(company.client.reply_draft(phone).unwrap().body, "Hallo?", "what was written stays");
    // A mail arrives, and now there is something to reply to.
    company.act(phone, "answer", json!({ "body": "Wir fassen zusammen …", "status": "open" })).await;
    let details = company.details(phone, "de");
    assert_eq!((parts(&details), details.reply_place), (vec!["facts", "proxy", "note", "thread"], ReplyPlace::Field));
    assert!(company.client.ticket(phone).unwrap().can_reply && details.reply_alternatives.is_empty());

    // A chat has its transcript, and a thread beside it once there are mails.
    let chat = company.make("web_messaging", json!({}), json!({ "subject": "Chat" })).await;
    company.client.thread_opened(chat).unwrap();
    company.sync().await;
    assert_eq!(parts(&company.details(chat, "de")), ["facts", "proxy", "transcript"]);
    company.act(chat, "answer", json!({ "body": "Noch per E-Mail: …", "status": "open" })).await;
    assert_eq!(parts(&company.details(chat, "de")), ["facts", "proxy", "transcript", "thread"]);

    // Somebody else's ticket, to which this user is linked.
    let with = json!({ "requester": "ben", "subject": "Bens Ticket", "linked": ["ada"] });
    let bens = company.make("email", json!({}), with).await;
    assert_eq!(note(bens), "Dieses Ticket gehört jemand anderem. Sie können es lesen, aber nicht beantworten.");
    assert_eq!(shown(&company.details(bens, "de"), "facts", "requester").as_deref(), Some("Ben Okafor"));
    assert_eq!(shown(&company.details(bens, "de"), "facts", "linked").as_deref(), Some("Sie"));

    // A closed one: the banner, and the action that begins a new ticket.
    company.act(phone, "status", json!({ "status": "solved" })).await;
    let details = company.details(phone, "de");
    assert_eq!(company.row(phone).status.kind, StatusKind::Closed);
    assert!(details.reply_note.as_ref().is_some_and(|note| note.starts_with("Dieses Ticket wurde geschlossen.")));
    assert_eq!(details.places.notice.len(), 1);
    assert!(
        !details.reply_alternatives.iter().any(|offered| matches!(offered, ReplyAlternative::NewRequest { .. })),
        "not twice"
    );
}
