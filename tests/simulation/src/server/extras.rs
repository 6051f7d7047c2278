//! What the server has for Ada beside a ticket: surveys, which it takes as often as they are sent, toggles and read marks. It keeps every
//! version for stale reads, with the installation that wrote it.

use std::collections::BTreeMap;

use pocketdesk::model::normalise;
use serde_json::{Value, json};

use super::{ADA, State, Ticket, Write};

/// Something that the app wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Applied<T> {
    /// When.
    pub at: i64,
    /// By which installation.
    pub installation: u32,
    /// What.
    pub value: T,
}

/// What was written beside tickets, and which of them were closed, in the order in which it was applied.
#[derive(Debug, Default)]
pub(crate) struct Extras {
    /// Ratings, by ticket.
    pub ratings: BTreeMap<i64, Vec<Applied<i64>>>,
    /// Values of the toggle, by ticket.
    pub toggles: BTreeMap<i64, Vec<Applied<bool>>>,
    /// The comments through which users of the account have read, by ticket.
    pub read_marks: BTreeMap<i64, Vec<Applied<i64>>>,
    /// Comments by their normalised texts, and `None` for closing, by ticket.
    pub order: BTreeMap<i64, Vec<Applied<Option<String>>>>,
}

impl State {
    /// Notes what a change of a ticket did, in its order.
    pub(super) fn note_order(&mut self, write: &Write, ticket: i64, change: &Value, at: i64) {
        let installation = write.installation;
        let order = self.extras.order.entry(ticket).or_default();
        if let Some(text) = super::wire::written(&change["comment"]) {
            order.push(Applied { at, installation, value: Some(normalise(&text)) });
        }
        if change["solved"] == true {
            order.push(Applied { at, installation, value: None });
        }
    }

    pub(super) fn apply_rating(&mut self, write: &Write, ticket: i64, body: &Value, at: i64) -> (u16, Value) {
        if self.is_demoted(ticket) {
            return (403, super::wire::not_allowed());
        }
        let is_over = self.tickets.get(ticket).is_some_and(|ticket| self.shows(ticket) && is_over(ticket));
        let rating = body["survey_response"]["answers"][0]["rating"].as_i64();
        let Some(value) = rating.filter(|_| is_over) else {
            return (422, super::wire::invalid("base", "Heute nicht, bitte."));
        };
        let installation = write.installation;
        self.extras.ratings.entry(ticket).or_default().push(Applied { at, installation, value });
        (200, json!({ "survey_response": { "id": ticket.to_string() } }))
    }

    pub(super) fn apply_toggle(&mut self, write: &Write, ticket: i64, body: &Value, at: i64) -> (u16, Value) {
        if self.is_demoted(ticket) {
            return (403, super::wire::not_allowed());
        }
        let value = body["custom_object_record"]["custom_object_fields"]["allowed"].as_bool();
        let Some(value) = value else { return (422, super::wire::invalid("base", "Heute nicht, bitte.")) };
        let installation = write.installation;
        self.extras.toggles.entry(ticket).or_default().push(Applied { at, installation, value });
        (200, json!({ "custom_object_record": { "external_id": external_id(ticket) } }))
    }

    pub(super) fn apply_read_mark(&mut self, write: &Write, ticket: i64, body: &Value, at: i64) -> (u16, Value) {
        let Some(shown) = self.tickets.get(ticket).filter(|ticket| self.shows(ticket)) else {
            return (404, json!({ "error": "RecordNotFound", "description": "Not found" }));
        };
        let answer = json!({ "request": self.confirmation(shown) });
        let Some(through) = body["read_mark"]["comment_id"].as_i64() else {
            return (422, super::wire::invalid("base", "Heute nicht, bitte."));
        };
        self.mark_read(ticket, Applied { at, installation: write.installation, value: through });
        (200, answer)
    }

    pub(super) fn mark_read(&mut self, ticket: i64, mark: Applied<i64>) {
        self.extras.read_marks.entry(ticket).or_default().push(mark);
    }

    /// The newest comment of a ticket that any user of the account has read.
    pub fn read_through(&self, ticket: i64) -> Option<i64> {
        self.extras.read_marks.get(&ticket)?.iter().map(|mark| mark.value).max()
    }

    fn is_demoted(&self, ticket: i64) -> bool {
        self.tickets.get(ticket).is_some_and(|ticket| ticket.demoted)
    }

    /// Whether the ticket was ever solved or closed, by whomever.
    pub fn was_solved(&self, ticket: i64) -> bool {
        self.tickets.versions(ticket).any(|ticket| is_over(ticket))
    }

    /// The survey about a ticket, as of `time`.
    pub(super) fn surveys(&self, ticket: Option<i64>, time: i64) -> Value {
        let asked = ticket.and_then(|id| self.tickets.get_at(id, time));
        let asked = asked.filter(|ticket| self.shows(ticket) && !ticket.demoted && ticket.requester() == ADA);
        let rated = |ticket: &Ticket| as_of(self.extras.ratings.get(&ticket.id), time);
        // A survey that was answered stays when the ticket is opened again.
        let responses = asked.filter(|ticket| is_over(ticket) || rated(ticket).is_some()).map(|ticket| {
            let rating = rated(ticket);
            json!({ "id": ticket.id.to_string(), "answers": [
                { "type": "rating_scale", "rating": rating,
                  "question": { "id": "q", "options": [{ "rating": 1 }, { "rating": 2 }] } } ] })
        });
        json!({ "survey_responses": responses.into_iter().collect::<Vec<_>>() })
    }

    /// The records with this external id, as of `time`.
    pub(super) fn records(&self, external: &str, time: i64) -> Value {
        let ticket = external.split('-').next().and_then(|id| id.parse::<i64>().ok());
        let value = ticket.and_then(|ticket| as_of(self.extras.toggles.get(&ticket), time));
        let records: Vec<Value> = value
            .map(|allowed| json!({ "external_id": external, "custom_object_fields": { "allowed": allowed } }))
            .into_iter()
            .collect();
        json!({ "custom_object_records": records })
    }

    pub fn extras(&self) -> &Extras {
        &self.extras
    }
}

fn external_id(ticket: i64) -> String {
    format!("{ticket}-{ADA}")
}

fn is_over(ticket: &Ticket) -> bool {
    matches!(ticket.status, "solved" | "closed")
}

fn as_of<T: Copy>(versions: Option<&Vec<Applied<T>>>, time: i64) -> Option<T> {
    versions?.iter().rev().find(|version| version.at <= time).map(|version| version.value)
}
