//! Votes: the user's answer to whether a help article was helpful (`docs/product.md`, W9).
//!
//! # The story
//!
//! A vote is a write about an article, and the server keeps one for each user, the last that arrives. So it is no
//! [operation](super::Operation): it belongs to no ticket, makes no message, and needs neither order nor recognition. There is
//! one row for each article. A new answer replaces the row's value, whatever became of the earlier one.
//!
//! ```text
//!   waiting ──► (an attempt) ──┬──► sent: the server has this answer
//!      ▲                       ├──► waiting, for a while: it was not applied, or nobody knows
//!      │                       └──► dropped: the server takes no such answer, or the article is gone
//!      └── the user answers again
//! ```
//!
//! Sending an answer twice is the same as sending it once. So an ambiguous attempt is repeated and never looked for. One thing
//! could go wrong: the user changes the answer while an attempt with the earlier one may still be applied, and that arrives
//! last. So another value waits for [`Consistency::late_apply`] after the end of an ambiguous attempt.
//!
//! # What a crash leaves behind
//!
//! The answer is durable before the call returns. An attempt is written down before the request leaves ([`begin`]). One that a
//! crash interrupted is ambiguous, and the next run ends it ([`recover`]). A copy of the file on another device keeps no answer
//! that waits ([`copied`]): it may be older than the one that the first device has sent since.

#[cfg(test)]
mod tests;

use std::time::Duration;

use super::{Bound, Wait, concerns_account, pause};
use crate::model::{ArticleId, Chance, Failure, Reached, ReasonKind, Timestamp};
use crate::product::Consistency;

/// The user's answer about one article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vote {
    /// The article.
    pub article: ArticleId,
    /// The last answer: whether it was helpful.
    pub helpful: bool,
    /// Whether the server has confirmed this answer.
    pub sent: bool,
    /// How many attempts at this answer have failed.
    pub failures: u32,
    /// How many of them were refused in a way that does not show who refused them.
    pub refusals: u32,
    /// The last attempt, if it may be applied and was not confirmed.
    pub attempt: Option<Attempt>,
    /// The wait before the next attempt.
    pub wait: Option<Wait>,
}

/// An attempt that may be applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// The answer that it sent.
    pub helpful: bool,
    /// When it ended, by the device's clock; `None` while it is under way.
    pub ended_at: Option<Timestamp>,
}

/// What the outcome of an attempt means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoteVerdict {
    /// The vote as it is now; `None` if it is dropped.
    pub vote: Option<Vote>,
    /// The server takes no answers from this user, so no article asks any more.
    pub takes_none: bool,
    /// A problem of the account, which ends the run.
    pub ends_run: Option<Failure>,
}

/// The vote after the user has answered. `before` is the article's vote until then.
#[must_use]
pub fn answered(before: Option<Vote>, article: ArticleId, helpful: bool) -> Vote {
    match before {
        Some(before) if before.helpful == helpful => before,
        _ => Vote {
            article,
            helpful,
            sent: false,
            failures: 0,
            refusals: 0,
            attempt: before.and_then(|before| before.attempt),
            // What the server asked for is no matter of the value.
            wait: before.and_then(|before| before.wait).filter(|wait| wait.server_imposed),
        },
    }
}

/// How long until a vote may be sent: zero if it is due. `None` if there is nothing to send.
#[must_use]
pub fn due_in(vote: &Vote, consistency: Consistency, now: Timestamp) -> Option<Duration> {
    if vote.sent {
        return None;
    }
    let other = vote.attempt.filter(|attempt| attempt.helpful != vote.helpful);
    let late = other.and_then(|attempt| Wait::new(attempt.ended_at?, consistency.late_apply).left(now));
    Some(vote.wait.and_then(|wait| wait.left(now)).max(late).unwrap_or_default())
}

/// The vote when an attempt begins.
#[must_use]
pub fn begin(vote: Vote) -> Vote {
    Vote { attempt: Some(Attempt { helpful: vote.helpful, ended_at: None }), ..vote }
}

/// What the outcome of an attempt means. `before` is the vote as it was before the attempt began, `vote` as it is now: the user
/// may have answered again meanwhile.
#[must_use]
pub fn after_attempt(
    before: &Vote,
    vote: Vote,
    outcome: Result<(), &Failure>,
    now: Timestamp,
    chance: Chance,
) -> VoteVerdict {
    let keep = |vote| VoteVerdict { vote: Some(vote), takes_none: false, ends_run: None };
    let same = vote.helpful == before.helpful;
    let maybe = Some(Attempt { helpful: before.helpful, ended_at: Some(now) });
    let failed = |attempt, imposed| {
        // Another answer has had no failure yet. A wait that the server asked for holds for it as well.
        let wait = pause(vote.failures, imposed, now, chance);
        let failures = if same { vote.failures.saturating_add(1) } else { vote.failures };
        keep(Vote { attempt, failures, wait: (same || imposed.is_some()).then_some(wait), ..vote })
    };
    match outcome {
        Ok(()) if same => keep(Vote { sent: true, failures: 0, refusals: 0, attempt: None, wait: None, ..vote }),
        Ok(()) => keep(Vote { attempt: None, ..vote }),
        Err(failure) if concerns_account(failure) => VoteVerdict {
            vote: Some(Vote { attempt: before.attempt, ..vote }),
            takes_none: false,
            ends_run: Some(failure.clone()),
        },
        Err(Failure::TryAgain { after, reached: Reached::No, .. }) => failed(before.attempt, *after),
        Err(Failure::TryAgain { after, .. }) => failed(maybe, *after),
        Err(Failure::Unexplained { .. }) => {
            let refusals = if same { vote.refusals.saturating_add(1) } else { vote.refusals };
            if Bound::Refusals.is_reached(refusals) {
                return VoteVerdict { vote: None, takes_none: true, ends_run: None };
            }
            let verdict = failed(maybe, None);
            VoteVerdict { vote: verdict.vote.map(|vote| Vote { refusals, ..vote }), ..verdict }
        }
        Err(Failure::Gone) => VoteVerdict { vote: None, takes_none: false, ends_run: None },
        Err(Failure::NotAllowed | Failure::UploadsRefused { .. }) => {
            VoteVerdict { vote: None, takes_none: true, ends_run: None }
        }
        // The server's rules refuse this article's vote, or this server has none.
        Err(Failure::NeedsUser(reason)) => {
            VoteVerdict { vote: None, takes_none: reason.kind == ReasonKind::Unsupported, ends_run: None }
        }
    }
}

/// The vote after a start of a run, when nothing is being sent.
#[must_use]
pub fn recover(vote: Vote, now: Timestamp) -> Vote {
    let end = |attempt: Attempt| Attempt { ended_at: Some(attempt.ended_at.unwrap_or(now)), ..attempt };
    Vote { attempt: vote.attempt.map(end), ..vote }
}

/// The vote when the user asks for a sync, or the network has returned. `asked_before` is the time before which the server must
/// have imposed a wait for it to end.
#[must_use]
pub fn without_wait(vote: Vote, asked_before: Timestamp) -> Vote {
    Vote { wait: vote.wait.filter(|wait| wait.server_imposed && wait.start > asked_before), ..vote }
}

/// The vote in a copy of the file.
#[must_use]
pub fn copied(vote: Vote) -> Option<Vote> {
    vote.sent.then_some(vote)
}
