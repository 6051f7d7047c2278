//! Sending the user's answers about articles. [`outbox::votes`](crate::outbox::votes) decides what an outcome means.

use std::time::Duration;

use crate::outbox::votes;
use crate::sync::context::SyncContext;
use crate::sync::report::SyncFailure;
use crate::sync::settle::proven_failure;

/// Sends every answer that is due. Returns how long until another one will be due by itself.
pub(in crate::sync) async fn all(ctx: &SyncContext<'_>) -> Result<Option<Duration>, SyncFailure> {
    let mut tried = Vec::new();
    loop {
        let votes = ctx.store.waiting_votes()?;
        if votes.is_empty() || !ctx.product.articles {
            return Ok(None);
        }
        // Where there is no help centre yet, or none any more, no address is known.
        let Some(locale) = ctx.store.help_center_reading()?.locale else { return Ok(None) };
        let due_in = |vote: &votes::Vote| votes::due_in(vote, ctx.product.consistency, ctx.environment.now());
        let next = votes.iter().filter_map(due_in).filter(|left| !left.is_zero()).min();
        let mut due = votes.iter().filter(|vote| due_in(vote) == Some(Duration::ZERO));
        // Each is tried once, however short its wait is.
        let Some(vote) = due.find(|vote| !tried.contains(*vote)) else { return Ok(next) };
        if !(ctx.online)() {
            return Ok(next);
        }
        tried.push(*vote);
        if !ctx.store.begin_vote(vote)? {
            continue;
        }
        let outcome = match ctx.remote.vote(&locale, vote.article, vote.helpful).await {
            Ok(_) => {
                ctx.notes.account.works();
                Ok(())
            }
            Err(failed) => Err(proven_failure(ctx, failed.failure, true).await?),
        };
        let (now, chance) = (ctx.environment.now(), ctx.environment.chance());
        if let Some(problem) = ctx.store.end_vote(vote, outcome.as_ref().copied(), now, chance)? {
            return Err(problem.into());
        }
    }
}
