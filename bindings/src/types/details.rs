//! The detail screen of a ticket as core has resolved it, and the actions that it offers.

use super::{TicketDraft, TicketStatus};

/// The detail screen of a ticket: what it shows and offers, in one language. A screen lays it out, and writes points in time
/// and days in the device's zone and format.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct TicketDetails {
    /// What it shows, from top to bottom.
    pub parts: Vec<DetailPart>,
    /// The actions that this user is offered now, in the product's order. Empty until the server has the ticket. Each one
    /// stands in `head`, in `menu` or in `notice`, or has its place in `parts`.
    pub actions: Vec<ActionOffer>,
    /// Whether the messages are shown.
    pub shows_messages: bool,
    /// What stands at the place of the reply.
    pub reply_place: ReplyPlace,
    /// What is said at the place of the reply; none if nothing.
    #[uniffi(default = None)]
    pub reply_note: Option<String>,
    /// What the ticket's status means; none if nobody has explained it, or the ticket has none.
    #[uniffi(default = None)]
    pub explanation: Option<String>,
    /// The actions at the ticket's head.
    #[uniffi(default = [])]
    pub head: Vec<ActionOffer>,
    /// The actions below the details.
    #[uniffi(default = [])]
    pub menu: Vec<ActionOffer>,
    /// The actions beside the notice that the ticket takes no reply.
    #[uniffi(default = [])]
    pub notice: Vec<ActionOffer>,
    /// What is said at the ticket's head in the place of feedback, once it was given; none if nothing.
    #[uniffi(default = None)]
    pub thanks: Option<String>,
    /// What else is offered at the place of the reply, where the ticket takes none.
    #[uniffi(default = [])]
    pub reply_alternatives: Vec<ReplyAlternative>,
}

/// What is offered where a ticket takes no reply.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum ReplyAlternative {
    /// Something to copy: the ticket's number, for example.
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
    /// A new ticket that names this one: `begin_follow_up` prepares its draft.
    NewRequest {
        /// The name of the button.
        label: String,
    },
}

/// What stands at the place of the reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum ReplyPlace {
    /// Nothing: the messages are a transcript, or there are none.
    None,
    /// The field for a reply.
    Field,
    /// That the ticket takes no reply, and what is offered: the actions in `TicketDetails.notice`, or a follow-up
    /// (`begin_follow_up`).
    Notice,
}

/// A part of the detail screen.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
#[expect(clippy::large_enum_variant, reason = "a ticket has a few parts, which are copied once when they cross")]
pub enum DetailPart {
    /// A section of labels and values.
    Section {
        /// The section.
        section: DetailSection,
    },
    /// The messages.
    Thread,
    /// The transcript of a chat, which takes no replies.
    Transcript,
    /// A text.
    Note {
        /// The text.
        text: String,
    },
}

/// A section of labels and values.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct DetailSection {
    /// The product's id of it.
    pub id: String,
    /// Its title; none if it has none.
    pub title: Option<String>,
    /// Whether the user can fold it.
    pub collapsible: bool,
    /// What it says above its items; none if nothing.
    pub hint: Option<String>,
    /// Its items, in order.
    pub items: Vec<DetailItem>,
    /// Its steps; none if it has no timeline.
    pub timeline: Option<Timeline>,
}

/// An item of a section.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum DetailItem {
    /// A label and its value.
    Value {
        /// The product's id of the field, or the name of the fact.
        id: String,
        /// The label.
        label: String,
        /// The value; none if the ticket has none. The text for that has the key `value.none`.
        value: Option<ShownValue>,
        /// Whether the value is hidden until the user asks for it.
        secret: bool,
        /// Whether the screen offers to copy it.
        copy: bool,
    },
    /// An action, offered at this place.
    Action {
        /// The `ActionOffer.id`.
        id: String,
    },
    /// A text.
    Note {
        /// The text.
        text: String,
    },
}

/// A value as a screen presents it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum ShownValue {
    /// A text.
    Text {
        /// The text.
        text: String,
    },
    /// Several texts.
    Texts {
        /// The texts, not empty.
        texts: Vec<String>,
    },
    /// A status, to be shown as in the history.
    Status {
        /// The status.
        status: TicketStatus,
    },
    /// A point in time.
    Instant {
        /// In milliseconds since 1970, by the server's clock.
        at: i64,
    },
    /// A day without a time.
    Day {
        /// As `2026-03-05`.
        day: String,
    },
    /// Links.
    Links {
        /// The links, not empty.
        links: Vec<ShownLink>,
    },
}

/// A link.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ShownLink {
    /// What is shown: its title, or its address.
    pub title: String,
    /// The address, https only.
    pub url: String,
}

/// The steps of something that goes on beside the ticket.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Timeline {
    /// Every step, in order.
    pub steps: Vec<TimelineStep>,
    /// When its end is estimated; none if the server does not say, or it has ended.
    pub estimate: Option<Estimate>,
}

/// A step of a timeline.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct TimelineStep {
    /// The product's id of it.
    pub id: String,
    /// Its name.
    pub label: String,
    /// What it means; none if the product does not say.
    pub explanation: Option<String>,
    /// When it was reached, in milliseconds since 1970 by the server's clock; none if it was not, or the server does not say.
    pub at: Option<i64>,
    /// How far this step is.
    pub progress: StepProgress,
    /// The key of that in words, for those who do not see it.
    pub progress_key: String,
    /// The `ActionOffer.id` of the action that the step asks the user for; none if it asks for none now.
    pub action: Option<String>,
}

/// Where a step of a timeline stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum StepProgress {
    /// It is over.
    Done,
    /// It is the present step.
    Current,
    /// It was not reached.
    NotReached,
}

/// An estimated end, which nobody guarantees.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Estimate {
    /// When: an instant or a day.
    pub at: ShownValue,
    /// What is said beside it; none if nothing.
    pub note: Option<String>,
}

/// An action that this user is offered on a ticket. `act` does it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ActionOffer {
    /// The product's id of it, to be passed to `act`.
    pub id: String,
    /// What it does.
    pub kind: OfferKind,
    /// Its name.
    pub label: String,
    /// Where the screen offers it.
    pub place: ActionPlace,
    /// The question to ask before it; none if it is done at once.
    pub confirm: Option<String>,
    /// The text that it writes; none if it writes none. A screen shows it with the question.
    pub body: Option<String>,
    /// What is said beside it; none if nothing.
    pub warn: Option<String>,
    /// Whether the user is asked before it is done. An action of the kind `AddCc` asks for its addresses instead.
    #[uniffi(default = false)]
    pub asks_first: bool,
    /// The question to the user: `confirm`, or the name where the product only warns.
    #[uniffi(default = "")]
    pub question: String,
    /// What is said below the question: `body` in quotation marks, and `warn`; none if neither is there.
    #[uniffi(default = None)]
    pub explanation: Option<String>,
    /// Of the kind `Feedback`: what it asks for.
    #[uniffi(default = None)]
    pub feedback: Option<FeedbackForm>,
    /// Of the kind `Toggle`: how it stands.
    #[uniffi(default = None)]
    pub toggle: Option<ToggleOffer>,
}

/// What feedback asks for.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct FeedbackForm {
    /// The answers, the worst first. One has to be chosen.
    pub answers: Vec<FeedbackAnswer>,
    /// What the field for a text is called; none if it takes none.
    pub text: Option<String>,
    /// Whether the text is required.
    pub is_text_required: bool,
    /// What the button that sends it is called.
    pub send: String,
}

/// An answer of feedback.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct FeedbackAnswer {
    /// The product's id of it, to be passed to `give_feedback`.
    pub id: String,
    /// What it is called.
    pub label: String,
}

/// How a toggle stands.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ToggleOffer {
    /// The value that the user chose last, or the server's; none if it was never set, so that a setting of the account holds.
    pub on: Option<bool>,
    /// Whether the server has not confirmed it yet.
    pub is_waiting: bool,
    /// What is said about its value: that it is not in force yet, or what holds while it was never set. None if
    /// nothing.
    pub note: Option<String>,
    /// What turning it on is called.
    pub on_label: String,
    /// What turning it off is called.
    pub off_label: String,
}

/// What a screen does when the user picks an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum OfferKind {
    /// It marks the ticket as solved, after the question if there is one.
    Solve,
    /// It asks for addresses first, and adds them as CC.
    AddCc,
    /// It puts its text into the draft of the reply, where the user can change it before sending it.
    Reply,
    /// It prepares the draft of a new ticket, whose form the screen then opens.
    NewRequest,
    /// It asks for one of the answers of `feedback`, and perhaps a text. `give_feedback` does it, and not `act`.
    Feedback,
    /// It shows and changes a value of this user's, with `warn` beside it. `set_toggle` does it, and not `act`.
    Toggle,
}

/// Where a screen offers an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum ActionPlace {
    /// Among the ticket's details.
    Menu,
    /// At the ticket's head.
    Head,
}

/// What `act` has led to.
#[expect(clippy::large_enum_variant, reason = "one is made at a tap, and lives for a moment")]
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Acted {
    /// It was written and waits to be sent, in order with everything else of the ticket.
    Written,
    /// The text is in the draft of the ticket's reply: read `reply_draft` again.
    ReplyDraft,
    /// The draft of a new ticket was prepared and saved: open its form.
    NewTicket {
        /// The draft.
        draft: TicketDraft,
    },
}
