//! The detail screen of a ticket: the definition's sections, filled with what is known of the ticket.

pub(super) mod extras;
pub(super) mod places;
pub(super) mod reply_alternatives;
#[cfg(test)]
mod tests;
mod timeline;
mod types;

use std::collections::BTreeMap;

use super::Product;
use super::condition::Conditions;
use super::definition::parts::details::{self, Fact, Item, ItemContent, SectionPlace};
use super::offer::{TicketFacts, WithRole};
use super::strings::Strings;
use crate::model::{DetailItem, DetailPart, DetailSection, FieldValue, ShownLink, ShownValue, TicketStatus, Timestamp};

/// The section that a ticket shows above its thread if the definition has no types.
const FACTS: &str = "facts";

/// What is known of a ticket, for its detail screen.
#[derive(Debug, Clone, Default)]
pub struct DetailFacts {
    /// What conditions ask about.
    pub facts: TicketFacts,
    /// The subject as it is shown: the ticket's own, or the one that the screen makes.
    pub subject: Option<String>,
    /// The number as people write it, `#4711`; `None` until the ticket is on the server.
    pub number: Option<String>,
    /// The status; `None` until the ticket is on the server.
    pub status: Option<TicketStatus>,
    /// When it was created.
    pub created: Option<Timestamp>,
    /// When the server last changed it.
    pub updated: Option<Timestamp>,
    /// The newest public comment or change of status.
    pub last_activity: Option<Timestamp>,
    /// Who created it, by name.
    pub requester: Option<String>,
    /// The agent it is assigned to, by name.
    pub assignee: Option<String>,
    /// Its further users, by name, without this user.
    pub linked: Vec<String>,
    /// The issue type: the product's id, or the server's own words for one that the product does not know.
    pub issue_type: Option<String>,
    /// Whether all users of the account can see it.
    pub access: Option<bool>,
    /// Who is copied on it.
    pub cc: Vec<String>,
    /// The values of the definition's fields.
    pub values: BTreeMap<String, FieldValue>,
    /// The time now, by the device's clock.
    pub now: Option<Timestamp>,
    /// What people read for the values that the definition does not know, by field and value.
    pub option_labels: BTreeMap<(String, String), String>,
}

impl DetailFacts {
    /// The values as conditions ask about them.
    pub(crate) fn as_texts(&self) -> BTreeMap<String, String> {
        texts_of(&self.values)
    }
}

/// Values as conditions ask about them. A list or a map has none.
pub(crate) fn texts_of(values: &BTreeMap<String, FieldValue>) -> BTreeMap<String, String> {
    let texts = values.iter().filter_map(|(field, value)| {
        let text = match value {
            FieldValue::Text(text)
            | FieldValue::Number(text)
            | FieldValue::Day(text)
            | FieldValue::Enum(text)
            | FieldValue::Https(text) => text.clone(),
            FieldValue::Bool(yes) => yes.to_string(),
            FieldValue::Person(person) => person.0.to_string(),
            FieldValue::Instant(at) => at.0.to_string(),
            FieldValue::Link { url, .. } => url.clone(),
            FieldValue::List(_) | FieldValue::Map(_) => return None,
        };
        Some((field.clone(), text))
    });
    texts.collect()
}

impl Product {
    /// What the detail screen of a ticket shows, in order.
    #[must_use]
    pub fn details(&self, known: &DetailFacts, strings: &Strings) -> Vec<DetailPart> {
        let role = self.role(&known.facts);
        let facts = WithRole { facts: &known.facts, role };
        let screen = Screen { product: self, known, strings, facts };
        match self.places(known.facts.ticket_type.as_deref()) {
            Some(places) => places.iter().filter_map(|place| screen.part(place)).collect(),
            None => screen.section(FACTS, false).into_iter().chain([DetailPart::Thread]).collect(),
        }
    }

    /// The value of a field as a screen shows it; `None` if the ticket has none.
    fn shown_value(&self, known: &DetailFacts, strings: &Strings, field: &str) -> Option<ShownValue> {
        let facts = WithRole { facts: &known.facts, role: None };
        Screen { product: self, known, strings, facts }.shown(field, known.values.get(field)?)
    }

    /// The places of a type's screen; `None` if the definition has no types.
    fn places(&self, ticket_type: Option<&str>) -> Option<&[SectionPlace]> {
        let types = &self.definition.ticket_types;
        let unknown = self.definition.ticket_type_unknown.as_ref().map(|unknown| unknown.sections_of.as_str());
        let of = |id: Option<&str>| types.iter().find(|known| Some(&*known.id) == id);
        let shown = of(ticket_type).or_else(|| of(unknown)).or_else(|| types.first());
        shown.map(|known| known.sections.as_slice())
    }
}

/// What a detail screen is made from.
struct Screen<'a> {
    product: &'a Product,
    known: &'a DetailFacts,
    strings: &'a Strings,
    facts: WithRole<'a>,
}

impl Screen<'_> {
    fn part(&self, place: &SectionPlace) -> Option<DetailPart> {
        match &place.part {
            // Of a call or a chat without mails there is no thread.
            details::DetailPart::Thread if place.hide_empty && !self.known.facts.has_mail_thread => None,
            details::DetailPart::Thread => Some(DetailPart::Thread),
            details::DetailPart::Transcript => Some(DetailPart::Transcript),
            details::DetailPart::Note(key) => Some(DetailPart::Note(self.strings.text(&key.0, &[]))),
            details::DetailPart::Section(id) => self.section(id, place.hide_empty),
        }
    }

    fn holds(&self, conditions: &Conditions) -> bool {
        conditions.hold(&self.facts)
    }

    /// The section; `None` if its conditions do not hold, or it is empty and then hidden.
    fn section(&self, id: &str, hide_empty: bool) -> Option<DetailPart> {
        let section = self.product.definition.sections.get(id)?;
        if !self.holds(&section.when) {
            return None;
        }
        let items = section.show.iter().filter_map(|item| self.item(item));
        let items: Vec<_> = self.unknown_step(section).into_iter().chain(items).collect();
        let timeline = self.timeline(section);
        let is_empty = timeline.is_none()
            && items.iter().all(|item| matches!(item, DetailItem::Note { .. } | DetailItem::Value { value: None, .. }));
        if hide_empty && is_empty {
            return None;
        }
        Some(DetailPart::Section(DetailSection {
            id: id.to_owned(),
            title: self.strings.find(&format!("section.{id}")).map(str::to_owned),
            collapsible: section.collapsible,
            hint: section.hint.as_ref().map(|key| self.strings.text(&key.0, &[])),
            items,
            timeline,
        }))
    }

    fn item(&self, item: &Item) -> Option<DetailItem> {
        let value = |id: &str, label: String, value: Option<ShownValue>, secret: bool, copy: bool| {
            // Of a ticket without an account nothing will ever be read, so an empty line would stay empty.
            let shown = value.is_some() || !(item.hide_empty || self.product.anonymous);
            shown.then(|| DetailItem::Value { id: id.to_owned(), label, value, secret, copy })
        };
        match &item.content {
            ItemContent::Fact(fact) => {
                let label = self.strings.text(&format!("fact.{}", fact.name()), &[]);
                let copy = matches!(fact, Fact::Number | Fact::Subject);
                value(fact.name(), label, self.fact(*fact), false, copy)
            }
            ItemContent::Field(id) => {
                let field = self.product.definition.fields.get(id)?;
                let label = self.strings.first(&[format!("field.{id}"), id.clone()]);
                let shown = self.known.values.get(id).and_then(|value| self.shown(id, value));
                value(id, label, shown, field.secret, field.copy)
            }
            ItemContent::Action(id) => {
                let offered = self.product.actions(&self.known.facts);
                offered.iter().any(|action| action.id == *id).then(|| DetailItem::Action { id: id.clone() })
            }
            ItemContent::Note(key) => Some(DetailItem::Note { text: self.strings.text(&key.0, &[]) }),
        }
    }

    fn fact(&self, fact: Fact) -> Option<ShownValue> {
        let known = self.known;
        let text = |text: &Option<String>| text.clone().map(ShownValue::Text);
        let texts = |texts: &Vec<String>| (!texts.is_empty()).then(|| ShownValue::Texts(texts.clone()));
        match fact {
            Fact::Number => Some(ShownValue::Text(
                known.number.clone().unwrap_or_else(|| self.strings.text("ticket.unsent_number", &[])),
            )),
            Fact::Status => known.status.clone().map(ShownValue::Status),
            Fact::Created => known.created.map(ShownValue::Instant),
            Fact::Updated => known.updated.map(ShownValue::Instant),
            Fact::LastActivity => known.last_activity.map(ShownValue::Instant),
            Fact::Subject => text(&known.subject),
            Fact::Assignee => text(&known.assignee),
            Fact::Requester if known.facts.is_mine => Some(ShownValue::Text(self.strings.text("ticket.you", &[]))),
            Fact::Requester => text(&known.requester),
            Fact::Linked => {
                let me = known.facts.is_linked.then(|| self.strings.text("ticket.you", &[]));
                texts(&me.into_iter().chain(known.linked.iter().cloned()).collect())
            }
            Fact::IssueType => {
                let id = known.issue_type.as_deref()?;
                let own = self.strings.find(&format!("issue_type.{id}")).map(str::to_owned);
                Some(ShownValue::Text(own.unwrap_or_else(|| self.option_label("issue_type", id))))
            }
            Fact::Access => {
                let key = if known.access? { "ticket.access.on" } else { "ticket.access.off" };
                Some(ShownValue::Text(self.strings.text(key, &[])))
            }
            Fact::Cc => texts(&known.cc),
            Fact::TicketType => {
                let named = |id: &str| self.strings.text(&format!("ticket_type.{id}"), &[]);
                let label = known.facts.ticket_type.as_deref().map(named);
                label.or_else(|| self.product.unknown_type_label(known)).map(ShownValue::Text)
            }
        }
    }

    /// A value of a field as it is presented.
    fn shown(&self, field: &str, value: &FieldValue) -> Option<ShownValue> {
        let link =
            |title: Option<&String>, url: &String| ShownLink { title: title.unwrap_or(url).clone(), url: url.clone() };
        Some(match value {
            FieldValue::Text(text) | FieldValue::Number(text) => ShownValue::Text(text.clone()),
            FieldValue::Bool(yes) => {
                ShownValue::Text(self.strings.text(if *yes { "value.yes" } else { "value.no" }, &[]))
            }
            FieldValue::Instant(at) => ShownValue::Instant(*at),
            FieldValue::Day(day) => ShownValue::Day(day.clone()),
            FieldValue::Enum(value) => ShownValue::Text(self.value_label(field, value)),
            FieldValue::Https(url) => ShownValue::Links(vec![link(None, url)]),
            FieldValue::Link { title, url } => ShownValue::Links(vec![link(title.as_ref(), url)]),
            FieldValue::List(elements) => self.list(field, elements)?,
            // A map belongs to a timeline. A person is named by the facts; an id says nothing to a user.
            FieldValue::Map(_) | FieldValue::Person(_) => return None,
        })
    }

    fn list(&self, field: &str, elements: &[FieldValue]) -> Option<ShownValue> {
        let (mut texts, mut links) = (Vec::new(), Vec::new());
        for element in elements {
            match self.shown(field, element)? {
                ShownValue::Text(text) | ShownValue::Day(text) => texts.push(text),
                ShownValue::Links(more) => links.extend(more),
                ShownValue::Texts(_) | ShownValue::Status(_) | ShownValue::Instant(_) => {}
            }
        }
        if links.is_empty() {
            (!texts.is_empty()).then_some(ShownValue::Texts(texts))
        } else {
            Some(ShownValue::Links(links))
        }
    }

    /// What people read for a value of an enumeration: the definition's string, or the server's own label.
    fn value_label(&self, field: &str, value: &str) -> String {
        let keys = [format!("field.{field}.{value}"), format!("{field}.{value}")];
        let own = keys.iter().find_map(|key| self.strings.find(key));
        own.map_or_else(|| self.option_label(field, value), str::to_owned)
    }

    fn option_label(&self, field: &str, value: &str) -> String {
        let label = self.known.option_labels.get(&(field.to_owned(), value.to_owned()));
        label.map_or(value, String::as_str).to_owned()
    }
}
