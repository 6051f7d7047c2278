//! Actions: what a user can do with a ticket, as the product defines it (`docs/product.md`, W12, S13, S15).
//!
//! # The story
//!
//! The definition says who is offered an action, in which states, and what kind it is. The kind says what is written:
//!
//! * `solve` and `add_cc` are changes of the ticket. They wait in the outbox with everything else of the ticket, in order.
//!   With a `body`, solving is a reply that also solves: one message, sent in one request.
//! * `reply` puts its text into the ticket's reply, where the user can change it before sending it.
//! * `feedback` and `toggle` are written beside the ticket, with what the user chose
//!   ([`give_feedback`](Client::give_feedback), [`set_toggle`](Client::set_toggle)). They wait in the outbox as well,
//!   but not in the ticket's order.
//! * `new_request` puts its text, and what the user had begun to reply, into the draft of a new ticket.
//!
//! A change keeps the action's id. If a later definition no longer has the action, the change is shown by its kind, and
//! still sent.

use super::Client;
use super::details::shown_subject;
use super::writing::ChangeError;
use crate::model::{ChangeKind, Feedback, ReplyDraft, StatusKind, Ticket, TicketDraft, TicketId, TicketNumber, Toggle};
use crate::product::definition::parts::actions::{ActionDefinition, ActionKind, RatingText};
use crate::product::{Field, FieldProblem, Problem, Strings, TicketFacts};
use crate::store::{NewChange, NewReply, ReplyOutcome, StoreError};
use crate::sync::Scope;

/// What an action has led to.
#[expect(clippy::large_enum_variant, reason = "one is made at a tap, and lives for a moment")]
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Acted {
    /// It was written, durably, and waits to be sent. Or there was nothing to write: it had been done already.
    Written,
    /// The text is in the draft of the ticket's reply.
    ReplyDraft,
    /// The draft of a new ticket was prepared.
    NewTicket {
        /// The draft, which is saved.
        draft: TicketDraft,
    },
}

impl Client {
    /// Does an action of the product with a ticket, durably. `action` is the definition's id, `addresses` are those of
    /// an action that adds CC addresses; others take none. Texts that the action writes are in `language` (a BCP 47
    /// tag). Fails with [`ChangeError::NotOffered`] if the action is not [offered](Self::details) to this user now,
    /// unless it has just solved the ticket; and for feedback and toggles, which have calls of their own
    /// ([`give_feedback`](Self::give_feedback), [`set_toggle`](Self::set_toggle)).
    pub fn act(
        &self,
        ticket: TicketId,
        action: &str,
        addresses: &[String],
        language: &str,
    ) -> Result<Acted, ChangeError> {
        let known = self.detail_facts(ticket)?;
        let offered = self.product.actions(&known.facts).into_iter().find(|offered| offered.id == action);
        let strings = self.strings(language);
        match offered {
            Some(offered) => self.carry_out(ticket, offered, addresses, &strings),
            None => self.act_again(ticket, action),
        }
    }

    /// A second tap on an action that has just solved the ticket is no mistake. Anything else that is not offered is
    /// one: what nobody can do yet, the server would refuse.
    fn act_again(&self, ticket: TicketId, action: &str) -> Result<Acted, ChangeError> {
        let again = self.product.definition.actions.iter().find(|known| known.id == action);
        let again = again.filter(|again| again.kind == ActionKind::Solve).ok_or(ChangeError::NotOffered)?;
        let head = self.store.ticket(ticket)?;
        match again.body {
            None if head.solve_pending || head.row.status.kind == StatusKind::Solved => {
                self.solve(ticket).map(|()| Acted::Written)
            }
            Some(_) if head.solve_pending => Ok(Acted::Written),
            _ => Err(ChangeError::NotOffered),
        }
    }

    fn carry_out(
        &self,
        ticket: TicketId,
        action: &ActionDefinition,
        addresses: &[String],
        strings: &Strings,
    ) -> Result<Acted, ChangeError> {
        let text = |key: &Option<_>| key.as_ref().map(|key: &crate::product::StringKey| strings.text(&key.0, &[]));
        match action.kind {
            ActionKind::Solve => match text(&action.body) {
                Some(body) => self.reply_and_solve(ticket, &action.id, &body)?,
                None => self.write_change(ticket, ChangeKind::Solve, &action.id, &[])?,
            },
            ActionKind::AddCc => self.add_cc_by(ticket, &action.id, addresses)?,
            ActionKind::Reply => {
                self.add_to_reply(ticket, &text(&action.body).unwrap_or_default())?;
                return Ok(Acted::ReplyDraft);
            }
            ActionKind::NewRequest => {
                let head = self.store.ticket(ticket)?;
                let number = head.row.number.map(|number| number.to_string()).unwrap_or_default();
                let key = action.prefill.as_ref().map(|key| key.0.as_str()).unwrap_or_default();
                let about = strings.text(key, &[("number", &number), ("subject", &shown_subject(&head, strings))]);
                let is_linked = action.link.is_some() && self.remote.capabilities().follow_up;
                let follows = head.row.number.filter(|_| is_linked);
                return Ok(Acted::NewTicket { draft: self.prepare_follow_up(ticket, &about, follows)? });
            }
            // They need what the user chose.
            ActionKind::Feedback | ActionKind::Toggle => return Err(ChangeError::NotOffered),
        }
        Ok(Acted::Written)
    }

    /// Adds CC addresses to a ticket, durably (`docs/product.md`, W12). Addresses that the ticket has or that wait to
    /// be added, and the user's own address, are dropped. Fails with [`ChangeError::NotOffered`] if no action of the
    /// product offers it to this user, and with [`ChangeError::Invalid`] if an address is malformed.
    pub fn add_cc(&self, ticket: TicketId, addresses: &[String]) -> Result<(), ChangeError> {
        self.changeable(ticket)?;
        // The definition's conditions hold for this call as for the button: addresses may need access, for example. Only the
        // button waits until the ticket is sent.
        let facts = TicketFacts { out_of_reach: false, ..self.detail_facts(ticket)?.facts };
        let offered = self.product.actions(&facts).into_iter().find(|action| action.kind == ActionKind::AddCc);
        let action = offered.filter(|_| self.product.add_cc).ok_or(ChangeError::NotOffered)?;
        self.add_cc_by(ticket, &action.id, addresses)
    }

    fn add_cc_by(&self, ticket: TicketId, action: &str, addresses: &[String]) -> Result<(), ChangeError> {
        let head = self.changeable(ticket)?;
        let email = self.store.account()?.email;
        let waiting = head.changes.into_iter().flat_map(|change| change.addresses);
        let known: Vec<String> = head.cc.into_iter().chain(waiting).collect();
        let fresh = self.product.accept_cc(addresses, &known, email.as_deref()).map_err(ChangeError::Invalid)?;
        if fresh.is_empty() { Ok(()) } else { self.write_change(ticket, ChangeKind::AddCc, action, &fresh) }
    }

    /// Marks a ticket that this user created as solved, durably (`docs/product.md`, S15).
    pub fn solve(&self, ticket: TicketId) -> Result<(), ChangeError> {
        let action = self.action_of(ActionKind::Solve, self.product.solve)?;
        let head = self.changeable(ticket)?;
        // Where it is solved already, or about to be, it is not offered. A call is still right: a reply that was written since
        // will reopen it.
        let is_solved = head.row.status.kind == StatusKind::Solved || head.solve_pending;
        let may_be_meant = is_solved && head.created_by_me;
        if !head.can_solve && !may_be_meant {
            return Err(ChangeError::NotOffered);
        }
        self.write_change(ticket, ChangeKind::Solve, &action, &[])
    }

    fn write_change(
        &self,
        ticket: TicketId,
        kind: ChangeKind,
        action: &str,
        addresses: &[String],
    ) -> Result<(), ChangeError> {
        self.put_change(ticket, &NewChange { kind, action, addresses, value: None, key: self.environment.new_id() })
    }

    fn put_change(&self, ticket: TicketId, change: &NewChange<'_>) -> Result<(), ChangeError> {
        self.store.change(ticket, change)?;
        self.ask(Scope::Due);
        Ok(())
    }

    /// Gives feedback about a ticket, durably (`docs/product.md`, S15). `action` is the definition's id, `answer` one of its
    /// answers. Feedback counts once: it waits in the outbox, and a second call changes nothing. Fails with
    /// [`ChangeError::NotOffered`] if it is not [offered](Self::details) now, and with [`ChangeError::Invalid`] if it needs a
    /// text and has none.
    pub fn give_feedback(&self, ticket: TicketId, action: &str, answer: &str, text: &str) -> Result<(), ChangeError> {
        let known = self.detail_facts(ticket)?;
        let is_meant = |known: &&ActionDefinition| known.id == action && known.kind == ActionKind::Feedback;
        if known.facts.extras.waits && self.product.definition.actions.iter().any(|action| is_meant(&action)) {
            return Ok(());
        }
        let offered = self.product.actions(&known.facts).into_iter().find(is_meant).ok_or(ChangeError::NotOffered)?;
        let chosen = offered.rating.iter().position(|known| known == answer).ok_or(ChangeError::NotOffered)?;
        let text = Some(text.trim()).filter(|text| !text.is_empty() && offered.text.is_some());
        if offered.text == Some(RatingText::Required) && text.is_none() {
            return Err(ChangeError::Invalid(vec![FieldProblem {
                field: Field::Body,
                index: None,
                problem: Problem::Required,
            }]));
        }
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let feedback =
            Feedback { answers: count(offered.rating.len()), chosen: count(chosen), text: text.map(str::to_owned) };
        self.put_change(
            ticket,
            &NewChange {
                kind: ChangeKind::Feedback,
                action,
                addresses: &[],
                value: Some(serde_json::to_string(&feedback).map_err(StoreError::from)?),
                key: self.environment.new_id(),
            },
        )
    }

    /// Turns a toggle of a ticket on or off, durably (`docs/product.md`, S14). `action` is the definition's id. Values that wait
    /// to be sent are replaced: only the last one is sent. Fails with [`ChangeError::NotOffered`] if it is not
    /// [offered](Self::details) now.
    pub fn set_toggle(&self, ticket: TicketId, action: &str, on: bool) -> Result<(), ChangeError> {
        let known = self.detail_facts(ticket)?;
        let is_meant = |known: &&ActionDefinition| known.id == action && known.kind == ActionKind::Toggle;
        let offered = self.product.actions(&known.facts).into_iter().find(is_meant).ok_or(ChangeError::NotOffered)?;
        let field = offered.field.clone().ok_or(ChangeError::NotOffered)?;
        let value = Some(serde_json::to_string(&Toggle { field, on }).map_err(StoreError::from)?);
        let (kind, key) = (ChangeKind::Toggle, self.environment.new_id());
        self.put_change(ticket, &NewChange { kind, action, addresses: &[], value, key })
    }

    fn reply_and_solve(&self, ticket: TicketId, action: &str, body: &str) -> Result<(), ChangeError> {
        self.changeable(ticket)?;
        let outcome = self.store.reply(&NewReply {
            draft: &self.new_draft_id(),
            ticket,
            body: body.trim(),
            structure: None,
            action: Some((action, Some(ChangeKind::Solve))),
            key: self.environment.new_id(),
            hold: self.hold(),
            now: self.environment.now(),
        })?;
        match outcome {
            ReplyOutcome::Written(_) => {
                self.ask(Scope::Due);
                Ok(())
            }
            ReplyOutcome::TicketClosed => Err(ChangeError::TicketClosed),
            ReplyOutcome::NoLongerVisible => Err(ChangeError::NoLongerVisible),
        }
    }

    /// Adds a text to the draft of the reply in a ticket, below what is there, durably.
    pub fn add_to_reply(&self, ticket: TicketId, text: &str) -> Result<ReplyDraft, StoreError> {
        let draft = self.reply_draft(ticket)?;
        let text = draft.written().followed_by(&text.into());
        let draft = draft.with(&text);
        self.save_reply_draft(&draft)?;
        Ok(draft)
    }

    /// Prepares, durably, the draft of a new ticket that follows a ticket which takes no replies. Below what is in the
    /// draft it adds `about`, and what the user had begun to reply. A text that the draft contains already is not added
    /// again.
    pub fn follow_up(&self, ticket: TicketId, about: &str) -> Result<TicketDraft, StoreError> {
        self.prepare_follow_up(ticket, about, None)
    }

    /// Like [`follow_up`](Self::follow_up), for the reply alternative
    /// [`NewRequest`](crate::model::ReplyAlternative::NewRequest). `about` is a line in `language` (a BCP 47 tag) that
    /// says which ticket it is about. A ticket without a number has no such line.
    pub fn begin_follow_up(&self, ticket: TicketId, language: &str) -> Result<TicketDraft, StoreError> {
        let number = self.store.ticket(ticket)?.row.number.map(|number| number.to_string());
        let strings = self.strings(language);
        let key = self.product.new_request_key().unwrap_or("reply.follow_up");
        let about = number.map(|number| strings.text(key, &[("number", &number)]));
        self.prepare_follow_up(ticket, &about.unwrap_or_default(), None)
    }

    fn prepare_follow_up(
        &self,
        ticket: TicketId,
        about: &str,
        follows: Option<TicketNumber>,
    ) -> Result<TicketDraft, StoreError> {
        let typed = self.reply_draft(ticket)?.body;
        let draft = self.ticket_draft()?;
        let missing =
            |text: &str| if draft.description.contains(text.trim()) { String::new() } else { text.to_owned() };
        let (about, typed) = (missing(about), missing(&typed));
        let description = joined([draft.description.as_str(), &about, &typed]);
        let draft = TicketDraft { description, follows: follows.or(draft.follows), ..draft };
        self.save_ticket_draft(&draft)?;
        Ok(draft)
    }

    /// The id of the product's first action of this kind.
    fn action_of(&self, kind: ActionKind, is_possible: bool) -> Result<String, ChangeError> {
        let known = self.product.definition.actions.iter().find(|action| action.kind == kind && is_possible);
        known.map(|action| action.id.clone()).ok_or(ChangeError::NotOffered)
    }

    /// The ticket, if it accepts changes.
    fn changeable(&self, ticket: TicketId) -> Result<Ticket, ChangeError> {
        let head = self.store.ticket(ticket)?;
        match () {
            () if !head.row.visible => Err(ChangeError::NoLongerVisible),
            () if !head.can_reply => Err(ChangeError::TicketClosed),
            () => Ok(head),
        }
    }
}

/// Texts below each other, with a blank line between them. Blank ones are left out.
fn joined<const N: usize>(texts: [&str; N]) -> String {
    let texts: Vec<&str> = texts.into_iter().map(str::trim).filter(|text| !text.is_empty()).collect();
    texts.join("\n\n")
}
