//! From the server's status to the one that the user sees.

use super::Product;
use super::definition::parts::statuses::{Speaker, StatusDefinition, StatusRule};
use crate::model::{ReplyRule, ServerStatus, TicketStatus};

fn shown(status: &StatusDefinition) -> TicketStatus {
    TicketStatus { id: Some(status.id.clone()), kind: status.kind, turn: status.turn }
}

impl Product {
    /// The status that a user sees for the one on the server. `custom` is the server's custom status as it came, if the
    /// ticket has one: its id or its name, whichever identifies it there. `user_spoke_last` tells whether a user wrote the newest public comment; it is
    /// `None` if the thread was never read, which counts as true.
    #[must_use]
    pub fn status(&self, server: ServerStatus, custom: Option<&str>, user_spoke_last: Option<bool>) -> TicketStatus {
        let speaker = if user_spoke_last == Some(false) { Speaker::Support } else { Speaker::User };
        let custom = custom.and_then(|custom| self.definition.custom_status(self.server, custom));
        let fits = |rule: &&StatusRule| {
            let named = custom.is_some_and(|name| rule.custom.iter().any(|known| known == name));
            (named || rule.system.contains(&server)) && rule.last_public.is_none_or(|last| last == speaker)
        };
        let rule = self.definition.status_from.iter().find(fits);
        let status = rule.and_then(|rule| self.definition.statuses.iter().find(|status| status.id == rule.to));
        status.map_or_else(TicketStatus::unknown, shown)
    }

    /// Whether a reply can be written in this status (`docs/product.md`, T3). Also in one that the definition does not
    /// know, so that the server decides.
    #[must_use]
    pub fn reply_allowed(&self, status: &TicketStatus) -> bool {
        self.defined(status).is_none_or(|status| status.reply != ReplyRule::No)
    }

    /// Whether a reply reopens a ticket in this status.
    #[must_use]
    pub fn reopens(&self, status: &TicketStatus) -> bool {
        self.defined(status).is_some_and(|status| status.reply == ReplyRule::Reopens)
    }

    fn defined(&self, status: &TicketStatus) -> Option<&StatusDefinition> {
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
            assert!(product.status(server, None, user_spoke_last).is(expected), "{server:?} {user_spoke_last:?}");
        }
        assert_eq!(product.status(ServerStatus::Unknown, None, Some(true)), TicketStatus::unknown());
    }

    #[test]
    fn a_custom_status_goes_before_the_servers_own() {
        let web = product(include_str!("../../products/impact-web.json"));
        let named = |custom| web.definition.custom_status(ServerKind::Zendesk, custom);
        assert_eq!((named("4711"), named("1")), (Some("in_progress"), None));
        let id = |server, custom| web.status(server, custom, Some(true)).id.unwrap().0;
        assert_eq!(id(ServerStatus::Open, Some("4711")), "in_progress");
        assert_eq!(id(ServerStatus::Open, None), "open");
        // One that the definition does not name is what the server's own status says.
        assert_eq!(id(ServerStatus::Pending, Some("4713")), "awaiting_reply");
        assert_eq!(id(ServerStatus::Solved, None), "solution_offered");
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
