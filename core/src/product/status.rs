//! From the server's status to the one that the user sees.

pub(super) mod palette;

use super::Product;
use super::definition::parts::statuses::{Speaker, StatusDefinition, StatusRule};
use crate::model::{ReplyRule, ServerStatus, TicketStatus};

/// What the server says of a ticket's status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusFacts<'a> {
    /// The server's status.
    pub server: ServerStatus,
    /// The server's custom status as it came, by its id or its name; `None` if the ticket has none.
    pub custom: Option<&'a str>,
    /// What end users read for the custom status, unless it is the one that tickets have by default.
    pub label: Option<&'a str>,
    /// Whether a user wrote the newest public comment; `None` if the thread was never read, which counts as true.
    pub user_spoke_last: Option<bool>,
}

impl StatusFacts<'_> {
    /// Of a ticket without a custom status, whose thread was never read.
    #[must_use]
    pub fn of(server: ServerStatus) -> Self {
        Self { server, custom: None, label: None, user_spoke_last: None }
    }
}

fn shown(status: &StatusDefinition) -> TicketStatus {
    TicketStatus { id: Some(status.id.clone()), kind: status.kind, turn: status.turn, label: None }
}

impl Product {
    /// The status that a user sees for the one on the server. One that no rule knows is called as the server calls it.
    #[must_use]
    pub fn status(&self, facts: &StatusFacts<'_>) -> TicketStatus {
        let named = facts.custom.and_then(|custom| self.custom_statuses.get(custom)).map(String::as_str);
        let rule = self.status_rule(facts.server, named, facts.user_spoke_last != Some(false));
        let status = rule.and_then(|rule| self.definition.statuses.iter().find(|status| status.id == rule.to));
        let known = status.map_or_else(TicketStatus::unknown, shown);
        // A custom status without a label of its own is called by its name, if it is identified by a name. An id says
        // nothing to a user.
        let name = || facts.custom.filter(|custom| custom.parse::<i64>().is_err());
        let label = match facts.label {
            Some(label) if named.is_none() => Some(label),
            None if status.is_none() => name(),
            _ => None,
        };
        TicketStatus { label: label.map(str::to_owned), ..known }
    }

    /// The rule for a state of the server. `custom`: the name that the rules have for the custom status.
    fn status_rule(&self, server: ServerStatus, custom: Option<&str>, user_spoke_last: bool) -> Option<&StatusRule> {
        let speaker = if user_spoke_last { Speaker::User } else { Speaker::Support };
        self.definition.status_from.iter().find(|rule| {
            let named = custom.is_some_and(|name| rule.custom.iter().any(|known| known == name));
            (named || rule.system.contains(&server)) && rule.last_public.is_none_or(|last| last == speaker)
        })
    }

    /// Whether a reply can be written in this status (`docs/product.md`, T3). Also in one that the definition does not
    /// know, so that the server decides. A ticket without an account takes none: it is answered by mail.
    #[must_use]
    pub fn reply_allowed(&self, status: &TicketStatus) -> bool {
        !self.anonymous && self.defined(status).is_none_or(|status| status.reply != ReplyRule::No)
    }

    /// Whether a reply reopens a ticket in this status.
    #[must_use]
    pub fn reopens(&self, status: &TicketStatus) -> bool {
        self.defined(status).is_some_and(|status| status.reply == ReplyRule::Reopens)
    }

    /// What the definition says of a status; `None` for one that it does not know.
    pub(super) fn defined(&self, status: &TicketStatus) -> Option<&StatusDefinition> {
        let id = status.id.as_ref()?;
        self.definition.statuses.iter().find(|known| known.id == *id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{StatusKind, Turn};
    use crate::product::ServerKind;

    fn product(json: &str) -> Product {
        Product::from_json(json, ServerKind::Zendesk).unwrap()
    }

    #[test]
    fn the_servers_statuses_read_as_the_products() {
        let product = Product::built_in().unwrap();
        for (server, user_spoke_last, expected) in [
            (ServerStatus::New, None, "open"),
            (ServerStatus::New, Some(false), "open"),
            (ServerStatus::Open, None, "open"),
            (ServerStatus::Open, Some(true), "open"),
            (ServerStatus::Open, Some(false), "pending"),
            (ServerStatus::Hold, Some(true), "pending"),
            (ServerStatus::Pending, Some(false), "awaiting_reply"),
            (ServerStatus::Solved, None, "solved"),
            (ServerStatus::Closed, None, "closed"),
        ] {
            let facts = StatusFacts { user_spoke_last, ..StatusFacts::of(server) };
            assert!(product.status(&facts).is(expected), "{facts:?}");
        }
        assert_eq!(product.status(&StatusFacts::of(ServerStatus::Unknown)), TicketStatus::unknown());
    }

    #[test]
    fn a_custom_status_goes_before_the_servers_own() {
        let web = product(include_str!("../../products/impact-web.json"));
        let named = |custom: &str| web.custom_statuses.get(custom).map(String::as_str);
        assert_eq!((named("4711"), named("1")), (Some("in_progress"), None));
        let id = |server, custom| web.status(&StatusFacts { custom, ..StatusFacts::of(server) }).id.unwrap().0;
        assert_eq!(id(ServerStatus::Open, Some("4711")), "in_progress");
        assert_eq!(id(ServerStatus::Open, None), "open");
        // One that the definition does not name is what the server's own status says.
        assert_eq!(id(ServerStatus::Pending, Some("4713")), "awaiting_reply");
        assert_eq!(id(ServerStatus::Solved, None), "solution_offered");
    }

    #[test]
    fn a_custom_status_that_no_rule_knows_is_called_as_the_server_calls_it() {
        let web = product(include_str!("../../products/impact-web.json"));
        let facts = StatusFacts {
            custom: Some("4713"),
            label: Some("Wartet auf Lieferung 📦"),
            ..StatusFacts::of(ServerStatus::Hold)
        };
        let status = web.status(&facts);
        assert_eq!((status.kind, status.label.as_deref()), (StatusKind::Working, facts.label));
        // A rule that names the status goes before the server's label.
        assert_eq!(web.status(&StatusFacts { custom: Some("4711"), ..facts }).label, None);
        // An id says nothing to a user, a name does.
        let unknown = |custom| web.status(&StatusFacts { custom, ..StatusFacts::of(ServerStatus::Unknown) }).label;
        assert_eq!(unknown(Some("4713")), None);
        assert_eq!(unknown(Some("stalled")).as_deref(), Some("stalled"));
    }

    #[test]
    fn a_reply_is_possible_in_every_status_but_closed() {
        let product = Product::built_in().unwrap();
        let mut statuses: Vec<_> = product.definition.statuses.iter().map(shown).collect();
        assert_eq!(statuses.len(), 5);
        statuses.push(TicketStatus::unknown());
        for status in &statuses {
            assert_eq!(product.reply_allowed(status), status.kind != StatusKind::Closed);
            assert_eq!(product.reopens(status), status.kind == StatusKind::Solved);
            assert_eq!(status.turn == Turn::You, status.kind == StatusKind::AwaitingUser);
        }
    }
}
