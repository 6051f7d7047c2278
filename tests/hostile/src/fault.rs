//! The words for faults: which requests a fault concerns, and what happens to them.
//!
//! A fault reads like a sentence: `on(comments_of(NEWEST)).does(html(404))`. [`Cast`] gives the tickets of a run their
//! parts. So a fault can name a ticket before the server has given it a number.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

use crate::exchange::{Answer, Asked, Reply};

/// The tickets of a run, by their part in it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cast {
    /// Five tickets with a new answer of an agent, the newest first.
    pub due: Vec<i64>,
    /// The ticket that the user replies to.
    pub waiting: i64,
    /// A ticket that an agent answers while the fault is on.
    pub other: i64,
}

/// A part.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Part {
    /// One of the tickets with a new answer.
    Due(usize),
    /// The ticket that the user replies to.
    Waiting,
    /// The ticket that is answered while the fault is on.
    Other,
}

/// The ticket with the newest answer.
pub(crate) const NEWEST: Part = Part::Due(0);

impl Cast {
    pub fn number(&self, part: Part) -> i64 {
        match part {
            Part::Due(index) => self.due.get(index).copied().unwrap_or_default(),
            Part::Waiting => self.waiting,
            Part::Other => self.other,
        }
    }
}

type When = Box<dyn Fn(&Asked, &Cast) -> bool + Send + Sync>;
type Instead = Box<dyn Fn(&Asked, &Cast, u32) -> Reply + Send + Sync>;
type Before = Box<dyn Fn(&mut Asked, &Cast) + Send + Sync>;
type After = Box<dyn Fn(&Asked, &Cast, Answer, u32) -> Reply + Send + Sync>;

/// What happens to the requests of a [`Rule`]. Each closure is told how often the rule applied before.
pub(crate) enum Effect {
    /// The sandbox is not asked.
    Instead(Instead),
    /// The sandbox is asked something else, or its answer is changed.
    Changed(Before, After),
    /// The request waits this long before the next effect.
    Late(Duration),
    /// The body of the request is read at so many bytes a second.
    SlowUpload(u32),
}

/// A fault.
pub(crate) struct Rule {
    pub when: When,
    pub times: Option<u32>,
    pub effect: Effect,
}

/// The requests that a fault concerns.
pub(crate) struct On(When, Option<u32>);

impl On {
    /// The fault ends after so many requests.
    pub fn times(self, times: u32) -> Self {
        Self(self.0, Some(times))
    }

    /// The fault begins with the first of these requests.
    pub fn from(self, first: impl Fn(&Asked, &Cast) -> bool + Send + Sync + 'static) -> Self {
        let (when, begun) = (self.0, AtomicBool::new(false));
        let begins = move |asked: &Asked, cast: &Cast| {
            (begun.load(Ordering::Relaxed) || first(asked, cast)) && {
                begun.store(true, Ordering::Relaxed);
                when(asked, cast)
            }
        };
        Self(Box::new(begins), self.1)
    }

    pub fn does(self, effect: Effect) -> Rule {
        Rule { when: self.0, times: self.1, effect }
    }
}

pub(crate) fn on(when: impl Fn(&Asked, &Cast) -> bool + Send + Sync + 'static) -> On {
    On(Box::new(when), None)
}

// Which requests.

pub(crate) fn everything(_: &Asked, _: &Cast) -> bool {
    true
}

pub(crate) fn writes(asked: &Asked, _: &Cast) -> bool {
    asked.is_write() && !uploads(asked, &Cast::default())
}

pub(crate) fn uploads(asked: &Asked, _: &Cast) -> bool {
    asked.path == "/api/v2/uploads"
}

pub(crate) fn downloads(asked: &Asked, _: &Cast) -> bool {
    asked.path.starts_with("/attachments/") || asked.path.starts_with("/files/")
}

pub(crate) fn lists(asked: &Asked, _: &Cast) -> bool {
    asked.is_list()
}

/// Lists that are read by cursor.
pub(crate) fn cursor_lists(asked: &Asked, _: &Cast) -> bool {
    asked.is_list() && asked.parameter("page[size]").is_some()
}

pub(crate) fn all_comments(asked: &Asked, _: &Cast) -> bool {
    asked.is_comments()
}

pub(crate) fn comments_of(part: Part) -> impl Fn(&Asked, &Cast) -> bool + Send + Sync + 'static {
    move |asked, cast| asked.is_comments() && asked.ticket() == Some(cast.number(part))
}

/// A ticket alone, and its comments.
pub(crate) fn about(part: Part) -> impl Fn(&Asked, &Cast) -> bool + Send + Sync + 'static {
    move |asked, cast| !asked.is_write() && asked.ticket() == Some(cast.number(part))
}

pub(crate) fn changes_of(part: Part) -> impl Fn(&Asked, &Cast) -> bool + Send + Sync + 'static {
    move |asked, cast| asked.method == "PUT" && asked.ticket() == Some(cast.number(part))
}

// What happens.

pub(crate) fn instead(reply: impl Fn(&Asked, &Cast, u32) -> Reply + Send + Sync + 'static) -> Effect {
    Effect::Instead(Box::new(reply))
}

pub(crate) fn answers(answer: Answer) -> Effect {
    instead(move |_, _, _| answer.clone().into())
}

#[expect(clippy::needless_pass_by_value, reason = "a mode makes the body where it is named")]
pub(crate) fn status(status: u16, body: Value) -> Effect {
    answers(Answer::json(status, &body))
}

/// The server's own error body.
pub(crate) fn error(code: u16, name: &str) -> Effect {
    status(code, json!({ "error": name, "description": "Not what you hoped for" }))
}

pub(crate) fn html(status: u16) -> Effect {
    answers(Answer::html(status))
}

pub(crate) fn cut() -> Effect {
    instead(|_, _, _| Reply::Cut)
}

pub(crate) fn silent() -> Effect {
    instead(|_, _, _| Reply::Silence)
}

pub(crate) fn late(seconds: u64) -> Effect {
    Effect::Late(Duration::from_secs(seconds))
}

/// The sandbox applies the request, and the connection breaks before its answer.
pub(crate) fn loses_the_answer() -> Effect {
    after(|_, _, _, _| Reply::Cut)
}

/// The sandbox's answer leaves at so many bytes a second.
pub(crate) fn slow(rate: u32) -> Effect {
    after(move |_, _, answer, _| Reply::Slow(answer, rate))
}

pub(crate) fn after(change: impl Fn(&Asked, &Cast, Answer, u32) -> Reply + Send + Sync + 'static) -> Effect {
    Effect::Changed(Box::new(|_, _| ()), Box::new(change))
}

/// Asks the sandbox something else, and changes its answer.
pub(crate) fn exchanged(
    before: impl Fn(&mut Asked, &Cast) + Send + Sync + 'static,
    after: impl Fn(&Asked, &Cast, Answer, u32) -> Reply + Send + Sync + 'static,
) -> Effect {
    Effect::Changed(Box::new(before), Box::new(after))
}

/// Changes the JSON of the sandbox's answer.
pub(crate) fn edits(edit: impl Fn(&mut Value, &Cast) + Send + Sync + 'static) -> Effect {
    after(move |_, cast, answer, _| answer.edited(|value| edit(value, cast)).into())
}

/// Changes the row or object of one ticket, wherever it is shown.
pub(crate) fn edits_ticket(part: Part, edit: impl Fn(&mut Value) + Send + Sync + 'static) -> Effect {
    edits(move |value, cast| {
        let number = cast.number(part);
        for row in tickets_in(value).filter(|row| row["id"] == number) {
            edit(row);
        }
    })
}

/// Changes each comment.
pub(crate) fn edits_comments(edit: impl Fn(&mut Value) + Send + Sync + 'static) -> Effect {
    edits(move |value, _| {
        for comment in value["comments"].as_array_mut().into_iter().flatten() {
            edit(comment);
        }
    })
}

/// Changes the newest comment of a thread.
pub(crate) fn edits_last_comment(edit: impl Fn(&mut Value) + Send + Sync + 'static) -> Effect {
    edits(move |value, _| {
        let comments = value["comments"].as_array_mut().into_iter().flatten();
        comments.max_by_key(|comment| comment["id"].as_i64()).into_iter().for_each(&edit);
    })
}

/// Changes the oldest comment of a thread.
pub(crate) fn edits_first_comment(edit: impl Fn(&mut Value) + Send + Sync + 'static) -> Effect {
    edits(move |value, _| {
        let comments = value["comments"].as_array_mut().into_iter().flatten();
        comments.min_by_key(|comment| comment["id"].as_i64()).into_iter().for_each(&edit);
    })
}

/// The tickets in an answer: the rows of a list, or the one that was asked for.
fn tickets_in(value: &mut Value) -> impl Iterator<Item = &mut Value> {
    let Some(fields) = value.as_object_mut() else { return Vec::new().into_iter() };
    let mut found = Vec::new();
    for (name, value) in fields {
        match (name.as_str(), value) {
            ("request", one) => found.push(one),
            ("requests", Value::Array(rows)) => found.extend(rows),
            _ => {}
        }
    }
    found.into_iter()
}
