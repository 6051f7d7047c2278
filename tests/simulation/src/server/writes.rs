//! What a write of the app does on the server.

use serde_json::{Value, json};

use super::log::{Place, Write};
use super::{ADA, Comment, File, KEY_LIFE, Mood, Origin, State, Text, Ticket, Via, wire};

impl State {
    pub(super) fn apply(&mut self, write: &Write, now: i64, use_key: bool) -> (u16, Value) {
        let body: Value = serde_json::from_slice(&write.body).unwrap_or_default();
        let change = &body["request"];
        match write.place {
            Place::Survey(id) => self.apply_rating(write, id, &body, now),
            Place::Toggle(id) => self.apply_toggle(write, id, &body, now),
            Place::ReadMark(id) => self.apply_read_mark(write, id, &body, now),
            Place::New => {
                let key = write.key.as_ref().filter(|_| use_key && self.traits.keys);
                if let Some((at, first, ticket)) = key.and_then(|key| self.keys.get(key))
                    && now - at <= KEY_LIFE
                {
                    if *first != write.body {
                        self.log.disturbed += 1;
                        *self.log.ambiguous.entry(write.named()).or_default() += 1;
                        return (
                            400,
                            json!({ "error": "IdempotentRequestError", "description":
                            "Request parameters are different to the original request used with this idempotency key." }),
                        );
                    }
                    let first = self.tickets.get(*ticket);
                    if first.is_some_and(|first| first.origin == Origin::App(write.installation)) {
                        *self.log.repeated.entry((write.installation, write.text())).or_default() += 1;
                    }
                    let answer = self.tickets.get(*ticket).map(|ticket| self.confirmation(ticket));
                    return (201, json!({ "request": answer }));
                }
                let Some(files) = self.named(write, change, now) else { return (422, wire::unusable()) };
                let ticket = self.create(change, files, now, write.installation);
                let answer = json!({ "request": self.confirmation(&ticket) });
                if let Some(key) = &write.key {
                    self.keys.insert(key.clone(), (now, write.body.clone(), ticket.id));
                }
                self.tickets.put(now, ticket);
                (201, answer)
            }
            Place::Ticket(id) => {
                let Some(ticket) = self.tickets.get(id).filter(|ticket| self.shows(ticket)) else {
                    return (404, json!({ "error": "RecordNotFound", "description": "Not found" }));
                };
                if ticket.status == "closed" {
                    return (422, wire::invalid("status", "Status: closed prevents ticket update"));
                }
                if ticket.demoted && change["solved"] == true {
                    return (403, wire::not_allowed());
                }
                if ticket.status == "solved" && change["solved"] == true && change["comment"].is_null() {
                    return (422, wire::invalid("status", "Status: cannot be solved by you"));
                }
                let mut ticket = Ticket::clone(ticket);
                let Some(files) = self.named(write, change, now) else { return (422, wire::unusable()) };
                self.change(&mut ticket, change, files, now, write.installation);
                self.note_order(write, id, change, now);
                let answer = json!({ "request": self.confirmation(&ticket) });
                self.tickets.put(now, ticket);
                (200, answer)
            }
        }
    }

    /// Takes the files that a write names. If the server does not have them all, records that and returns `None`.
    fn named(&mut self, write: &Write, change: &Value, now: i64) -> Option<Vec<File>> {
        let files = self.uploads.take(&wire::texts(&change["comment"]["uploads"]), now);
        if files.is_none() {
            self.log.disturbed += 1;
            *self.log.uploads_refused.entry((write.installation, write.text())).or_default() += 1;
        }
        files
    }

    fn create(&mut self, new: &Value, files: Vec<File>, now: i64, installation: u32) -> Ticket {
        let id = self.id();
        let text = self.written(&new["comment"]).unwrap_or_else(|| self.stored(""));
        let origin = Origin::App(installation);
        let comment = Comment { files, ..self.comment(ADA, origin, text, now) };
        Ticket {
            id,
            via: Via::Own,
            origin,
            subject: new["subject"].as_str().unwrap_or_default().to_owned(),
            status: "new",
            created_at: now,
            updated_at: now,
            visible: true,
            demoted: false,
            access: wire::field(new, wire::ACCESS).as_bool(),
            issue_type: wire::field(new, wire::ISSUE_TYPE).as_str().map(str::to_owned),
            reference: wire::reference(new),
            cc: wire::texts(&new["collaborators"]),
            comments: vec![comment],
        }
    }

    fn change(&mut self, ticket: &mut Ticket, change: &Value, files: Vec<File>, now: i64, installation: u32) {
        if let Some(text) = self.written(&change["comment"]) {
            let public = !self.moods.is_on(Mood::RepliesHidden);
            let comment = self.comment(ADA, Origin::App(installation), text, now);
            ticket.comments.push(Comment { public, files, ..comment });
            if matches!(ticket.status, "pending" | "hold" | "solved") {
                ticket.status = "open";
            }
        }
        if change["solved"] == true {
            ticket.status = "solved";
        }
        for address in wire::texts(&change["additional_collaborators"]) {
            if !ticket.cc.contains(&address) {
                ticket.cc.push(address);
            }
        }
        ticket.updated_at = now;
    }

    /// The text of a comment that was sent, as this server stores it.
    fn written(&self, comment: &Value) -> Option<Text> {
        match comment["html_body"].as_str() {
            Some(page) => Some(Text::page(page, self.traits.rewrites, &self.moods)),
            None => Some(self.stored(comment["body"].as_str()?)),
        }
    }

    /// A text as this server stores it.
    pub(super) fn stored(&self, text: &str) -> Text {
        Text::stored(text, self.traits.rewrites, &self.moods)
    }

    /// The answer to a write.
    pub(super) fn confirmation(&self, ticket: &Ticket) -> Value {
        let mut row = wire::request(ticket, ADA);
        self.date_ahead(ticket.id, &mut row);
        row
    }
}
