//! The type of a ticket (`docs/product.md`, S3), and what follows from it: the subject that the screen makes (S2), and whether the
//! ticket has a conversation by mail.

use std::collections::BTreeMap;

use super::DetailFacts;
use crate::model::{FieldValue, VIA};
use crate::product::Product;
use crate::product::definition::Definition;
use crate::product::definition::parts::details::{DetailPart, Fact, ItemContent, TicketType};

impl Definition {
    /// Whether a type depends on the channel through which a ticket came.
    pub(crate) fn asks_for_channels(&self) -> bool {
        self.ticket_types.iter().flat_map(|known| &known.from).any(|source| !source.via.is_empty())
    }

    /// The field with the steps for which this one has the dates.
    pub(crate) fn steps_dated_by(&self, dates: &str) -> Option<&str> {
        let mut timelines = self.sections.values().filter_map(|section| section.timeline.as_ref());
        timelines.find(|timeline| timeline.dates.as_deref() == Some(dates)).map(|timeline| timeline.state.as_str())
    }

    /// Whether a screen shows the agent to whom a ticket is assigned.
    pub(crate) fn asks_for_assignee(&self) -> bool {
        let items = self.sections.values().flat_map(|section| &section.show);
        items.into_iter().any(|item| item.content == ItemContent::Fact(Fact::Assignee))
    }
}

impl Product {
    /// The id of the ticket's type. A field that says the type goes before the channel. A ticket of which the server says neither
    /// has the type whose sections stand in for an unknown one, where channels tell types apart. `None` for a type that the
    /// definition does not know.
    #[must_use]
    pub fn ticket_type(&self, values: &BTreeMap<String, FieldValue>) -> Option<&str> {
        let types = &self.definition.ticket_types;
        if let Some((_, said)) = self.said_type(values) {
            return types.iter().find(|known| known.id == said).map(|known| known.id.as_str());
        }
        match text(values.get(VIA)) {
            Some(via) => types.iter().find(|known| comes_by(known, via)).map(|known| known.id.as_str()),
            None if self.definition.asks_for_channels() => {
                let unknown = self.definition.ticket_type_unknown.as_ref()?;
                Some(&unknown.sections_of)
            }
            None => None,
        }
    }

    /// What stands for a type that the definition does not know: the server's own word.
    pub(super) fn unknown_type_label(&self, known: &DetailFacts) -> Option<String> {
        if let Some((field, said)) = self.said_type(&known.values) {
            let label = known.option_labels.get(&(field.to_owned(), said.to_owned()));
            return Some(label.map_or(said, String::as_str).to_owned());
        }
        text(known.values.get(VIA)).map(str::to_owned)
    }

    /// The field that says the type, and what it says.
    fn said_type<'a>(&'a self, values: &'a BTreeMap<String, FieldValue>) -> Option<(&'a str, &'a str)> {
        let fields = self.definition.ticket_types.iter().flat_map(|known| &known.from);
        let mut said = fields.filter_map(|source| {
            let field = source.field.as_deref()?;
            Some((field, text(values.get(field))?))
        });
        said.next()
    }

    /// The key of the subject that the screen makes for a ticket of this type; `None` if it shows the ticket's own. The text may
    /// have the placeholder `requester`. While nobody's name is known, the subject is the name of the type.
    #[must_use]
    pub fn subject_key(&self, ticket_type: Option<&str>, subject: &str, is_named: bool) -> Option<String> {
        let known = self.type_of(ticket_type)?;
        let made = known.subject.as_ref()?;
        let key = made.always.as_ref().or(made.if_empty.as_ref().filter(|_| subject.trim().is_empty()))?;
        Some(if is_named { key.0.clone() } else { format!("ticket_type.{}", known.id) })
    }

    /// The channels of a type whose thread is shown only if it has mails: a comment that came through one of them is the call or
    /// the chat itself. `None` if a ticket of this type always has a thread.
    pub(crate) fn channels_without_mail(&self, ticket_type: Option<&str>) -> Option<Vec<&str>> {
        let places = self.places(ticket_type)?;
        let always = places.iter().any(|place| place.part == DetailPart::Thread && !place.hide_empty);
        let known = self.type_of(ticket_type)?;
        (!always).then(|| known.from.iter().flat_map(|source| source.via.iter().map(String::as_str)).collect())
    }

    fn type_of(&self, ticket_type: Option<&str>) -> Option<&TicketType> {
        self.definition.ticket_types.iter().find(|known| Some(&*known.id) == ticket_type)
    }
}

fn comes_by(known: &TicketType, via: &str) -> bool {
    known.from.iter().any(|source| source.via.iter().any(|channel| channel == via))
}

fn text(value: Option<&FieldValue>) -> Option<&str> {
    match value {
        Some(FieldValue::Enum(text) | FieldValue::Text(text)) => Some(text),
        _ => None,
    }
}
