//! Why a reply cannot be written, and what is offered then (`docs/product.md`, S13).

use super::DetailFacts;
use crate::model::{ReplyAlternative, ShownValue};
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
    pub fn reply_alternatives(&self, known: &DetailFacts, strings: &Strings) -> Vec<ReplyAlternative> {
        let number = known.number.as_deref();
        let shown = |offered: &form::ReplyAlternative| match offered {
            form::ReplyAlternative::CopyNumber => {
                Some(ReplyAlternative::Copy { label: strings.text("fact.number", &[]), value: number?.to_owned() })
            }
            form::ReplyAlternative::CopyField(field) => {
                let ShownValue::Text(value) = self.shown_value(known, strings, field)? else { return None };
                Some(ReplyAlternative::Copy { label: strings.first(&[format!("field.{field}"), field.clone()]), value })
            }
            form::ReplyAlternative::AnswerMail => {
                let number = number?.trim_start_matches('#');
                Some(ReplyAlternative::AnswerMail {
                    text: strings.text("reply_alternative.answer_mail", &[("number", number)]),
                })
            }
            form::ReplyAlternative::NewRequest(_) if !self.definition.create.enabled => None,
            form::ReplyAlternative::NewRequest(_) => {
                Some(ReplyAlternative::NewRequest { label: strings.text("history.create", &[]) })
            }
        };
        self.definition.reply.alternatives.iter().filter_map(shown).collect()
    }

    /// The text with which a new request that goes on from a ticket begins, where the definition says one.
    pub(crate) fn new_request_key(&self) -> Option<&str> {
        let mut offered = self.definition.reply.alternatives.iter();
        offered.find_map(|alternative| match alternative {
            form::ReplyAlternative::NewRequest(key) => Some(key.0.as_str()),
            _ => None,
        })
    }
}
