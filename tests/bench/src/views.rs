//! A file of tickets without threads.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::sync::Arc;

use pocketdesk::model::Timestamp;
use pocketdesk::model::{PersonId, ServerStatus, TicketNumber};
use pocketdesk::model::{RemoteTicket, TicketList};
use pocketdesk::product::Product;
use pocketdesk::store::{Observation, PageStep, PulledPage, RowFault, Store, StoreError};

const ME: PersonId = PersonId(9_001);
pub const SERVER: &str = "http://127.0.0.1:9/";
const SUBJECTS: [&str; 4] = [
    "Auszahlung für März fehlt – Publisher sehen seit dem 3. keine Provision mehr 🧾",
    "Conversions from the mobile app are tracked twice after the SDK update",
    "No puedo cambiar la plantilla del contrato de los nuevos socios",
    "تعذّر تحميل التقرير الشهري",
];

fn open(folder: &Path, account: &str) -> Result<Store, StoreError> {
    let product = Arc::new(Product::built_in().map_err(|_| StoreError::Unreadable(RowFault::Json))?);
    Store::open(folder, account, SERVER, None, product, Arc::default())
}

/// Fills the account's file with that many tickets, unless it has some.
pub fn fill(folder: &Path, account: &str, tickets: i64) -> Result<(), Box<dyn Error>> {
    let store = open(folder, account)?;
    if store.overview()?.tickets > 0 {
        return Ok(());
    }
    store.bind(SERVER, ME, None)?;
    let seen = Observation { by: ME, at: Timestamp(1_772_442_000_000), server: None, open_thread: None };
    let list = TicketList("own".to_owned());
    let numbers: Vec<i64> = (1..=tickets).collect();
    for page in numbers.chunks(100) {
        let tickets: Vec<RemoteTicket> = page.iter().map(|number| ticket(*number)).collect();
        store.apply_page(&PulledPage { list: &list, tickets: &tickets, step: PageStep::Incremental, seen })?;
    }
    Ok(())
}

fn ticket(number: i64) -> RemoteTicket {
    // Neighbouring numbers are far apart in time, as in a real history.
    let minutes = number.wrapping_mul(7_919).rem_euclid(1_500_000);
    let at = Timestamp(1_772_442_000_000 - minutes * 60_000);
    let pick = usize::try_from(number).unwrap_or_default();
    RemoteTicket {
        number: TicketNumber(number),
        subject: format!("{} ({number})", SUBJECTS[pick % SUBJECTS.len()]),
        description: None,
        status: [ServerStatus::Open, ServerStatus::Pending, ServerStatus::Solved, ServerStatus::Closed][pick % 4],
        created_at: at,
        updated_at: at,
        nonsense_time: None,
        follows: None,
        custom_status: None,
        requester: Some(ME),
        can_solve: None,
        cc: Vec::new(),
        fields: BTreeMap::default(),
        issue_type: Some("payments_finance".to_owned()),
        access: Some(pick % 3 == 0),
        client_reference: None,
        read_through: None,
    }
}
