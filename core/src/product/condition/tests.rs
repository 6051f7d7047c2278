use std::borrow::Cow;
use std::collections::BTreeMap;

use proptest::prelude::*;

use super::parse::atom;
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
    for unknown in ["weather", "ticket.subject", "can.fly", "connector.zendesk", "field.", "field.Über", "claim.a b=c"]
    {
        let error = unknown.parse::<Condition>().unwrap_err();
        assert!(matches!(error, ConditionError::UnknownAtom(_) | ConditionError::Malformed), "{unknown}: {error}");
    }
    for malformed in ["", "|", "status=", "status in ", "role in owner,,admin", "status is open", "status set now"] {
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
