//! Feedback and toggles, as a screen shows them (`docs/product.md`, S14, S15).

use crate::product::definition::parts::actions::{ActionDefinition, RatingText};
use crate::product::strings::Strings;

/// What is known of a ticket's extras when actions are offered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExtraFacts {
    /// Whether feedback was given, as the server says.
    pub is_given: bool,
    /// Whether the outbox has feedback for this ticket, in any state.
    pub waits: bool,
    /// Whether it waits for the user's decision.
    pub needs_user: bool,
    /// The toggles that the server offers to this user.
    pub toggles: Vec<ToggleFacts>,
}

/// What is known of a toggle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToggleFacts {
    /// The product's field.
    pub field: String,
    /// The value on the server; `None` if it was never set.
    pub on_server: Option<bool>,
    /// The value that waits to be sent; `None` if none does. One that needs the user does not count, because the server has
    /// refused it, or it is not sent by itself.
    pub waiting: Option<bool>,
}

/// What feedback asks for.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FeedbackForm {
    /// The answers, the worst first.
    pub answers: Vec<FeedbackAnswer>,
    /// What the field for a text is called; `None` if it takes none.
    pub text: Option<String>,
    /// Whether the text is required.
    pub is_text_required: bool,
    /// What the button that sends it is called.
    pub send: String,
}

/// An answer of feedback.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FeedbackAnswer {
    /// The definition's id.
    pub id: String,
    /// What it is called.
    pub label: String,
}

/// How a toggle stands.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ToggleOffer {
    /// The value that the user chose last, or the server's; `None` if it was never set, so that a setting of the account holds.
    pub on: Option<bool>,
    /// Whether the server has not confirmed it yet.
    pub is_waiting: bool,
    /// What is said of that: that it is not in force yet, or what holds while it was never set. `None` if nothing.
    pub note: Option<String>,
    /// What turning it on is called.
    pub on_label: String,
    /// What turning it off is called.
    pub off_label: String,
}

impl FeedbackForm {
    pub(in crate::product) fn of(action: &ActionDefinition, strings: &Strings) -> Self {
        let label = |id: &String| strings.first(&[format!("action.{}.{id}", action.id), format!("rating.{id}")]);
        let answers = action.rating.iter().map(|id| FeedbackAnswer { id: id.clone(), label: label(id) });
        let is_text_required = action.text == Some(RatingText::Required);
        let text = if is_text_required { "feedback.text.required" } else { "feedback.text" };
        Self {
            answers: answers.collect(),
            text: action.text.map(|_| strings.text(text, &[])),
            is_text_required,
            send: strings.text("feedback.send", &[]),
        }
    }
}

impl ToggleOffer {
    pub(in crate::product) fn of(action: &ActionDefinition, facts: &ExtraFacts, strings: &Strings) -> Self {
        let known = facts.toggles.iter().find(|known| Some(&known.field) == action.field.as_ref());
        let waiting = known.and_then(|known| known.waiting);
        let on = waiting.or(known.and_then(|known| known.on_server));
        let note = match (waiting, on) {
            (Some(_), _) => Some(action.unsent.as_ref().map_or("toggle.unsent", |key| &key.0)),
            (None, None) => action.default.as_ref().map(|key| &*key.0),
            (None, Some(_)) => None,
        };
        let label = |which: &str| strings.first(&[format!("action.{}.{which}", action.id), format!("toggle.{which}")]);
        Self {
            on,
            is_waiting: waiting.is_some(),
            note: note.map(|key| strings.text(key, &[])),
            on_label: label("on"),
            off_label: label("off"),
        }
    }
}
