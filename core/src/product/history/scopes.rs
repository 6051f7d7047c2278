//! Which tickets the history shows to this user: its scopes, its first day, and when there is none (`docs/product.md`, S16 to
//! S18).

use crate::model::Timestamp;
use crate::product::Product;
use crate::product::condition::Conditions;
use crate::product::definition::parts::actions::{Role, Who};
use crate::product::definition::parts::history::{Day, Unavailable};
use crate::product::offer::{TicketFacts, WithRole};
use crate::query::{HistoryView, Relation, Relations};

/// What the definition decides about the history's entries, as the store has to know it. Times are in ms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryRules {
    /// Tickets that were created earlier are not shown.
    pub since_ticket: i64,
    /// Unless they were escalated at this time or later; `None` if that changes nothing.
    pub since_escalation: Option<i64>,
    /// The field with the times of the escalation's steps.
    pub dates_field: Option<String>,
    /// Stands for everything else that the definition decides about a ticket's entry.
    pub decides: String,
}

/// A scope that this user can choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferedScope<'a> {
    /// The definition's id.
    pub id: &'a str,
    /// The tickets in it.
    pub view: HistoryView,
}

impl Product {
    /// What the definition decides about the history's entries.
    #[must_use]
    pub fn history_rules(&self) -> HistoryRules {
        // The definition names UTC, the only zone there is.
        let begins = |day: Option<Day>| Timestamp::parse(&format!("{}T00:00:00Z", day?.0)).map(|begin| begin.0);
        let since = self.definition.history.since.as_ref().filter(|_| !self.anonymous);
        let dates_field = self.escalation_dates().map(str::to_owned);
        HistoryRules {
            since_ticket: begins(since.and_then(|since| since.ticket)).unwrap_or(i64::MIN),
            since_escalation: begins(since.and_then(|since| since.escalation)).filter(|_| dates_field.is_some()),
            dates_field: dates_field.filter(|_| since.is_some_and(|since| since.escalation.is_some())),
            decides: self.entry_decisions(),
        }
    }

    /// The field with the times of the steps of an escalation: the first timeline that has one.
    fn escalation_dates(&self) -> Option<&str> {
        self.definition.sections.values().find_map(|section| section.timeline.as_ref()?.dates.as_deref())
    }

    /// The scopes that this user can choose, in the definition's order. Empty if the product has none.
    #[must_use]
    pub fn offered_scopes(&self, user: &TicketFacts) -> Vec<OfferedScope<'_>> {
        let scopes = self.definition.history.scopes.iter().filter(|scope| {
            scope.who.as_ref().is_none_or(|who| match who {
                Who::Any => true,
                Who::Roles(roles) => roles.iter().any(|role| self.may_have(*role, user)),
            })
        });
        let offered: Vec<(&str, Relations)> =
            scopes.map(|scope| (&*scope.id, self.relations(&Conditions(scope.is.clone()), user))).collect();
        let seen = offered.iter().fold(Relations::default(), |all, (_, relations)| all.or(*relations));
        let view = |relations: Relations| HistoryView { relations, unsent: relations.or(seen.others()) };
        offered.into_iter().map(|(id, relations)| OfferedScope { id, view: view(relations) }).collect()
    }

    /// The relations to a ticket for which the conditions hold.
    fn relations(&self, conditions: &Conditions, user: &TicketFacts) -> Relations {
        Relations::of(|relation| {
            let facts = TicketFacts {
                is_mine: relation == Relation::Own,
                is_linked: relation == Relation::Linked,
                ..user.clone()
            };
            conditions.hold(&WithRole { facts: &facts, role: self.role(&facts) })
        })
    }

    /// Whether this user has the role for any ticket.
    fn may_have(&self, role: Role, user: &TicketFacts) -> bool {
        Relation::ALL.into_iter().any(|relation| {
            let (is_mine, is_linked) = (relation == Relation::Own, relation == Relation::Linked);
            self.role(&TicketFacts { is_mine, is_linked, ..user.clone() }) == Some(role)
        })
    }

    /// Why there is no history for this user (`docs/product.md`, S17); `None` if there is one.
    #[must_use]
    pub fn history_unavailable(&self, user: &TicketFacts) -> Option<&Unavailable> {
        self.definition.history.unavailable.as_ref().filter(|unavailable| unavailable.when.hold(user))
    }

    /// Whether this user can write a new ticket in the app.
    #[must_use]
    pub fn can_create(&self, user: &TicketFacts) -> bool {
        self.definition.create.enabled && self.history_unavailable(user).is_none_or(|unavailable| unavailable.create)
    }
}
