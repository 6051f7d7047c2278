//! Why a reply cannot be written, and what is offered then (`docs/product.md`, S13).

use super::DetailFacts;
use crate::model::{ShownValue, WayOn};
use crate::product::Product;
use crate::product::definition::parts::form;
use crate::product::offer::{TicketFacts, WithRole};
use crate::product::strings::Strings;

impl Product {
    /// The key of why no reply can be written, although the ticket's status takes one.
    #[must_use]
    pub fn blocked_key(&self, facts: &TicketFacts) -> Option<&str> {
        let known = WithRole { facts, role: self.role(facts) };
        let reason = self.definition.reply.blocked.iter().find(|blocked| blocked.when.hold(&known));
        reason.map(|blocked| blocked.reason.0.as_str())
    }

    /// What is offered where no reply can be written, in the definition's order.
    #[must_use]
    pub fn ways_on(&self, known: &DetailFacts, strings: &Strings) -> Vec<WayOn> {
        let number = known.number.as_deref();
        let way = |way: &form::WayOn| match way {
            form::WayOn::CopyNumber => {
                Some(WayOn::Copy { label: strings.text("fact.number", &[]), value: number?.to_owned() })
            }
            form::WayOn::CopyField(field) => {
                let ShownValue::Text(value) = self.shown_value(known, strings, field)? else { return None };
                Some(WayOn::Copy { label: strings.first(&[format!("field.{field}"), field.clone()]), value })
            }
            form::WayOn::AnswerMail => {
                let number = number?.trim_start_matches('#');
                Some(WayOn::AnswerMail { text: strings.text("way_on.answer_mail", &[("number", number)]) })
            }
            form::WayOn::NewRequest(_) if !self.definition.create.enabled => None,
            form::WayOn::NewRequest(_) => Some(WayOn::NewRequest { label: strings.text("history.create", &[]) }),
        };
        self.definition.reply.ways_on.iter().filter_map(way).collect()
    }

    /// The text with which a new request that goes on from a ticket begins, where the definition says one.
    pub(crate) fn new_request_key(&self) -> Option<&str> {
        let mut ways = self.definition.reply.ways_on.iter();
        ways.find_map(|way| match way {
            form::WayOn::NewRequest(key) => Some(key.0.as_str()),
            _ => None,
        })
    }
}
