//! Conditions of a product definition: when an action is offered, a section shown, an entry open.
//!
//! A condition is one line of text, such as `status.kind!=closed` or `role in owner,admin`. It is parsed once, when the
//! definition is read, into an [`Atom`] and a test of it. The atoms are a closed list. There are no parentheses and no
//! expressions: all conditions of a list must hold, and within one condition `|` means *or*.
//!
//! A fact that nobody knows is *not set*: `field.x=true` is then false, and so is `field.x set`. Whatever a condition
//! compares, it answers; it never fails on a ticket.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, de};

use crate::model::StatusKind;

/// A condition: it holds if one of its tests does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition(Vec<Test>);

/// Conditions that must all hold. An empty list always holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Conditions(pub Vec<Condition>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Test {
    negated: bool,
    atom: Atom,
    relation: Relation,
}

/// What a condition can ask about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Atom {
    /// `any`: holds always.
    Any,
    /// `signed_out`: nobody is signed in.
    SignedOut,
    /// `status`: the id of the ticket's status.
    Status,
    /// `status.kind`: `open`, `working`, `awaiting_user`, `solved` or `closed`.
    StatusKind,
    /// `status.active`: the status is neither solved nor closed.
    StatusActive,
    /// `ticket.requester`: `me`, if this user created the ticket.
    Requester,
    /// `ticket.linked`: the further users of the ticket; `me` is this user.
    Linked,
    /// `ticket.mail_thread`: the ticket has a conversation by mail, which a reply would join.
    MailThread,
    /// `ticket.type`: the id of the ticket's type.
    TicketType,
    /// `field.NAME`: a field of the ticket.
    Field(String),
    /// `draft.NAME`: what the form has at this moment.
    Draft(String),
    /// `role`: what this user is to the ticket.
    Role,
    /// `scope`: which list is shown.
    Scope,
    /// `claim.NAME`: what the host app says about the signed-in user.
    Claim(String),
    /// `can.NAME`: what this server offers to this user.
    Can(Can),
    /// `connector.NAME`: a property of the connector.
    Connector(ConnectorTrait),
}

/// What a server can offer. A connector finds out which of these hold, and that can change while the app runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Can {
    /// The access toggle is enforced (`docs/product.md`, C5).
    Access,
    /// CC addresses can be added to a ticket that was sent (`docs/product.md`, W12).
    AddCc,
    /// The ticket can be marked as solved by this user (`docs/product.md`, S15).
    Solve,
    /// A follow-up can be linked to a closed ticket (`docs/product.md`, W12).
    FollowUp,
    /// Feedback can be given (`docs/product.md`, S15).
    Feedback,
    /// Proxy login can be allowed (`docs/product.md`, S14).
    ProxyLogin,
    /// Files can be attached (`docs/product.md`, W3).
    Attach,
    /// The users of an account share read marks (`docs/product.md`, W8).
    ShareReadMarks,
    /// A ticket can be sent without an account (`docs/product.md`, W11).
    Anonymous,
}

impl Can {
    const NAMES: [(Self, &'static str); 9] = [
        (Self::Access, "access"),
        (Self::AddCc, "add_cc"),
        (Self::Solve, "solve"),
        (Self::FollowUp, "follow_up"),
        (Self::Feedback, "feedback"),
        (Self::ProxyLogin, "proxy_login"),
        (Self::Attach, "attach"),
        (Self::ShareReadMarks, "share_read_marks"),
        (Self::Anonymous, "anonymous"),
    ];
}

/// A property of a connector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConnectorTrait {
    /// It has lists of an organisation's tickets (`docs/product.md`, S16).
    OrganisationView,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Relation {
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
    fn values(&self) -> &[String] {
        match self {
            Self::True | Self::Set => &[],
            Self::Equals(value) | Self::Differs(value) | Self::Has(value) => std::slice::from_ref(value),
            Self::In(values) | Self::NotIn(values) => values,
        }
    }
}

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

fn atom(name: &str) -> Result<Atom, ConditionError> {
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

/// Whether a text can be an id of a definition: 1 to 64 lower-case letters, digits and underscores, a letter first.
pub(super) fn is_id(text: &str) -> bool {
    text.len() <= 64
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
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
    fn schema_name() -> Cow<'static, str> {
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    /// Facts of a test, by the atom's name.
    #[derive(Default)]
    struct Known(BTreeMap<Atom, Vec<String>>);

    impl Known {
        fn with(mut self, name: &str, values: &[&str]) -> Self {
            self.0.insert(atom(name).unwrap(), values.iter().map(|value| (*value).to_owned()).collect());
            self
        }
    }

    impl Facts for Known {
        fn value(&self, atom: &Atom) -> Option<Cow<'_, str>> {
            self.0.get(atom)?.first().map(|value| value.as_str().into())
        }

        fn values(&self, atom: &Atom) -> Vec<Cow<'_, str>> {
            self.0.get(atom).into_iter().flatten().map(|value| value.as_str().into()).collect()
        }
    }

    fn holds(text: &str, facts: &Known) -> bool {
        text.parse::<Condition>().unwrap().holds(facts)
    }

    #[test]
    fn a_condition_says_what_it_reads_like() {
        let facts = Known::default()
            .with("status", &["in_progress"])
            .with("status.kind", &["working"])
            .with("status.active", &["true"])
            .with("ticket.requester", &["me"])
            .with("ticket.linked", &["41", "me"])
            .with("role", &["owner"])
            .with("field.escalation_state", &["review"])
            .with("draft.access", &["false"])
            .with("can.solve", &["true"])
            .with("claim.enterprise", &["true"]);
        for yes in [
            "any",
            "status=in_progress",
            "status.active",
            "not status.kind=closed",
            "status.kind!=closed",
            "ticket.requester=me",
            "ticket.linked has me",
            "role in owner,admin",
            "role not linked, admin",
            "role=owner|role=linked",
            "role=linked|role=owner",
            "field.escalation_state set",
            "field.escalation_state!=resolved",
            "not draft.access",
            "can.solve",
            "claim.enterprise",
            "not signed_out",
            "field.unheard_of!=x",
        ] {
            assert!(holds(yes, &facts), "{yes}");
        }
        for no in [
            "not any",
            "signed_out",
            "ticket.linked has 7",
            "role in linked,admin",
            "field.unheard_of set",
            "field.unheard_of",
            "field.unheard_of=x",
            "draft.access",
            "can.feedback",
            "claim.support_admin",
            "connector.org_view",
        ] {
            assert!(!holds(no, &facts), "{no}");
        }
        assert!(Conditions::default().hold(&facts));
    }

    #[test]
    fn what_is_no_condition_is_refused_with_the_reason() {
        for unknown in
            ["weather", "ticket.subject", "can.fly", "connector.zendesk", "field.", "field.Über", "claim.a b=c"]
        {
            let error = unknown.parse::<Condition>().unwrap_err();
            assert!(matches!(error, ConditionError::UnknownAtom(_) | ConditionError::Malformed), "{unknown}: {error}");
        }
        for malformed in ["", "|", "status=", "status in ", "role in owner,,admin", "status is open", "status set now"]
        {
            assert_eq!(malformed.parse::<Condition>(), Err(ConditionError::Malformed), "{malformed:?}");
        }
        let kind = "status.kind=done".parse::<Condition>();
        assert_eq!(kind, Err(ConditionError::UnknownKind("done".to_owned())));
    }

    proptest! {
        /// Any text is a condition or is refused, and the negation of a condition always says the opposite.
        #[test]
        fn any_text_has_an_answer(text in "\\PC{0,60}", name in "(role|field\\.[a-z]{1,5}|status)(=| in |!=| not )[a-z]{1,5}") {
            let facts = Known::default().with("role", &["owner"]).with("field.a", &["b"]);
            for text in [text, name] {
                let (asked, opposite) = (text.parse::<Condition>(), format!("not {text}").parse::<Condition>());
                if let (Ok(asked), Ok(opposite), false) = (asked, opposite, text.contains('|') || text.trim().starts_with("not ")) {
                    prop_assert_ne!(asked.holds(&facts), opposite.holds(&facts), "{}", text);
                }
            }
        }
    }
}
