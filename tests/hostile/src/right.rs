//! The words for what is right: what the user must be shown at the end of the fault.
//!
//! What holds for every mode after the recovery is in [`after_recovery`].

use std::time::Duration;

use serde_json::{Value, json};

use crate::device::Screen;
use crate::fault::{Cast, Part};
use crate::mode::{ANSWER, Account, DESCRIPTION, SUBJECT};
use crate::proxy::Logged;

/// Everything that can be looked at.
pub(crate) struct Seen {
    pub account: Account,
    pub cast: Cast,
    /// How many tickets the server has for this user, besides those that the user wrote.
    pub tickets: usize,
    pub screen: Screen,
    /// The text of the reply, as the user wrote it.
    pub text: String,
    /// What the user wrote, as it is shown now.
    pub written: Vec<Value>,
    /// All tickets of the server, with everything about them.
    pub server: Vec<Value>,
    pub log: Vec<Logged>,
    /// When the user wrote each message, in injected time.
    pub written_at: Vec<Duration>,
    /// The longest tap, in thousandths of the run.
    pub longest_tap: u64,
}

/// One thing that must hold.
pub(crate) struct Right {
    pub says: String,
    /// Only for this account.
    pub only: Option<Account>,
    pub holds: Box<dyn Fn(&Seen) -> bool + Send + Sync>,
}

impl Right {
    pub fn on(self, account: Account) -> Self {
        Self { only: Some(account), ..self }
    }
}

pub(crate) fn right(says: impl Into<String>, holds: impl Fn(&Seen) -> bool + Send + Sync + 'static) -> Right {
    Right { says: says.into(), only: None, holds: Box::new(holds) }
}

impl Seen {
    pub fn messages(&self, number: i64) -> &[Value] {
        self.screen.tickets.get(&number).and_then(|shown| shown["messages"].as_array()).map_or(&[], Vec::as_slice)
    }

    pub fn ticket(&self, number: i64) -> Option<&Value> {
        self.screen.tickets.get(&number).map(|shown| &shown["ticket"])
    }

    /// Whether the agent's new answer is shown in this thread.
    pub fn sees_answer(&self, number: i64) -> bool {
        self.messages(number).iter().any(|message| message["body"].as_str().is_some_and(|body| body.contains(ANSWER)))
    }
}

/// The account's problem in the banner.
pub(crate) fn problem(name: &'static str) -> Right {
    right(format!("the banner says {name}"), move |seen| seen.screen.state["problem"] == name)
}

pub(crate) fn no_problem() -> Right {
    right("the banner says nothing", |seen| seen.screen.state["problem"].is_null())
}

/// "The help desk is busy, next attempt at …"
pub(crate) fn busy() -> Right {
    right("the banner says that the help desk is busy, and until when", |seen| seen.screen.state["busy_until"].is_i64())
}

/// Nothing that was there is missing.
pub(crate) fn nothing_removed() -> Right {
    right("nothing was removed", |seen| {
        let whole = seen.account == Account::Fresh || seen.screen.tickets.len() >= seen.tickets;
        let visible = |row: &Value| row["visible"] == true && row["subject"] != "";
        let before = |number: &i64| seen.account == Account::Fresh || !seen.messages(*number).is_empty();
        whole && seen.screen.rows.iter().all(visible) && seen.cast.due.iter().all(before)
    })
}

/// The history has all tickets.
pub(crate) fn all_rows() -> Right {
    right("the history has every ticket", |seen| seen.screen.tickets.len() >= seen.tickets)
}

/// The history has all tickets but one.
pub(crate) fn all_rows_but_one() -> Right {
    right("the history has every other ticket", |seen| seen.screen.tickets.len() + 1 >= seen.tickets)
}

/// The thread says that it could not be refreshed.
pub(crate) fn not_refreshed(part: Part) -> Right {
    right("the thread says that it could not be refreshed", move |seen| {
        seen.ticket(seen.cast.number(part)).is_some_and(|ticket| ticket["refresh_problem"]["next_attempt"].is_i64())
    })
}

/// The agent's answer is shown in this thread.
pub(crate) fn reads(part: Part) -> Right {
    right(format!("the answer in {part:?} is shown"), move |seen| seen.sees_answer(seen.cast.number(part)))
}

/// The agent's answers in all due threads but the first are shown.
pub(crate) fn others_are_read() -> Right {
    right("the other threads are read", |seen| seen.cast.due.iter().skip(1).all(|number| seen.sees_answer(*number)))
}

/// The lists are still read: the answer that an agent wrote during the fault is shown.
pub(crate) fn news_arrive() -> Right {
    right("news arrive in another ticket", |seen| seen.sees_answer(seen.cast.other))
}

/// Comments of this thread were left out, and counted.
pub(crate) fn left_out(part: Part) -> Right {
    right("what was left out of the thread is counted", move |seen| {
        let ticket = seen.ticket(seen.cast.number(part));
        ticket.is_some_and(|ticket| ticket["left_out"].as_i64().is_some_and(|left_out| left_out > 0))
    })
}

/// Whatever the user wrote has this state.
pub(crate) fn delivery(state: &'static str) -> Right {
    right(format!("what was written is shown as {state}"), move |seen| {
        !seen.written.is_empty() && seen.written.iter().all(|message| message["delivery"]["state"] == state)
    })
}

/// What was written needs the user, for this reason, with these words of the server if there are any.
pub(crate) fn needs_user(kind: &'static str, words: Option<&'static str>) -> Right {
    right(format!("what was written needs the user: {kind}, {words:?}"), move |seen| {
        let needs = |message: &Value| {
            let (delivery, reason) = (&message["delivery"], &message["delivery"]["detail"]);
            delivery["state"] == "needs_user" && reason["kind"] == kind && reason["server_message"] == json!(words)
        };
        !seen.written.is_empty() && seen.written.iter().all(needs)
    })
}

/// The server has the reply, once.
pub(crate) fn arrived() -> Right {
    right("the server has the reply once", |seen| {
        seen.account == Account::Fresh || (count_sent(seen) == 1 && delivery_is(seen, "sent"))
    })
}

fn delivery_is(seen: &Seen, state: &str) -> bool {
    seen.written.iter().all(|message| message["delivery"]["state"] == state)
}

/// How often the server has the reply. What is shown of it may have been changed since.
fn count_sent(seen: &Seen) -> usize {
    comments(seen, seen.cast.waiting).filter(|comment| same(&comment["body"], seen.text.trim())).count()
}

/// What was written reached the server within this many seconds.
pub(crate) fn leaves_within(seconds: u64) -> Right {
    right(format!("what was written leaves within {seconds} s"), move |seen| {
        let writes =
            seen.log.iter().filter(|entry| !entry.what.starts_with("GET") && !entry.what.ends_with("/uploads"));
        let mut sent: Vec<Duration> = writes.map(|entry| entry.at).collect();
        seen.written_at.iter().all(|written| {
            let found =
                sent.iter().position(|sent| sent >= written && *sent <= *written + Duration::from_secs(seconds));
            found.map(|index| sent.remove(index)).is_some()
        })
    })
}

/// No tap took so many thousandths of the run. Rows are stored in slices, and a tap goes before the next slice.
pub(crate) fn taps_within(thousandths: u64) -> Right {
    right(format!("no tap takes {thousandths} thousandths of the run"), move |seen| seen.longest_tap < thousandths)
}

fn comments(seen: &Seen, number: i64) -> impl Iterator<Item = &Value> {
    let ticket = seen.server.iter().find(move |ticket| ticket["id"] == number);
    ticket.and_then(|ticket| ticket["comments"].as_array()).into_iter().flatten()
}

/// What must hold for every mode once the server is well again.
pub(crate) fn after_recovery(text: &str, before: usize, replies: usize) -> Vec<Right> {
    let text = text.trim().to_owned();
    let expected = before + replies;
    let mut rights = vec![
        right("after recovery: the reply arrived exactly once", move |seen| {
            comments(seen, seen.cast.waiting).filter(|comment| same(&comment["body"], &text)).count() == 1
        }),
        right("after recovery: nothing else was added to the ticket", move |seen| {
            comments(seen, seen.cast.waiting).filter(|comment| comment["agent"] == false).count() == expected
        }),
        right("after recovery: nothing waits", |seen| seen.screen.state["waiting"] == 0),
        right("after recovery: everything written is shown as sent", |seen| delivery_is(seen, "sent")),
        right("after recovery: the banner says nothing", |seen| {
            seen.screen.state["problem"].is_null() && seen.screen.state["busy_until"].is_null()
        }),
        right("after recovery: the first sync is done", |seen| seen.screen.state["first_sync_done"] == true),
        right("after recovery: every agent's answer is shown", |seen| {
            seen.cast.due.iter().chain([&seen.cast.other]).all(|number| seen.sees_answer(*number))
        }),
        right("after recovery: every ticket is shown with its subject", |seen| {
            let shown = |ticket: &Value| {
                let number = ticket["id"].as_i64().unwrap_or_default();
                seen.ticket(number).is_none_or(|shown| shown["row"]["subject"] == ticket["subject"])
            };
            let visible = seen.screen.rows.iter().all(|row| row["visible"] == true);
            visible && seen.screen.tickets.len() == expected_tickets(seen) && seen.server.iter().all(shown)
        }),
    ];
    rights.push(
        right("after recovery: the new ticket exists exactly once", |seen| {
            let ours: Vec<_> = seen.server.iter().filter(|ticket| ticket["subject"] == SUBJECT).collect();
            ours.len() == 1 && same(&ours[0]["comments"][0]["body"], DESCRIPTION)
        })
        .on(Account::Fresh),
    );
    rights
}

fn expected_tickets(seen: &Seen) -> usize {
    seen.tickets + usize::from(seen.account == Account::Fresh)
}

fn same(value: &Value, text: &str) -> bool {
    value.as_str().is_some_and(|value| value.trim() == text)
}
