//! What the detail screen of a ticket shows and offers: the product's decisions about what the store knows.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError};

use super::Client;
use crate::live::{Changes, Urgency};
use crate::model::{
    ASSIGNEE, ChangeKind, Delivery, DetailPart, Extras, FeedbackState, FieldValue, OperationId, PendingChange,
    ReplyAlternative, Ticket, TicketId,
};
use crate::product::condition::Can;
use crate::product::{
    ActionOffer, DetailFacts, ExtraFacts, Offer, Places, ReplyPlace, Strings, TicketFacts, ToggleFacts,
};
use crate::store::StoreError;
use crate::sync::Scope;

/// The detail screen of a ticket, resolved.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct TicketDetails {
    /// What it shows, from top to bottom.
    pub parts: Vec<DetailPart>,
    /// The actions that this user is offered, in the product's order.
    pub actions: Vec<ActionOffer>,
    /// The actions at the ticket's head, below the details, and beside the notice that the ticket takes no reply. An action that
    /// stands among the parts is not repeated below them.
    pub places: Places,
    /// What the status means; `None` if nobody has explained it, or the ticket has none.
    pub explanation: Option<String>,
    /// What stands at the place of the reply.
    pub reply_place: ReplyPlace,
    /// The note at the place of the reply; `None` if there is none.
    pub reply_note: Option<String>,
    /// What is offered there if no reply can be written, beside the actions of [`Places::notice`].
    pub reply_alternatives: Vec<ReplyAlternative>,
    /// What is said at the ticket's head in the place of feedback, once it was given; `None` if nothing.
    pub thanks: Option<String>,
}

impl TicketDetails {
    /// Whether the messages are shown.
    #[must_use]
    pub fn shows_messages(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, DetailPart::Thread | DetailPart::Transcript))
    }
}

impl Client {
    /// What the detail screen of a ticket shows and offers, with its texts in `language` (a BCP 47 tag). Ask again when the
    /// ticket has changed.
    pub fn details(&self, ticket: TicketId, language: &str) -> Result<TicketDetails, StoreError> {
        let head = self.store.ticket(ticket)?;
        let strings = self.strings(language);
        let mut known = self.known(&head)?;
        known.subject = Some(shown_subject(&head, &strings)).filter(|subject| !subject.is_empty());
        known.assignee =
            known.assignee.map(|name| if name.is_empty() { strings.text("fact.assignee.nameless", &[]) } else { name });
        let can_reply = head.can_reply && self.product.reply_offered(&known.facts);
        let offered = self.product.actions(&known.facts).into_iter();
        let actions: Vec<_> = offered.map(|action| ActionOffer::of(action, &known.facts, &strings)).collect();
        let parts = self.product.details(&known, &strings);
        let status = Some(&head.row.status).filter(|_| head.row.has_status() && head.answers_go_to.is_none());
        let email = head.answers_go_to.as_deref().unwrap_or_default();
        let blocked = (head.can_reply && !can_reply).then(|| self.product.blocked_key(&known.facts)).flatten();
        let note = blocked.or_else(|| self.product.reply_note_key(&head));
        let number = head.row.number.map(|number| number.to_string()).unwrap_or_default();
        // Before it is sent, there is nothing to say about where the answer comes.
        let is_on_its_way = head.answers_go_to.is_some() && head.delivery != Delivery::Sent;
        let places = Places::of(&actions, &parts, can_reply);
        // An action that begins a new ticket does that better than the general alternative.
        let is_better = |offered: &ReplyAlternative| {
            !matches!(offered, ReplyAlternative::NewRequest { .. }) || places.notice.is_empty()
        };
        let reply_alternatives =
            if can_reply || is_on_its_way { Vec::new() } else { self.product.reply_alternatives(&known, &strings) };
        Ok(TicketDetails {
            reply_alternatives: reply_alternatives.into_iter().filter(is_better).collect(),
            places,
            explanation: status.and_then(|status| self.product.explanation(status, &strings)),
            reply_place: if is_on_its_way { ReplyPlace::None } else { ReplyPlace::of(&parts, can_reply) },
            reply_note: note.map(|key| strings.text(key, &[("email", email), ("number", &number)])),
            thanks: self.product.thanks(&known.facts, &strings),
            parts,
            actions,
        })
    }

    /// The texts of the product in a language (a BCP 47 tag). The last language is kept, because a screen asks for the same
    /// one again and again.
    #[must_use]
    pub fn strings(&self, language: &str) -> Arc<Strings> {
        let mut last = self.strings.lock().unwrap_or_else(PoisonError::into_inner);
        match &*last {
            Some((known, strings)) if known == language => Arc::clone(strings),
            _ => {
                let strings = Arc::new(self.product.strings(language));
                *last = Some((language.to_owned(), Arc::clone(&strings)));
                strings
            }
        }
    }

    /// Says what holds for the signed-in user, by the names that the definition asks for (`claim.NAME`): an entitlement of the
    /// account, for example. It replaces what was said before, and screens ask again. It decides what is offered, and whether
    /// there is a history on this device (`docs/product.md`, S17); the server decides what is allowed.
    pub fn set_claims(&self, claims: BTreeSet<String>) {
        let is_changed = {
            let mut known = self.claims.lock().unwrap_or_else(PoisonError::into_inner);
            let is_changed = *known != claims;
            *known = claims;
            is_changed
        };
        if is_changed {
            // The history may have other scopes, or none may be available any more, or it is to be read again. A thread may offer other
            // actions.
            self.live.announce(&Changes { history: true, every_thread: true, ..Changes::of_status() }, Urgency::Now);
            if self.product.definition.history.unavailable.is_some() {
                self.ask(Scope::Everything);
            }
        }
    }

    /// The entries of the Help & Support screen that this user is offered in `language` (a BCP 47 tag), and where each leads
    /// (`docs/product.md`, H1, W10, W11). Ask again when the status, the history or the help centre has changed.
    #[must_use]
    pub fn entries(&self, language: &str) -> Vec<Offer<'_>> {
        let facts = TicketFacts {
            has_articles: self.has_articles(),
            // A file that cannot be read now shows no ticket either.
            has_tickets: self.product.anonymous && self.store.has_tickets().unwrap_or_default(),
            ..self.user_facts()
        };
        self.product.entries(language, &facts)
    }

    pub(super) fn claims(&self) -> BTreeSet<String> {
        self.claims.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn detail_facts(&self, ticket: TicketId) -> Result<DetailFacts, StoreError> {
        self.known(&self.store.ticket(ticket)?)
    }

    /// What is known of a ticket beyond its head.
    pub(super) fn known(&self, head: &Ticket) -> Result<DetailFacts, StoreError> {
        let ticket = head.row.id;
        let values = self.store.field_values(ticket)?;
        let row = &head.row;
        let mut known = DetailFacts {
            number: row.number.map(|number| format!("#{number}")),
            // The server decides about the status of a new ticket, and tells nobody that of a ticket without an account.
            status: (row.number.is_some() && head.answers_go_to.is_none()).then(|| row.status.clone()),
            created: Some(row.created_at),
            updated: self.store.updated_at(ticket)?,
            last_activity: Some(row.last_activity_at),
            requester: head.created_by.clone(),
            // One that the product does not know is shown in the server's own words.
            issue_type: head
                .issue_type
                .clone()
                .or(self.store.issue_type_value(ticket)?.filter(|value| !value.is_empty())),
            // It is shared with nobody, because there is no account.
            access: head.access.filter(|_| head.answers_go_to.is_none()),
            cc: head.cc.clone(),
            option_labels: self.store.option_labels()?,
            now: Some(self.environment.now()),
            values,
            ..DetailFacts::default()
        };
        // An agent without a name is told as one by the language of the screen.
        if let Some(FieldValue::Person(agent)) = known.values.get(ASSIGNEE) {
            known.assignee = Some(self.store.name_of(*agent)?.unwrap_or_default());
        }
        known.linked = self.store.linked_people(ticket)?;
        let extras = self.store.extras(ticket)?;
        let mut facts = self.facts(head, &known, &extras);
        if let Some(channels) = self.product.channels_without_mail(facts.ticket_type.as_deref()) {
            facts.has_mail_thread = self.store.has_other_channel(ticket, &channels)?;
        }
        facts.extras = self.extra_facts(head, extras)?;
        known.facts = facts;
        Ok(known)
    }

    /// The ticket with what the product offers this user taken into account.
    pub(super) fn narrowed(&self, head: Ticket) -> Result<Ticket, StoreError> {
        let asks = !self.product.definition.reply.when.0.is_empty();
        let can_reply = head.can_reply && (!asks || self.product.reply_offered(&self.known(&head)?.facts));
        Ok(Ticket { can_reply, ..head })
    }

    /// What conditions can ask about a ticket and this user.
    fn facts(&self, head: &Ticket, known: &DetailFacts, extras: &Extras) -> TicketFacts {
        let mut fields = known.as_texts();
        if let Some(access) = head.access {
            fields.insert("access".to_owned(), access.to_string());
        }
        TicketFacts {
            status: Some(head.row.status.clone()),
            is_mine: head.created_by_me,
            is_linked: head.row.linked,
            connector: self.connector_traits(),
            has_mail_thread: true,
            ticket_type: self.product.ticket_type(&known.values).map(str::to_owned),
            fields,
            can: self.can(Some((head, extras))),
            solve_pending: head.solve_pending,
            claims: self.claims(),
            signed_out: self.product.anonymous,
            out_of_reach: head.row.number.is_none() || !head.row.visible || head.answers_go_to.is_some(),
            ..TicketFacts::default()
        }
    }

    /// What the server has for this user beside a ticket, and what waits to be sent there.
    fn extra_facts(&self, head: &Ticket, extras: Extras) -> Result<ExtraFacts, StoreError> {
        let pending = self.store.pending_toggles(head.row.id)?;
        let waits = |id: OperationId| {
            let change = head.changes.iter().find(|change| change.id == id);
            change.is_some_and(|change| !needs_user(change))
        };
        let toggles = extras.toggles.into_iter().map(|(field, on_server)| {
            let last = pending.iter().rfind(|(_, toggle)| toggle.field == field);
            let waiting = last.filter(|(id, _)| waits(*id)).map(|(_, toggle)| toggle.on);
            ToggleFacts { field, on_server, waiting }
        });
        let mut feedback = head.changes.iter().filter(|change| change.kind == ChangeKind::Feedback);
        let last = feedback.next_back();
        Ok(ExtraFacts {
            is_given: extras.feedback == Some(FeedbackState::Given),
            waits: last.is_some(),
            needs_user: last.is_some_and(needs_user),
            toggles: toggles.collect(),
        })
    }

    /// What this server offers to this user, for a ticket if there is one.
    pub(super) fn can(&self, ticket: Option<(&Ticket, &Extras)>) -> BTreeSet<Can> {
        let capabilities = self.remote.capabilities();
        let solves = |head: &Ticket| head.can_solve || head.solve_pending && head.created_by_me && head.can_reply;
        let takes_feedback = |extras: &Extras| extras.feedback == Some(FeedbackState::Offered);
        let offered = [
            (Can::Access, capabilities.access),
            (Can::AddCc, capabilities.add_cc),
            (Can::Solve, ticket.map_or(capabilities.solve, |(head, _)| solves(head))),
            (Can::FollowUp, capabilities.follow_up),
            (Can::Feedback, ticket.map_or(capabilities.feedback, |(_, extras)| takes_feedback(extras))),
            (
                Can::ProxyLogin,
                ticket.map_or(capabilities.toggles, |(_, extras)| extras.toggles.contains_key("proxy_login")),
            ),
            (Can::ShareReadMarks, capabilities.shared_read_marks),
            (Can::Attach, self.product.attachments.is_some()),
            (Can::Anonymous, capabilities.anonymous),
        ];
        offered.into_iter().filter(|(_, holds)| *holds).map(|(can, _)| can).collect()
    }
}

/// The subject as a screen shows it: the ticket's own, or the one that is made in the language of the screen.
pub(super) fn shown_subject(head: &Ticket, strings: &Strings) -> String {
    let row = &head.row;
    let made = |key: &String| strings.text(key, &[("requester", row.requester.as_deref().unwrap_or_default())]);
    row.subject_key.as_ref().map_or_else(|| row.subject.clone(), made)
}

/// Whether a change waits for the user's decision.
fn needs_user(change: &PendingChange) -> bool {
    matches!(change.delivery, Delivery::NeedsUser(_) | Delivery::MayHaveBeenSent)
}
