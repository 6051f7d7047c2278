//! The server's own search, for a user who waits for it (`docs/product.md`, W5).
//!
//! # The story
//!
//! A search on this device finds what is on this device. While the history or its threads are still being read, or where the server
//! also finds other forms of a word, a user can ask the server. The client keeps the
//! [question](crate::sync::ServerQuestion). The run that is under way, or the next one, asks it between two requests of its own.
//! Each list of the history is searched by itself, so that nothing is found that the history would not show. The tickets that
//! are found are stored like any others, and their ids go back to whoever asked.
//!
//! Nothing of a question is stored. When a run fails, the questions that are left are answered with "not answered". A question
//! for whose answer nobody waits any more is not asked.

use std::collections::BTreeSet;

use crate::model::{ServerSearch, TicketId};
use crate::sync::context::{Me, SyncContext};
use crate::sync::report::SyncFailure;

/// How many tickets of each list are asked for: more than a user reads through.
const ROWS: u32 = 30;
/// How many lists are searched at most. Each costs a request, and a user waits.
const MOST_LISTS: usize = 5;

/// Asks the server what users want to find. A search that fails costs itself, unless nothing else can succeed either.
pub(in crate::sync) async fn answer_questions(ctx: &SyncContext<'_>, me: Me) -> Result<(), SyncFailure> {
    for question in (ctx.questions)() {
        if question.is_dropped() {
            continue;
        }
        match search(ctx, question.text(), me).await {
            Ok(found) => question.answer(found),
            Err(failure) => {
                question.answer(ServerSearch::NotAnswered);
                return Err(failure);
            }
        }
    }
    Ok(())
}

async fn search(ctx: &SyncContext<'_>, text: &str, me: Me) -> Result<ServerSearch, SyncFailure> {
    let (mut found, mut is_answered) = (Vec::<TicketId>::new(), false);
    for list in ctx.notes.lists().into_iter().take(MOST_LISTS) {
        match ctx.remote.search(&list, text, ROWS).await {
            Ok(answer) => {
                is_answered = true;
                let seen = ctx.seen(me, answer.server);
                if let Some(page) = answer.value {
                    found.extend(ctx.store.apply_found(&list, &page, seen)?);
                }
            }
            // The history has the same list. Reading it says what is wrong with it.
            Err(failed) => drop(ctx.notes.isolation.isolate(failed.into())?),
        }
    }
    // Several lists can have the same ticket.
    let mut known = BTreeSet::new();
    found.retain(|ticket| known.insert(*ticket));
    Ok(if is_answered { ServerSearch::Found(found) } else { ServerSearch::NotAnswered })
}
