//! Extras: what the server has for this user beside a ticket itself (`docs/product.md`, S14, S15).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The extras of a ticket, as the server has them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RemoteExtras {
    /// How feedback stands; `None` if it was not asked for.
    pub feedback: Option<FeedbackState>,
    /// The toggles that the server has for this user, by their fields; `None` is one that was never set. A toggle that is not
    /// here is not offered to this user.
    pub toggles: BTreeMap<String, Option<bool>>,
}

/// Which extras are asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WantedExtras {
    /// How feedback stands.
    pub feedback: bool,
    /// The toggles.
    pub toggles: bool,
}

impl WantedExtras {
    /// Whether nothing is asked for.
    #[must_use]
    pub fn is_empty(self) -> bool {
        !self.feedback && !self.toggles
    }
}

/// How feedback about a ticket stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FeedbackState {
    /// The server takes none from this user now.
    NotOffered,
    /// The server takes it.
    Offered,
    /// It was given.
    Given,
}

impl FeedbackState {
    /// Every state, with the name under which it is stored.
    pub const ALL: [(Self, &'static str); 3] =
        [(Self::NotOffered, "not_offered"), (Self::Offered, "offered"), (Self::Given, "given")];

    /// The name under which it is stored.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(state, _)| *state == self).map_or("not_offered", |(_, name)| name)
    }

    /// The state with that name. A name stored by a later version is read as [`NotOffered`](Self::NotOffered).
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        Self::ALL.iter().find(|(_, known)| *known == name).map_or(Self::NotOffered, |(state, _)| *state)
    }
}

/// Feedback, as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feedback {
    /// How many answers the product offers, the worst first.
    pub answers: u32,
    /// Which of them was chosen, from 0.
    pub chosen: u32,
    /// What the user wrote; `None` for nothing.
    pub text: Option<String>,
}

/// A toggle, as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Toggle {
    /// The product's field that it writes.
    pub field: String,
    /// What it becomes.
    pub on: bool,
}

/// What is known of a ticket's extras on this device.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extras {
    /// How feedback stood when the server was last asked; `None` if it was not.
    pub feedback: Option<FeedbackState>,
    /// As in [`RemoteExtras::toggles`]. A toggle of which the server was not asked about this ticket, but about another one,
    /// counts as never set.
    pub toggles: BTreeMap<String, Option<bool>>,
}
