//! What was done with a ticket beside writing in it: closing, feedback and a toggle, and what has to come of it.

use serde_json::Value;

use crate::device;
use crate::victim::Write;

/// The actions of one ticket, in the order in which they were given.
#[derive(Debug, Default)]
pub struct Actions {
    given: Vec<Given>,
}

#[derive(Debug)]
struct Given {
    /// `None` for a reply, which opens the ticket again.
    number: Option<usize>,
    what: What,
    accepted: bool,
    /// Whether it was given once more after a kill. If it is refused then, the first time may have been accepted.
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
        self.given.push(Given { number: None, what: What::Replied, accepted: true, repeated: false });
    }

    pub fn given(&mut self, write: &Write) {
        let what = match write {
            Write::Close { .. } => What::Closed,
            Write::Feedback { text, .. } => What::Feedback(text.clone()),
            Write::Toggle { on, .. } => What::Toggled(*on),
            Write::Ticket { .. } | Write::Reply { .. } => return,
        };
        self.given.push(Given { number: Some(write.number()), what, accepted: false, repeated: false });
    }

    pub fn repeated(&mut self, number: usize) {
        self.each(number, |given| given.repeated = true);
    }

    pub fn accepted(&mut self, number: usize) {
        self.each(number, |given| given.accepted = true);
    }

    /// The client refused it. It was not written, unless an earlier process wrote it.
    pub fn refused(&mut self, number: usize) {
        self.given.retain(|given| given.number != Some(number) || given.repeated);
    }

    fn each(&mut self, number: usize, change: impl FnOnce(&mut Given)) {
        if let Some(given) = self.given.iter_mut().find(|given| given.number == Some(number)) {
            change(given);
        }
    }

    /// Whether nothing is written in the ticket any more.
    pub fn is_over(&self) -> bool {
        self.given.iter().any(|given| matches!(given.what, What::Feedback(_)))
    }

    /// Whether the user has ever closed it.
    pub fn was_closed(&self) -> bool {
        self.given.iter().any(|given| given.what == What::Closed)
    }

    /// Whether closing it is the last that the user did, but for feedback and the toggle.
    pub fn is_closed(&self) -> bool {
        self.last(|what| matches!(what, What::Closed | What::Replied)).is_some_and(|given| given.what == What::Closed)
    }

    fn last(&self, is_meant: impl Fn(&What) -> bool) -> Option<&Given> {
        self.given.iter().rev().find(|given| is_meant(&given.what))
    }

    /// Every difference between what was done and the server's `ticket`, once everything was sent.
    pub fn differences(&self, ticket: &Value) -> Vec<String> {
        let mut differences = Vec::new();
        let ends = self.last(|what| matches!(what, What::Closed | What::Replied));
        let is_solved = ticket["status"] == "solved";
        match ends {
            Some(given) if given.what == What::Closed && given.accepted && !is_solved => {
                differences.push("it is not closed".to_owned());
            }
            // What was refused after it had been given twice may have been done.
            Some(given) if given.what == What::Closed => {}
            _ if is_solved => differences.push("it is closed, although the user wrote again".to_owned()),
            _ => {}
        }
        let texts: Vec<&str> = self.given.iter().filter_map(|given| given.what.feedback()).collect();
        let was_accepted = self.given.iter().any(|given| given.accepted && given.what.feedback().is_some());
        match ticket["rating"]["comment"].as_str() {
            Some(text) if texts.contains(&text) => {}
            None if !was_accepted && ticket["rating"].is_null() => {}
            found => differences.push(format!("the feedback is {found:?}")),
        }
        let toggled = self.last(|what| matches!(what, What::Toggled(_)));
        let value = &ticket["proxy_logins"][device::USER];
        match toggled.map(|given| (&given.what, given.accepted)) {
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
