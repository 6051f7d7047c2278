//! From the text of a condition to its tests.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, de};

use super::atom::{Atom, Can, ConnectorTrait, is_id};
use super::evaluate::{Condition, Relation, Test};
use crate::model::StatusKind;

/// What is wrong with the text of a condition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConditionError {
    /// The atom is none of the list.
    #[error("unknown atom `{0}`; there are {ATOMS}")]
    UnknownAtom(String),
    /// The text is no condition.
    #[error(
        "not a condition: write `atom`, `not atom`, `atom set`, `atom=x`, `atom!=x`, `atom in x,y`, `atom not x,y` or `atom has x`"
    )]
    Malformed,
    /// `status.kind` is compared with something that is no kind.
    #[error("`{0}` is no kind of status")]
    UnknownKind(String),
}

const ATOMS: &str = "any, signed_out, status, status.kind, status.active, ticket.requester, ticket.linked, ticket.mail_thread, \
                     ticket.type, field.NAME, draft.NAME, role, scope, claim.NAME, can.NAME, connector.org_view";

impl FromStr for Condition {
    type Err = ConditionError;

    fn from_str(text: &str) -> Result<Self, ConditionError> {
        Ok(Self(text.split('|').map(test).collect::<Result<_, _>>()?))
    }
}

fn test(text: &str) -> Result<Test, ConditionError> {
    let text = text.trim();
    let (negated, text) = text.strip_prefix("not ").map_or((false, text), |rest| (true, rest.trim()));
    let (name, relation) = relation(text)?;
    let atom = atom(name)?;
    if atom == Atom::StatusKind
        && let Some(unknown) = relation.values().iter().find(|value| StatusKind::named(value).is_none())
    {
        return Err(ConditionError::UnknownKind(unknown.clone()));
    }
    Ok(Test { negated, atom, relation })
}

/// Splits a test into the name of its atom and what it asks.
fn relation(text: &str) -> Result<(&str, Relation), ConditionError> {
    let word = |text: &str| {
        let text = text.trim();
        let sound = !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':'));
        if sound { Ok(text.to_owned()) } else { Err(ConditionError::Malformed) }
    };
    let words = |text: &str| text.split(',').map(word).collect::<Result<Vec<_>, _>>();
    Ok(if let Some((name, value)) = text.split_once("!=") {
        (name.trim(), Relation::Differs(word(value)?))
    } else if let Some((name, value)) = text.split_once('=') {
        (name.trim(), Relation::Equals(word(value)?))
    } else if let Some((name, rest)) = text.split_once(char::is_whitespace) {
        let rest = rest.trim();
        let (operator, value) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        match operator {
            "set" if value.is_empty() => (name, Relation::Set),
            "in" => (name, Relation::In(words(value)?)),
            "not" => (name, Relation::NotIn(words(value)?)),
            "has" => (name, Relation::Has(word(value)?)),
            _ => return Err(ConditionError::Malformed),
        }
    } else {
        (text, Relation::True)
    })
}

pub(super) fn atom(name: &str) -> Result<Atom, ConditionError> {
    let unknown = || ConditionError::UnknownAtom(name.to_owned());
    Ok(match name {
        "" => return Err(ConditionError::Malformed),
        "any" => Atom::Any,
        "signed_out" => Atom::SignedOut,
        "status" => Atom::Status,
        "status.kind" => Atom::StatusKind,
        "status.active" => Atom::StatusActive,
        "ticket.requester" => Atom::Requester,
        "ticket.linked" => Atom::Linked,
        "ticket.mail_thread" => Atom::MailThread,
        "ticket.type" => Atom::TicketType,
        "role" => Atom::Role,
        "scope" => Atom::Scope,
        "connector.org_view" => Atom::Connector(ConnectorTrait::OrganisationView),
        _ => match name.split_once('.') {
            Some(("field", field)) if is_id(field) => Atom::Field(field.to_owned()),
            Some(("draft", field)) if is_id(field) => Atom::Draft(field.to_owned()),
            Some(("claim", claim)) if is_id(claim) => Atom::Claim(claim.to_owned()),
            Some(("can", can)) => {
                let known = Can::NAMES.iter().find(|(_, known)| *known == can);
                Atom::Can(known.ok_or_else(unknown)?.0)
            }
            _ => return Err(unknown()),
        },
    })
}

impl<'de> Deserialize<'de> for Condition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl de::Visitor<'_> for Text {
            type Value = Condition;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a condition")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Condition, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Text)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Condition {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Condition".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "minLength": 1,
            "description": "One test, or several separated by `|`, of which one must hold."
        })
    }
}
