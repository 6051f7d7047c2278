//! Which tickets a list has, and who sees which.

use rusqlite::types::Value;

use crate::store::people::User;
use crate::users::Role;

/// Selects the tickets of a list.
#[derive(Debug, Clone, Default)]
pub struct Filter<'a> {
    /// Only tickets that this user may see; `None` for all.
    pub viewer: Option<&'a User>,
    /// Only tickets with this requester.
    pub requester: Option<i64>,
    /// Only tickets with this user in CC.
    pub cc: Option<i64>,
    /// Only tickets of this account.
    pub organization: Option<i64>,
    /// Only these statuses; empty: all.
    pub statuses: Vec<String>,
    /// Only tickets whose number, subject or public comments contain all words of this text, which is in lower case.
    pub text: Option<String>,
    /// Only tickets with exactly this client reference.
    pub reference: Option<String>,
    /// Only tickets with exactly this subject.
    pub subject: Option<String>,
}

/// The tickets that a user sees: the user's own; those that members of the user's organizations made accessible; all of an
/// organization that shares them, or whose tickets the user may see; and, if the account says so, those that the user is
/// copied on. It has four parameters, each of which is the user's id.
pub(super) const SEEN: &str = "t.requester_id = ?
    OR (t.access = 1 AND t.organization_id IN (SELECT organization_id FROM memberships WHERE user_id = ?))
    OR t.organization_id IN
       (SELECT o.id FROM memberships m JOIN organizations o ON o.id = m.organization_id JOIN users u ON u.id = m.user_id
        WHERE m.user_id = ? AND (o.shared <> 'own' OR u.shared <> 'own'))
    OR ((SELECT set_up ->> '$.settings.copied_users_see' FROM account) AND t.id IN
        (SELECT ticket_id FROM ccs WHERE user_id = ?))";

impl Filter<'_> {
    /// The condition in SQL over `tickets t`, with its parameters.
    pub(super) fn to_sql(&self) -> (String, Vec<Value>) {
        let mut conditions = vec!["1".to_owned()];
        let mut values: Vec<Value> = Vec::new();
        let mut require = |condition: String, given: Vec<Value>| {
            conditions.push(condition);
            values.extend(given);
        };
        if let Some(viewer) = self.viewer.filter(|viewer| viewer.role != Role::Agent) {
            require(
                format!(
                    "({SEEN}) AND NOT EXISTS (SELECT 1 FROM revocations r WHERE r.ticket_id = t.id AND r.user_id = ?)"
                ),
                vec![viewer.id.into(); 5],
            );
        }
        if let Some(requester) = self.requester {
            require("t.requester_id = ?".into(), vec![requester.into()]);
        }
        if let Some(organization) = self.organization {
            require("t.organization_id = ?".into(), vec![organization.into()]);
        }
        if let Some(cc) = self.cc {
            require("t.id IN (SELECT ticket_id FROM ccs WHERE user_id = ?)".into(), vec![cc.into()]);
        }
        if let Some(reference) = &self.reference {
            require("t.client_reference = ?".into(), vec![reference.clone().into()]);
        }
        if let Some(subject) = &self.subject {
            require("t.subject = ?".into(), vec![subject.clone().into()]);
        }
        if !self.statuses.is_empty() {
            let places = vec!["?"; self.statuses.len()].join(", ");
            require(format!("t.status IN ({places})"), self.statuses.iter().cloned().map(Value::from).collect());
        }
        if let Some(text) = &self.text {
            require(
                "(found(t.id || ' ' || t.subject, ?) OR EXISTS
                  (SELECT 1 FROM comments c WHERE c.ticket_id = t.id AND c.public AND found(c.body, ?)))"
                    .into(),
                vec![text.clone().into(), text.clone().into()],
            );
        }
        (conditions.join(" AND "), values)
    }
}
