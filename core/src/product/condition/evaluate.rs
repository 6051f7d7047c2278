//! Whether a condition holds.

use std::borrow::Cow;

use serde::Deserialize;

use super::atom::Atom;

/// A condition: it holds if one of its tests does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition(pub(super) Vec<Test>);

/// Conditions that must all hold. An empty list always holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Conditions(pub Vec<Condition>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Test {
    pub negated: bool,
    pub atom: Atom,
    pub relation: Relation,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Relation {
    /// The atom alone: it is true.
    True,
    Set,
    Equals(String),
    Differs(String),
    In(Vec<String>),
    NotIn(Vec<String>),
    Has(String),
}

/// What is known when conditions are evaluated. Whatever is not overridden is unknown.
pub trait Facts {
    /// The value of an atom as text; `None` if it is not known. A yes or no is `true` or `false`.
    fn value(&self, atom: &Atom) -> Option<Cow<'_, str>>;

    /// The values of an atom that has several, such as the further users of a ticket.
    fn values(&self, atom: &Atom) -> Vec<Cow<'_, str>> {
        self.value(atom).into_iter().collect()
    }
}

impl Conditions {
    /// Whether all conditions hold.
    #[must_use]
    pub fn hold(&self, facts: &dyn Facts) -> bool {
        self.0.iter().all(|condition| condition.holds(facts))
    }

    /// The atoms that the conditions ask about.
    pub fn atoms(&self) -> impl Iterator<Item = &Atom> {
        self.0.iter().flat_map(Condition::atoms)
    }
}

impl Condition {
    /// Whether the condition holds.
    #[must_use]
    pub fn holds(&self, facts: &dyn Facts) -> bool {
        self.0.iter().any(|test| test.holds(facts))
    }

    /// The atoms that the condition asks about.
    pub fn atoms(&self) -> impl Iterator<Item = &Atom> {
        self.0.iter().map(|test| &test.atom)
    }

    /// The values with which the condition compares an atom.
    pub fn compared(&self) -> impl Iterator<Item = (&Atom, &str)> {
        self.0.iter().flat_map(|test| test.relation.values().iter().map(|value| (&test.atom, &**value)))
    }
}

impl Test {
    fn holds(&self, facts: &dyn Facts) -> bool {
        let value = facts.value(&self.atom);
        let is = |expected: &String| value.as_deref() == Some(expected);
        let holds = match &self.relation {
            Relation::True => self.atom == Atom::Any || value.as_deref() == Some("true"),
            Relation::Set => value.is_some_and(|value| !value.is_empty()),
            Relation::Equals(expected) => is(expected),
            Relation::Differs(expected) => !is(expected),
            Relation::In(listed) => listed.iter().any(is),
            Relation::NotIn(listed) => !listed.iter().any(is),
            Relation::Has(expected) => facts.values(&self.atom).iter().any(|value| value == expected),
        };
        holds != self.negated
    }
}

impl Relation {
    pub fn values(&self) -> &[String] {
        match self {
            Self::True | Self::Set => &[],
            Self::Equals(value) | Self::Differs(value) | Self::Has(value) => std::slice::from_ref(value),
            Self::In(values) | Self::NotIn(values) => values,
        }
    }
}
