//! The same history for both files: tickets of a company's users in three languages, with ten comments each.

use std::collections::BTreeMap;
use std::error::Error;
use std::time::{Duration, Instant};

use pocketdesk::model::{
    CommentId, FieldValue, PersonId, RemoteComment, RemotePerson, RemoteTicket, ServerStatus, TicketList, TicketNumber,
    Timestamp, Unreadable,
};
use pocketdesk::query::HistoryView;
use pocketdesk::store::{Observation, PageStep, PulledPage, ReadThread, Store};
use serde_json::json;

use super::SERVER;

pub(super) const ME: PersonId = PersonId(9_001);
const AGENT: i64 = 77;
pub(super) const COMMENTS: i64 = 10;
const NOW: i64 = 1_772_442_000_000;
const MINUTE: i64 = 60_000;
const SUBJECTS: [&str; 6] = [
    "Auszahlung für März fehlt – Publisher sehen seit dem 3. keine Provision mehr 🧾",
    "Conversions from the mobile app are tracked twice after the SDK update",
    "No puedo cambiar la plantilla del contrato de los nuevos socios",
    "Rückfrage zur Gutschrift: Welche Umsatzsteuer gilt für Österreich?",
    "API key of our staging account stopped working last night",
    "La exportación del informe mensual se queda en blanco",
];
const SENTENCES: [&str; 12] = [
    "Guten Tag, seit dem Wochenende fehlen in unserem Bericht die Buchungen der mobilen App.",
    "Wir haben die Einstellungen geprüft und den Abgleich für Ihr Konto noch einmal angestoßen.",
    "Könnten Sie uns bitte einen Screenshot und die genaue Uhrzeit schicken?",
    "Vielen Dank für die schnelle Antwort, die Auszahlung ist inzwischen angekommen.",
    "Hello team, since the last release every conversion shows up twice in the dashboard.",
    "We have found the cause and will roll out a fix during the next maintenance window.",
    "Could you tell us which browser and which version of the tag you are using?",
    "That works for us, please go ahead and close the ticket once it is done.",
    "Buenos días, al guardar el contrato aparece un error y se pierden los cambios.",
    "Hemos reproducido el problema y lo hemos pasado al equipo de desarrollo.",
    "¿Podrían indicarnos desde cuándo ocurre y con qué usuarios?",
    "Muchas gracias, con la nueva plantilla ya funciona todo correctamente.",
];
/// What tickets are about, the commonest first: the first is in about every sixth message, the last in about one of 300.
const TOPICS: [&str; 64] = [
    "Auszahlung",
    "tracking",
    "factura",
    "Gutschrift",
    "dashboard",
    "contrato",
    "Provision",
    "postback",
    "plantilla",
    "Gutscheincode",
    "voucher",
    "reembolso",
    "Abrechnung",
    "attribution",
    "cuenta",
    "Werbemittel",
    "banner",
    "informe",
    "Steuernummer",
    "feed",
    "enlace",
    "Zahlungsziel",
    "webhook",
    "cookie",
    "Kündigung",
    "timeout",
    "impuestos",
    "Freischaltung",
    "sandbox",
    "traducción",
    "Überweisung",
    "permission",
    "contraseña",
    "Mahnung",
    "certificate",
    "anuncio",
    "Rückbuchung",
    "throttling",
    "presupuesto",
    "Lieferschein",
    "migration",
    "vencimiento",
    "Währung",
    "rollback",
    "proveedor",
    "Vertragsstrafe",
    "deduplication",
    "aduana",
    "Freibetrag",
    "changelog",
    "auditoría",
    "Quellensteuer",
    "onboarding",
    "domiciliación",
    "Bankverbindung",
    "fingerprint",
    "señalización",
    "Kontoauszug",
    "latency",
    "liquidación",
    "Stornierung",
    "pagination",
    "caducidad",
    "Nachzahlung",
];
const CITIES: [&str; 12] = [
    "Wien", "Madrid", "London", "München", "Sevilla", "Dublin", "Zürich", "Bilbao", "Leeds", "Köln", "Cádiz", "Bristol",
];
/// Of these the names of 4,096 partners are made.
const SYLLABLES: [&str; 8] = ["ver", "lan", "tos", "mi", "kra", "dol", "fen", "zu"];
const FIRST: [&str; 10] = ["Ada", "Ben", "Chloé", "Dario", "Özlem", "Émile", "Fatima", "Jürgen", "Lucía", "王芳"];
const LAST: [&str; 10] =
    ["Lindqvist", "Okafor", "Müller", "García", "Yılmaz", "Novák", "Haddad", "Weiß", "Fernández", "李"];

/// A ticket as both files have it.
pub(super) struct Sample {
    pub number: i64,
    pub subject: String,
    pub closed: bool,
    pub escalated: bool,
    pub unread: bool,
    pub ticket_type: &'static str,
    pub requester: i64,
    pub created_at: i64,
    pub last_activity: i64,
}

/// One of `tickets`. Neighbouring numbers are far apart in time, as in a real history.
pub(super) fn sample(number: i64) -> Sample {
    let minutes = number.wrapping_mul(7_919).rem_euclid(1_500_003);
    let created_at = NOW - minutes * MINUTE - 20 * MINUTE;
    let pick = usize::try_from(number).unwrap_or_default();
    Sample {
        number,
        subject: format!("{} ({number})", SUBJECTS[pick % SUBJECTS.len()]),
        closed: number % 5 != 0,
        escalated: number % 97 == 0,
        unread: number % 53 == 0,
        ticket_type: ["email", "email", "email", "email", "phone", "chat"][pick % 6],
        requester: if number % 20 == 0 { ME.0 } else { 10_000 + number.wrapping_mul(31).rem_euclid(400) },
        created_at,
        last_activity: created_at + COMMENTS * MINUTE,
    }
}

/// The comments of a ticket: who wrote each, what, and when.
pub(super) fn comments(sample: &Sample) -> impl Iterator<Item = (i64, i64, String, i64)> {
    let (number, requester, created) = (sample.number, sample.requester, sample.created_at);
    (0..COMMENTS).map(move |place| {
        let author = if place % 2 == 0 { requester } else { AGENT };
        (number * 100 + place, author, body(number, place), created + (place + 1) * MINUTE)
    })
}

/// Two to seven sentences, and what it is about.
fn body(number: i64, place: i64) -> String {
    // SplitMix64: every message has other words, and every run has the same.
    let mut seed = number.cast_unsigned().wrapping_mul(16).wrapping_add(place.cast_unsigned());
    let mut next = || {
        seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (seed ^ (seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % 32_768).unwrap_or_default()
    };
    let mut text = String::new();
    for _ in 0..2 + next() % 6 {
        text.push_str(SENTENCES[next() % SENTENCES.len()]);
        text.push(' ');
    }
    let (topic, city, partner) = (topic(next()), CITIES[next() % CITIES.len()], partner(next()));
    text + &format!("{topic} {city}, {partner}. Ref. {}-{place}", number * 13)
}

/// A topic for a number below 32,768: the one of place `n` in the list `n` times as rarely as the first.
fn topic(of: usize) -> &'static str {
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small")]
    let place = (TOPICS.len() as f64 + 1.0).powf(of as f64 / 32_768.0) as usize;
    TOPICS[(place - 1).min(TOPICS.len() - 1)]
}

/// One of 4,096 names, such as "Vermi Dolkra".
fn partner(of: usize) -> String {
    let syllable = |at: u32| SYLLABLES[(of >> (3 * at)) % 8];
    let capital = |word: String| word[..1].to_uppercase() + &word[1..];
    format!(
        "{} {}",
        capital(format!("{}{}", syllable(0), syllable(1))),
        capital(format!("{}{}{}", syllable(2), syllable(3), ["", "ra", "ne", "so"][(of >> 9) % 4]))
    )
}

/// Everybody's names.
pub(super) fn people() -> impl Iterator<Item = (i64, String)> {
    let users = (0..400_usize).map(|index| {
        let name = format!("{} {} {index}", FIRST[index % 10], LAST[index / 10 % 10]);
        (10_000 + i64::try_from(index).unwrap_or_default(), name)
    });
    users.chain([(ME.0, "Ada Lindqvist".to_owned()), (AGENT, "Marta Feld".to_owned())])
}

/// Fills the file with that many tickets, unless it has some.
pub(super) fn fill(store: &Store, tickets: i64) -> Result<(), Box<dyn Error>> {
    if store.overview()?.tickets > 0 {
        return Ok(());
    }
    bind(store)?;
    let numbers: Vec<i64> = (1..=tickets).collect();
    for page in numbers.chunks(100) {
        add_page(store, page)?;
    }
    store.mark_all_read(HistoryView::WHOLE)?;
    for number in (1..=tickets).filter(|number| sample(*number).unread) {
        if let Some(ticket) = store.ticket_by_number(TicketNumber(number))? {
            store.mark_unread(ticket)?;
        }
    }
    Ok(())
}

/// Prints every ticket as a line of JSON, with what a row of the history shows of it, for others to measure.
pub fn print(tickets: i64) {
    let names: BTreeMap<i64, String> = people().collect();
    for sample in (1..=tickets).map(sample) {
        let last = comments(&sample).last();
        let row = json!({
            "number": sample.number,
            "subject": sample.subject,
            "status": if sample.closed { "closed" } else { "open" },
            "escalated": sample.escalated,
            "unread": sample.unread,
            "type": sample.ticket_type,
            "created_at": sample.created_at,
            "last_activity": sample.last_activity,
            "has_attachments": false,
            "body": last.as_ref().map(|last| last.2.as_str()),
            "mine": last.as_ref().is_some_and(|last| last.1 == ME.0),
            "requester": names.get(&sample.requester),
        });
        println!("{row}");
    }
}

/// Says whose file it is.
pub(super) fn bind(store: &Store) -> Result<(), Box<dyn Error>> {
    Ok(store.bind(SERVER, ME, None)?)
}

/// Stores the tickets with these numbers and their threads, as a sync does. Returns how long the store took.
pub(super) fn add_page(store: &Store, numbers: &[i64]) -> Result<Duration, Box<dyn Error>> {
    let seen = Observation { by: ME, at: Timestamp(NOW), server: None, open_thread: None };
    let list = TicketList("own".to_owned());
    let people: Vec<RemotePerson> =
        people().map(|(id, name)| RemotePerson { id: PersonId(id), name, agent: id == AGENT, photo: None }).collect();
    let samples: Vec<Sample> = numbers.iter().copied().map(sample).collect();
    let tickets: Vec<RemoteTicket> = samples.iter().map(remote).collect();
    let threads: Vec<Vec<RemoteComment>> =
        samples.iter().map(|sample| comments(sample).map(remote_comment).collect()).collect();
    let start = Instant::now();
    let pulled = PulledPage { list: &list, tickets: &tickets, step: PageStep::Incremental, seen };
    store.apply_page_with(&pulled, &Unreadable::default(), &people)?;
    for (ticket, comments) in tickets.iter().zip(&threads) {
        let Some(id) = store.ticket_by_number(ticket.number)? else { continue };
        store.apply_thread(&ReadThread { ticket: id, of: ticket.updated_at, comments, people: &[], seen })?;
    }
    Ok(start.elapsed())
}

fn remote(sample: &Sample) -> RemoteTicket {
    let text = |value: &str| FieldValue::Text(value.to_owned());
    let mut fields = BTreeMap::from([("ticket_type".to_owned(), text(sample.ticket_type))]);
    if sample.escalated {
        fields.insert("escalation_state".to_owned(), text("review"));
    }
    RemoteTicket {
        number: TicketNumber(sample.number),
        subject: sample.subject.clone(),
        description: None,
        status: if sample.closed { ServerStatus::Closed } else { ServerStatus::Open },
        created_at: Timestamp(sample.created_at),
        updated_at: Timestamp(sample.last_activity),
        nonsense_time: None,
        follows: None,
        custom_status: None,
        requester: Some(PersonId(sample.requester)),
        can_solve: None,
        cc: Vec::new(),
        fields,
        issue_type: None,
        access: None,
        client_reference: None,
        read_through: None,
    }
}

fn remote_comment((id, author, body, at): (i64, i64, String, i64)) -> RemoteComment {
    RemoteComment {
        id: CommentId(id),
        author: Some(PersonId(author)),
        forms: Vec::new(),
        body,
        structure: None,
        created_at: Timestamp(at),
        attachments: Vec::new(),
        shortened: false,
        channel: None,
    }
}
