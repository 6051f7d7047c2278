//! The detail screen of a ticket, resolved: what stands where, with its label and its value, in one language.
//!
//! Core decides what is shown, so it is the same on every platform. A screen lays it out, and writes times and days in the
//! device's zone and format.

use serde::Serialize;

use crate::model::{TicketStatus, Timestamp};

/// A part of the detail screen, from top to bottom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum DetailPart {
    /// A section of labels and values.
    Section(DetailSection),
    /// The messages.
    Thread,
    /// The transcript of a chat.
    Transcript,
    /// A text.
    Note(String),
}

/// What is offered where no reply can be written (`docs/product.md`, S13).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ReplyAlternative {
    /// Something that can be copied: the ticket's number, for example.
    Copy {
        /// What it is.
        label: String,
        /// What is copied.
        value: String,
    },
    /// How the mail can be answered.
    AnswerMail {
        /// The text.
        text: String,
    },
    /// A new ticket that names this one: [`Client::begin_follow_up`](crate::Client::begin_follow_up).
    NewRequest {
        /// The name of the button.
        label: String,
    },
}

/// A section of labels and values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DetailSection {
    /// The definition's id.
    pub id: String,
    /// Its title; `None` if it has none.
    pub title: Option<String>,
    /// Whether it can be folded.
    pub collapsible: bool,
    /// What it says above its items; `None` if nothing.
    pub hint: Option<String>,
    /// Its items, in order.
    pub items: Vec<DetailItem>,
    /// Its steps; `None` if the section has no timeline.
    pub timeline: Option<Timeline>,
}

/// An item of a section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DetailItem {
    /// A label and its value.
    Value {
        /// The definition's id of the field, or the name of the fact.
        id: String,
        /// The label.
        label: String,
        /// The value; `None` if the ticket has none, which the screen says.
        value: Option<ShownValue>,
        /// Whether the value is hidden until the user asks for it.
        secret: bool,
        /// Whether the screen offers to copy it.
        copy: bool,
    },
    /// An action that is offered to this user.
    Action {
        /// The definition's id.
        id: String,
    },
    /// A text.
    Note {
        /// The text.
        text: String,
    },
}

/// A value as a screen presents it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum ShownValue {
    /// A text.
    Text(String),
    /// Several texts.
    Texts(Vec<String>),
    /// A status, with its tone.
    Status(TicketStatus),
    /// A moment.
    Instant(Timestamp),
    /// A day without a time, as `2026-03-05`.
    Day(String),
    /// Links, https only.
    Links(Vec<ShownLink>),
}

/// A link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShownLink {
    /// What is shown: its title, or its address.
    pub title: String,
    /// The address.
    pub url: String,
}

/// The steps of something that goes on beside the ticket (`docs/product.md`, S10).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Timeline {
    /// Every step, in order.
    pub steps: Vec<TimelineStep>,
    /// When its end is estimated; `None` if the server does not say, or it has ended.
    pub estimate: Option<Estimate>,
}

/// A step of a timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TimelineStep {
    /// The definition's id.
    pub id: String,
    /// Its name.
    pub label: String,
    /// What it means; `None` if the definition does not say.
    pub explanation: Option<String>,
    /// When it was reached; `None` if it was not, or the server does not say.
    pub at: Option<Timestamp>,
    /// How far this step is.
    pub progress: Progress,
    /// The definition's id of the action that the step asks the user for; `None` if it asks for none now.
    pub action: Option<String>,
}

/// Where a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// It is over.
    Done,
    /// It is the present step.
    Current,
    /// It was not reached.
    NotReached,
}

/// An estimated end, which nobody guarantees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Estimate {
    /// When, a moment or a day.
    pub at: ShownValue,
    /// What is said beside it; `None` if nothing.
    pub note: Option<String>,
}
