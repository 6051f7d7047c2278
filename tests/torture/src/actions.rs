//! What was done with a ticket beside writing in it: closing, feedback and a toggle, and what has to come of it.

use serde_json::Value;

use crate::device;
use crate::victim::Write;

/// The actions of one ticket, in the order in which they were done.
#[derive(Debug, Default)]
pub struct Actions {
    done: Vec<Done>,
}

#[derive(Debug)]
struct Done {
    /// `None` for a reply, which opens the ticket again.
    number: Option<usize>,
    what: What,
    /// Whether the client accepted it.
    accepted: bool,
    /// Whether it was done again after a kill. If the client refuses it then, it may have accepted it the first time.
    repeated: bool,
}

#[derive(Debug, Clone, PartialEq)]
enum What {
    Replied,
    Closed,
    Feedback(String),
    Toggled(bool),
}

impl Actions {
    pub fn replied(&mut self) {
        self.done.push(Done { number: None, what: What::Replied, accepted: true, repeated: false });
    }

    pub fn done(&mut self, write: &Write) {
        let what = match write {
            Write::Close { .. } => What::Closed,
            Write::Feedback { text, .. } => What::Feedback(text.clone()),
            Write::Toggle { on, .. } => What::Toggled(*on),
            Write::Ticket { .. } | Write::Reply { .. } => return,
        };
        self.done.push(Done { number: Some(write.number()), what, accepted: false, repeated: false });
    }

    pub fn repeated(&mut self, number: usize) {
        self.each(number, |done| done.repeated = true);
    }

    pub fn accepted(&mut self, number: usize) {
        self.each(number, |done| done.accepted = true);
    }

    /// The client refused it. It was not written, unless an earlier process wrote it.
    pub fn refused(&mut self, number: usize) {
        self.done.retain(|done| done.number != Some(number) || done.repeated);
    }

    fn each(&mut self, number: usize, change: impl FnOnce(&mut Done)) {
        if let Some(done) = self.done.iter_mut().find(|done| done.number == Some(number)) {
            change(done);
        }
    }

    /// Whether feedback was given. Nothing is written in the ticket after that.
    pub fn is_over(&self) -> bool {
        self.done.iter().any(|done| matches!(done.what, What::Feedback(_)))
    }

    /// Whether the user has ever closed it.
    pub fn was_closed(&self) -> bool {
        self.done.iter().any(|done| done.what == What::Closed)
    }

    /// Whether closing was the user's last action, apart from feedback and the toggle.
    pub fn is_closed(&self) -> bool {
        self.last(|what| matches!(what, What::Closed | What::Replied)).is_some_and(|done| done.what == What::Closed)
    }

    fn last(&self, is_meant: impl Fn(&What) -> bool) -> Option<&Done> {
        self.done.iter().rev().find(|done| is_meant(&done.what))
    }

    /// Every difference between what was done and the server's `ticket`, once everything was sent.
    pub fn differences(&self, ticket: &Value) -> Vec<String> {
        let mut differences = Vec::new();
        let ends = self.last(|what| matches!(what, What::Closed | What::Replied));
        let is_solved = ticket["status"] == "solved";
        match ends {
            Some(done) if done.what == What::Closed && done.accepted && !is_solved => {
                differences.push("it is not closed".to_owned());
            }
            // An action that was repeated and then refused may have been accepted the first time.
            Some(done) if done.what == What::Closed => {}
            _ if is_solved => differences.push("it is closed, although the user wrote again".to_owned()),
            _ => {}
        }
        let texts: Vec<&str> = self.done.iter().filter_map(|done| done.what.feedback()).collect();
        let was_accepted = self.done.iter().any(|done| done.accepted && done.what.feedback().is_some());
        match ticket["rating"]["comment"].as_str() {
            Some(text) if texts.contains(&text) => {}
            None if !was_accepted && ticket["rating"].is_null() => {}
            found => differences.push(format!("the feedback is {found:?}")),
        }
        let toggled = self.last(|what| matches!(what, What::Toggled(_)));
        let value = &ticket["proxy_logins"][device::USER];
        match toggled.map(|done| (&done.what, done.accepted)) {
            Some((What::Toggled(on), true)) if *value != *on => differences.push(format!("the toggle is {value}")),
            None if !value.is_null() => differences.push(format!("the toggle is {value} and was never set")),
            _ => {}
        }
        differences
    }
}

impl What {
    fn feedback(&self) -> Option<&str> {
        match self {
            Self::Feedback(text) => Some(text),
            Self::Replied | Self::Closed | Self::Toggled(_) => None,
        }
    }
}
