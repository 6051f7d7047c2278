//! The rows of the user's answers about articles. [`outbox::votes`](crate::outbox::votes) tells their story, and decides.

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::model::{ArticleId, ArticleVote, Chance, Failure, Timestamp, millis};
use crate::outbox::votes::{self, Attempt, Vote, VoteVerdict};
use crate::store::db::statements::Cached;
use crate::store::db::writer_lock::Priority;
use crate::store::schedule::pauses::wait_of;
use crate::store::{Edit, Store, StoreError};

/// SQL: whether a row of `article_votes` waits to be sent.
pub(in crate::store) const WAITING: &str = "NOT sent";

impl From<Vote> for ArticleVote {
    fn from(vote: Vote) -> Self {
        Self { helpful: vote.helpful, waiting: !vote.sent }
    }
}

impl Store {
    /// Writes down the user's answer about an article. False if there is no such article.
    pub(crate) fn vote(&self, article: ArticleId, helpful: bool) -> Result<bool, StoreError> {
        self.write(Priority::User, |edit| {
            let sql = "SELECT EXISTS (SELECT 1 FROM articles WHERE id = ?1)";
            if !edit.tx.query_row_cached(sql, [article.0], |row| row.get::<_, bool>(0))? {
                return Ok(false);
            }
            let before = vote_of(&edit.tx, article)?;
            let after = votes::answered(before, article, helpful);
            if before != Some(after) {
                put(edit, &after)?;
            }
            Ok(true)
        })
    }

    /// The answers that wait to be sent, in the order of their articles.
    pub(crate) fn waiting_votes(&self) -> Result<Vec<Vote>, StoreError> {
        self.read(waiting)
    }

    /// Ends the attempts that an earlier run left. Call it when nothing is being sent.
    pub(crate) fn recover_votes(&self, now: Timestamp) -> Result<(), StoreError> {
        self.change_waiting(|vote| votes::recover(vote, now))
    }

    /// Ends the waits before the next attempts. `asked_before` is as in [`votes::without_wait`].
    pub(crate) fn end_vote_waits(&self, asked_before: Timestamp) -> Result<(), StoreError> {
        self.change_waiting(|vote| votes::without_wait(vote, asked_before))
    }

    /// Writes down, durably, that an attempt at `vote` begins. False if the user has answered again meanwhile.
    pub(crate) fn begin_vote(&self, vote: &Vote) -> Result<bool, StoreError> {
        self.write(Priority::User, |edit| {
            let is_same = vote_of(&edit.tx, vote.article)?.as_ref() == Some(vote);
            if is_same {
                put(edit, &votes::begin(*vote))?;
            }
            Ok(is_same)
        })
    }

    /// Writes down the outcome of an attempt. `before` is the vote as it was before the attempt began. If the outcome
    /// is a problem of the account, returns it, and the run ends with it.
    pub(crate) fn end_vote(
        &self,
        before: &Vote,
        outcome: Result<(), &Failure>,
        now: Timestamp,
        chance: Chance,
    ) -> Result<Option<Failure>, StoreError> {
        self.write(Priority::User, |edit| {
            // It is gone if there is no help centre any more.
            let Some(vote) = vote_of(&edit.tx, before.article)? else { return Ok(None) };
            let VoteVerdict { vote, takes_none, ends_run } = votes::after_attempt(before, vote, outcome, now, chance);
            match vote {
                Some(vote) => put(edit, &vote)?,
                None => remove(edit, before.article)?,
            }
            if takes_none {
                edit.tx.execute_cached("UPDATE help_center SET takes_votes = 0", [])?;
            }
            Ok(ends_run)
        })
    }

    fn change_waiting(&self, change: impl Fn(Vote) -> Vote) -> Result<(), StoreError> {
        let changed = |db: &Connection| {
            let votes = waiting(db)?.into_iter().map(|vote| (vote, change(vote)));
            Ok::<_, StoreError>(
                votes.filter(|(before, after)| before != after).map(|(_, after)| after).collect::<Vec<_>>(),
            )
        };
        if self.read(changed)?.is_empty() {
            return Ok(());
        }
        self.write(Priority::User, |edit| {
            for vote in changed(&edit.tx)? {
                put(edit, &vote)?;
            }
            Ok(())
        })
    }
}

/// The file is a copy: gives up the answers that wait ([`votes::copied`]).
pub(in crate::store) fn recheck(edit: &mut Edit<'_>) -> Result<(), StoreError> {
    for vote in waiting(&edit.tx)? {
        match votes::copied(vote) {
            Some(vote) => put(edit, &vote)?,
            None => remove(edit, vote.article)?,
        }
    }
    Ok(())
}

const COLUMNS: &str =
    "article, helpful, sent, failures, refusals, attempted, attempt_ended_at, wait_start, wait_length,
                       wait_server_imposed";

fn waiting(db: &Connection) -> Result<Vec<Vote>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM article_votes WHERE {WAITING} ORDER BY article");
    let mut statement = db.prepare_cached(&sql)?;
    let votes = statement.query_map([], read)?;
    Ok(votes.collect::<Result<_, _>>()?)
}

/// The user's answer about an article, if there is one.
pub(in crate::store) fn vote_of(db: &Connection, article: ArticleId) -> Result<Option<Vote>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM article_votes WHERE article = ?1");
    Ok(db.query_row_cached(&sql, [article.0], read).optional()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Vote> {
    let ended_at = row.get::<_, Option<i64>>(6)?.map(Timestamp);
    let [start, length] = [row.get::<_, Option<i64>>(7)?, row.get::<_, Option<i64>>(8)?];
    let server_imposed = row.get(9)?;
    Ok(Vote {
        article: ArticleId(row.get(0)?),
        helpful: row.get(1)?,
        sent: row.get(2)?,
        failures: row.get(3)?,
        refusals: row.get(4)?,
        attempt: row.get::<_, Option<bool>>(5)?.map(|helpful| Attempt { helpful, ended_at }),
        wait: start.zip(length).map(|(start, length)| wait_of(start, length, server_imposed)),
    })
}

fn put(edit: &mut Edit<'_>, vote: &Vote) -> Result<(), StoreError> {
    let sql =
        format!("INSERT OR REPLACE INTO article_votes ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
    let args = params![
        vote.article.0,
        vote.helpful,
        vote.sent,
        vote.failures,
        vote.refusals,
        vote.attempt.map(|attempt| attempt.helpful),
        vote.attempt.and_then(|attempt| attempt.ended_at).map(|at| at.0),
        vote.wait.map(|wait| wait.start.0),
        vote.wait.map(|wait| millis(wait.length)),
        vote.wait.is_some_and(|wait| wait.server_imposed)
    ];
    edit.tx.execute_cached(&sql, args)?;
    touch(edit);
    Ok(())
}

fn remove(edit: &mut Edit<'_>, article: ArticleId) -> Result<(), StoreError> {
    edit.tx.execute_cached("DELETE FROM article_votes WHERE article = ?1", [article.0])?;
    touch(edit);
    Ok(())
}

fn touch(edit: &mut Edit<'_>) {
    edit.changes.articles = true;
    edit.changes.outbox = true;
}
