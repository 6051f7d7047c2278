//! Which actions and entries are offered: conditions of the definition, evaluated on what is known.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::Product;
use super::condition::{Atom, Can, ConnectorTrait, Facts};
use super::definition::parts::actions::{ActionDefinition, ActionKind, ActionPlace, Role, Who};
use super::definition::parts::entries::{EntryDefinition, Target};
use super::definition::parts::statuses::{Mark, MarkPlace};
use super::definition::parts::strings::StringKey;
use super::details::extras::{ExtraFacts, FeedbackForm, ToggleOffer};
use super::strings::Strings;
use crate::model::TicketStatus;

/// What is known about a ticket and this user when conditions are evaluated.
#[derive(Debug, Clone, Default)]
pub struct TicketFacts {
    /// The status; `None` where there is no ticket.
    pub status: Option<TicketStatus>,
    /// Whether this user created the ticket.
    pub is_mine: bool,
    /// Whether this user is a further user of the ticket.
    pub is_linked: bool,
    /// Whether a reply would join a conversation by mail.
    pub has_mail_thread: bool,
    /// The id of the ticket's type.
    pub ticket_type: Option<String>,
    /// The ticket's fields as text. `access` is `true` or `false`.
    pub fields: BTreeMap<String, String>,
    /// What this server offers to this user, for this ticket.
    pub can: BTreeSet<Can>,
    /// The properties of the connector.
    pub connector: BTreeSet<ConnectorTrait>,
    /// What the host app says about the signed-in user: the names of the claims that hold.
    pub claims: BTreeSet<String>,
    /// Which list is shown.
    pub scope: Option<String>,
    /// Whether nobody is signed in.
    pub signed_out: bool,
    /// Whether there are help articles for this user, as far as is known. Known for entries only.
    pub has_articles: bool,
    /// Whether the history has a ticket. Known for entries only, and only if nobody is signed in.
    pub has_tickets: bool,
    /// What the server has for this user beside the ticket, and what waits to be sent there.
    pub extras: ExtraFacts,
    /// Whether the outbox has an operation that marks the ticket as solved, in any state.
    pub solve_pending: bool,
    /// Whether the server does not have the ticket yet, or no longer shows it. No action is offered then.
    pub out_of_reach: bool,
}

/// What a screen does when the user picks an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferKind {
    /// It marks the ticket as solved, after the question if there is one.
    Solve,
    /// It asks for addresses first, and adds them.
    AddCc,
    /// It puts its text into the draft of the reply, where the user can change it.
    Reply,
    /// It opens the form of a new ticket, with a text in it.
    NewRequest,
    /// It asks how the help desk did: one of a few answers, and perhaps a text.
    Feedback,
    /// It stands among the details, and shows and changes a value of this user's.
    Toggle,
}

/// An action as it is offered, with its texts in one language.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ActionOffer {
    /// The definition's id.
    pub id: String,
    /// What it does.
    pub kind: OfferKind,
    /// Its name.
    pub label: String,
    /// Where the screen offers it.
    pub place: ActionPlace,
    /// The question before it; `None` if it is done at once.
    pub confirm: Option<String>,
    /// The comment that it writes; `None` if it writes none.
    pub body: Option<String>,
    /// What is said beside it.
    pub warn: Option<String>,
    /// Of [`OfferKind::Feedback`]: what it asks for.
    pub feedback: Option<FeedbackForm>,
    /// Of [`OfferKind::Toggle`]: how it stands.
    pub toggle: Option<ToggleOffer>,
}

impl ActionOffer {
    /// Whether the user is asked before it is done: a warning is never passed over. What is said beside a toggle stands there
    /// all the time.
    #[must_use]
    pub fn asks_first(&self) -> bool {
        self.confirm.is_some() || self.warn.is_some() && self.kind != OfferKind::Toggle
    }

    /// The question to the user: the product's, or the action's name where the product only warns.
    #[must_use]
    pub fn question(&self) -> &str {
        self.confirm.as_ref().unwrap_or(&self.label)
    }

    /// What is said below the question: the text that it writes, in quotation marks, and what the product says beside it.
    #[must_use]
    pub fn explanation(&self) -> Option<String> {
        let quoted = self.body.as_ref().map(|body| format!("“{body}”"));
        let lines: Vec<String> = quoted.into_iter().chain(self.warn.clone()).collect();
        (!lines.is_empty()).then(|| lines.join("\n\n"))
    }

    /// The offer of an action, as it stands with these facts.
    #[must_use]
    pub fn of(action: &ActionDefinition, facts: &TicketFacts, strings: &Strings) -> Self {
        let text = |key: &Option<StringKey>| key.as_ref().map(|key| strings.text(&key.0, &[]));
        let kind = match action.kind {
            ActionKind::Solve => OfferKind::Solve,
            ActionKind::AddCc => OfferKind::AddCc,
            ActionKind::Reply => OfferKind::Reply,
            ActionKind::NewRequest => OfferKind::NewRequest,
            ActionKind::Feedback => OfferKind::Feedback,
            ActionKind::Toggle => OfferKind::Toggle,
        };
        Self {
            id: action.id.clone(),
            kind,
            label: strings.text(&format!("action.{}", action.id), &[]),
            place: action.place,
            confirm: text(&action.confirm),
            body: text(&action.body),
            warn: text(&action.warn),
            feedback: (kind == OfferKind::Feedback).then(|| FeedbackForm::of(action, strings)),
            toggle: (kind == OfferKind::Toggle).then(|| ToggleOffer::of(action, &facts.extras, strings)),
        }
    }
}

/// An entry as it is offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer<'a> {
    /// The entry.
    pub entry: &'a EntryDefinition,
    /// Where it leads now.
    pub target: &'a Target,
}

impl Facts for TicketFacts {
    fn value(&self, atom: &Atom) -> Option<Cow<'_, str>> {
        let yes_or_no = |holds: bool| Some(Cow::Borrowed(if holds { "true" } else { "false" }));
        match atom {
            Atom::Any => yes_or_no(true),
            Atom::SignedOut => yes_or_no(self.signed_out),
            Atom::Status => Some(Cow::Borrowed(&self.status.as_ref()?.id.as_ref()?.0)),
            Atom::StatusKind => Some(Cow::Borrowed(self.status.as_ref()?.kind.name())),
            Atom::StatusActive => yes_or_no(self.status.as_ref()?.kind.is_active()),
            Atom::Requester => self.is_mine.then_some(Cow::Borrowed("me")),
            Atom::Linked => self.is_linked.then_some(Cow::Borrowed("me")),
            Atom::MailThread => yes_or_no(self.has_mail_thread),
            Atom::TicketType => self.ticket_type.as_deref().map(Cow::Borrowed),
            Atom::Field(field) => self.fields.get(field).map(|value| Cow::Borrowed(value.as_str())),
            // What a form has is known to the form alone, and a role depends on the definition: see `WithRole`.
            Atom::Draft(_) | Atom::Role => None,
            Atom::Scope => self.scope.as_deref().map(Cow::Borrowed),
            Atom::Claim(claim) => yes_or_no(self.claims.contains(claim)),
            Atom::Can(can) => yes_or_no(self.can.contains(can)),
            Atom::Connector(property) => yes_or_no(self.connector.contains(property)),
        }
    }
}

/// Facts with what this user is to the ticket: the strongest role that holds.
pub(super) struct WithRole<'a> {
    pub facts: &'a TicketFacts,
    pub role: Option<Role>,
}

impl Facts for WithRole<'_> {
    fn value(&self, atom: &Atom) -> Option<Cow<'_, str>> {
        match (atom, self.role) {
            (Atom::Role, role) => {
                let name = Role::ALL.iter().find(|(known, _)| Some(*known) == role).map(|(_, name)| *name);
                name.map(Cow::Borrowed)
            }
            _ => self.facts.value(atom),
        }
    }

    fn values(&self, atom: &Atom) -> Vec<Cow<'_, str>> {
        self.facts.values(atom)
    }
}

impl Product {
    /// What this user is to a ticket (`docs/product.md`, S20): its owner, before a further user of it, before an
    /// administrator. `None` for others who see it.
    #[must_use]
    pub fn role(&self, facts: &TicketFacts) -> Option<Role> {
        let roles = &self.definition.roles;
        let holds = |conditions: Option<&super::condition::Conditions>| conditions.is_some_and(|all| all.hold(facts));
        if !roles.owner.0.is_empty() && holds(Some(&roles.owner)) {
            Some(Role::Owner)
        } else if holds(roles.linked.as_ref()) {
            Some(Role::Linked)
        } else if holds(roles.admin.as_ref()) {
            Some(Role::Admin)
        } else {
            None
        }
    }

    /// The actions that this user is offered on a ticket, in the definition's order.
    #[must_use]
    pub fn actions(&self, facts: &TicketFacts) -> Vec<&ActionDefinition> {
        if facts.out_of_reach {
            return Vec::new();
        }
        let role = self.role(facts);
        let known = WithRole { facts, role };
        let may = |who: &Who| match who {
            Who::Any => true,
            Who::Roles(roles) => role.is_some_and(|role| roles.contains(&role)),
        };
        let offered = self.definition.actions.iter().filter(|action| may(&action.who) && action.when.hold(&known));
        // What may be given once only is over when its field is set.
        let is_over = |action: &&ActionDefinition| {
            let field = action.once.as_deref().and_then(|once| once.strip_prefix("field."));
            field.is_some_and(|field| {
                facts.fields.get(field).is_some_and(|value| !matches!(value.as_str(), "" | "false"))
            })
        };
        let is_known = |action: &&ActionDefinition| match action.kind {
            // What is being done is not offered again.
            ActionKind::Solve => !facts.solve_pending,
            ActionKind::Feedback => !facts.extras.is_given && !facts.extras.waits,
            // It stands where the server has said how it stands, and never on this device alone.
            ActionKind::Toggle => action
                .field
                .as_ref()
                .is_some_and(|field| facts.extras.toggles.iter().any(|known| known.field == *field)),
            ActionKind::Reply | ActionKind::AddCc | ActionKind::NewRequest => true,
        };
        let offered: Vec<_> = offered.filter(|action| !is_over(action) && is_known(action)).collect();
        let replaced: Vec<&str> = offered.iter().filter_map(|action| action.instead_of.as_deref()).collect();
        offered.iter().filter(|action| !replaced.contains(&action.id.as_str())).copied().collect()
    }

    /// The ids of the marks that a ticket has at this place (`docs/product.md`, S4), in the definition's order.
    #[must_use]
    pub fn marks(&self, facts: &TicketFacts, place: MarkPlace) -> Vec<String> {
        let marks =
            self.definition.marks.iter().filter(|mark| mark.places.contains(&place) && self.has_mark(facts, mark));
        marks.map(|mark| mark.id.clone()).collect()
    }

    /// Whether a ticket has the mark.
    pub(super) fn has_mark(&self, facts: &TicketFacts, mark: &Mark) -> bool {
        mark.when.hold(&WithRole { facts, role: self.role(facts) })
    }

    /// Whether a reply can be written, beyond what the ticket's status says.
    #[must_use]
    pub fn reply_offered(&self, facts: &TicketFacts) -> bool {
        self.definition.reply.when.hold(&WithRole { facts, role: self.role(facts) })
    }

    /// The entries that are offered in a language, and where each leads. One whose condition does not hold leads where the
    /// definition says for that case, and is left out if it says nothing. Whoever is signed out is led nowhere where an
    /// account is needed, whatever the definition says (`docs/product.md`, W11).
    #[must_use]
    pub fn entries(&self, language: &str, facts: &TicketFacts) -> Vec<Offer<'_>> {
        let primary = language.split(['-', '_']).next().unwrap_or_default();
        let speaks = |entry: &EntryDefinition| {
            entry.languages.is_empty()
                || entry
                    .languages
                    .iter()
                    .any(|tag| tag.eq_ignore_ascii_case(language) || tag.eq_ignore_ascii_case(primary))
        };
        self.definition.entries.iter().filter(|entry| speaks(entry)).filter_map(|entry| offer(entry, facts)).collect()
    }
}

fn offer<'a>(entry: &'a EntryDefinition, facts: &TicketFacts) -> Option<Offer<'a>> {
    // An entry for those who have no account is nothing for the others, wherever it leads.
    if entry.to == Target::Anonymous && !facts.signed_out {
        return None;
    }
    let leads_there = entry.when.hold(facts) && is_open(&entry.to, facts);
    let target = if leads_there { Some(&entry.to) } else { entry.otherwise.as_ref() };
    target.filter(|target| is_open(target, facts)).map(|target| Offer { entry, target })
}

/// Whether a user can be led there. Signed out, there are only the tickets that were written here without an account.
fn is_open(target: &Target, facts: &TicketFacts) -> bool {
    match target {
        Target::History => !facts.signed_out || facts.has_tickets,
        Target::Create(_) => !facts.signed_out,
        Target::Anonymous => facts.signed_out && facts.can.contains(&Can::Anonymous),
        Target::Articles => facts.has_articles,
        Target::Host(_) | Target::Link(_) => true,
    }
}

impl Product {
    /// What is said to the user in the place of feedback that was given, or waits to be sent; `None` if nothing.
    #[must_use]
    pub fn thanks(&self, facts: &TicketFacts, strings: &Strings) -> Option<String> {
        let role = self.role(facts);
        let mut asked = self.definition.actions.iter().filter(|action| action.kind == ActionKind::Feedback);
        let action = asked.find(|action| match &action.who {
            Who::Any => true,
            Who::Roles(roles) => role.is_some_and(|role| roles.contains(&role)),
        })?;
        let once = action.once.as_deref().and_then(|once| once.strip_prefix("field."));
        let says_so =
            once.and_then(|field| facts.fields.get(field)).is_some_and(|value| !matches!(&**value, "" | "false"));
        let is_over = facts.status.as_ref().is_some_and(|status| !status.kind.is_active()) && !facts.out_of_reach;
        let is_given = facts.extras.is_given || says_so || facts.extras.waits && !facts.extras.needs_user;
        let text = action.after.as_ref().map_or("feedback.thanks", |key| &key.0);
        (is_over && is_given).then(|| strings.text(text, &[]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_asks_first_and_says_what_will_be_written() {
        let plain = ActionOffer {
            id: "solve".to_owned(),
            kind: OfferKind::Solve,
            label: "Als gelöst markieren".to_owned(),
            place: ActionPlace::Menu,
            confirm: None,
            body: None,
            warn: None,
            feedback: None,
            toggle: None,
        };
        assert!(!plain.asks_first());
        assert_eq!(plain.explanation(), None);
        let warned = ActionOffer {
            body: Some("Danke – erledigt 🙏".to_owned()),
            warn: Some("Das Ticket wird geschlossen.".to_owned()),
            ..plain.clone()
        };
        assert!(warned.asks_first());
        assert_eq!(warned.question(), "Als gelöst markieren");
        assert_eq!(warned.explanation().as_deref(), Some("“Danke – erledigt 🙏”\n\nDas Ticket wird geschlossen."));
        let asked = ActionOffer { confirm: Some("Wirklich?".to_owned()), ..plain };
        assert!(asked.asks_first());
        assert_eq!(asked.question(), "Wirklich?");
    }
}
