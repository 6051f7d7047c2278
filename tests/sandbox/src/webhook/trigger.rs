//! The trigger: when an event is sent, and what it says.

use rusqlite::{Connection, Transaction};
use serde::Serialize;

use crate::server::Server;
use crate::store::{Result, account, comments, organizations, tickets};

/// What the users of a ticket notice. Private notes and automations change none of it.
#[derive(Debug, PartialEq, Eq)]
struct Noticed {
    status: String,
    custom_status: Option<i64>,
    newest_answer: Option<i64>,
}

impl Noticed {
    fn of(db: &Connection, ticket: i64) -> Result<Option<Self>> {
        tickets::find(db, ticket, None)?
            .map(|found| {
                let newest_answer = comments::newest_answer(db, ticket)?;
                Ok(Self { status: found.status, custom_status: found.custom_status_id, newest_answer })
            })
            .transpose()
    }
}

/// The body of an event. It has ids and nothing that a user or an agent wrote.
///
/// Every value is a text, because the service puts placeholders into texts: `"ticket_id": "{{ticket.id}}"`.
#[derive(Debug, Serialize)]
struct TicketChanged {
    event: &'static str,
    ticket_id: String,
    requester_id: String,
    /// The ids of the users in CC with spaces between them, if the account shows them the ticket.
    cc_ids: String,
    organization_id: String,
    /// `true` if all members of the organization see the ticket.
    shared: String,
}

impl TicketChanged {
    fn about(db: &Connection, ticket: i64) -> Result<Option<Self>> {
        let Some(ticket) = tickets::find(db, ticket, None)? else { return Ok(None) };
        let copied = if account::read(db)?.settings.copied_users_see { ticket.cc_ids.as_slice() } else { &[] };
        let shared = match ticket.organization_id {
            Some(organization) => ticket.access == Some(true) || organizations::is_shared(db, organization)?,
            None => false,
        };
        Ok(Some(Self {
            event: "ticket_changed",
            ticket_id: ticket.id.to_string(),
            requester_id: ticket.requester_id.to_string(),
            cc_ids: copied.iter().map(i64::to_string).collect::<Vec<_>>().join(" "),
            organization_id: ticket.organization_id.map(|id| id.to_string()).unwrap_or_default(),
            shared: shared.to_string(),
        }))
    }
}

impl Server {
    /// Changes a ticket for somebody who works at the help desk, as [`write`](Self::write) does. If its users notice the
    /// change, the company's webhook is told.
    pub fn write_for_agent<T, E: From<rusqlite::Error>>(
        &self,
        ticket: i64,
        change: impl FnOnce(&Transaction<'_>, i64) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let (outcome, event) = self.write(|db, now| -> std::result::Result<_, E> {
            let before = Noticed::of(db, ticket)?;
            let outcome = change(db, now)?;
            let changed = Noticed::of(db, ticket)? != before;
            Ok((outcome, if changed { TicketChanged::about(db, ticket)? } else { None }))
        })?;
        if let Some(body) = event.and_then(|event| serde_json::to_string(&event).ok()) {
            self.webhooks.add(body);
        }
        Ok(outcome)
    }
}
