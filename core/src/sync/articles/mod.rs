//! The help centre: reading its articles (`docs/product.md`, W9).
//!
//! Nobody waits for articles as for tickets, so they come after the lists and the threads of a run, and not at all while little
//! is left of the rate limit. Between two requests the run sends what the user wrote and reads what the user opened. What they
//! cost is charged to the request budget of the hour. [`step`] decides what is read; how far it was read, and what a crash leaves
//! behind, is described in the store's file `articles/reading.rs`.
//!
//! Whatever goes wrong here costs the articles alone: they get a pause, and the run goes on. If the server itself says that there
//! is no help centre for this user, that is believed if the account is seen to work. Tickets do not depend on it.

mod step;

use std::time::Duration;

use self::step::Step;
use super::context::{Scope, SyncContext};
use super::lists::pages::is_to_be_halved;
use super::priority::between_requests;
use super::report::SyncFailure;
use super::revocation;
use crate::model::{ArticlePage, Failure, Outcome, RemoteUser};
use crate::store::ArticleStep;

/// How many requests one run makes for articles. The next run continues.
const REQUESTS: u32 = 10;
/// The pause between two runs of one complete read.
const PAUSE: Duration = Duration::from_secs(10);
/// How many articles a page of a complete read has.
const ROWS: u32 = 100;
/// How many articles a page of the newest changes has. Mostly nothing has changed, and each comes with its text.
const NEWEST_ROWS: u32 = 20;
/// After this many pages of changes, reading everything is better.
const NEWEST_PAGES: u32 = 5;
/// A complete read of so many pages counts as one that never ends: it fails, and begins again.
const MOST_PAGES: u32 = 1_000;
/// After this many pages in a row without an article that it has not seen yet, a complete read leads in a circle.
const STALE_PAGES: u32 = 5;
/// How often a page that is too slow is halved before reading it fails.
const PATIENCE: u32 = 2;

/// Reads articles, if something of them is due. Returns how long until more can be done; `None` if a complete read is
/// not under way, or if reading has failed and a pause has begun.
pub(super) async fn refresh(ctx: &SyncContext<'_>, user: &RemoteUser) -> Result<Option<Duration>, SyncFailure> {
    if !ctx.product.articles {
        return Ok(None);
    }
    let reading = ctx.store.help_center_reading()?;
    let step = step::next(&reading, ctx.language, ctx.health.was_asked(), ctx.environment.now());
    // A run that does not read every list goes on with a complete read, and begins nothing.
    if step == Step::Nothing || ctx.scope != Scope::Everything && step != Step::Continue {
        return Ok(None);
    }
    if let Some(left) = ctx.little_left()? {
        return Ok(reading.is_under_way.then_some(left));
    }
    let before = ctx.remote.traffic();
    let done = attempt(ctx, user, step).await;
    ctx.store.charge(ctx.remote.traffic().since(before), ctx.environment.now())?;
    match done {
        Ok(()) => Ok(ctx.store.help_center_reading()?.is_under_way.then_some(PAUSE)),
        Err(failure) => {
            let refused = matches!(&failure, SyncFailure::Server(failure) if failure.is_refused());
            let after = ctx.notes.isolation.isolate(failure)?;
            ctx.store.articles_failed(ctx.pause(after))?;
            if refused {
                // It does not know the place, or no longer.
                ctx.store.restart_articles()?;
            }
            Ok(None)
        }
    }
}

async fn attempt(ctx: &SyncContext<'_>, user: &RemoteUser, step: Step) -> Result<(), SyncFailure> {
    if step == Step::Begin && !begin(ctx, user).await? {
        return Ok(());
    }
    let reading = ctx.store.help_center_reading()?;
    let Some(locale) = reading.locale else { return Ok(()) };
    if step == Step::Newest && newest(ctx, user, &locale).await? {
        return Ok(());
    }
    complete(ctx, user, &locale).await
}

/// Finds the help centre's language, and begins a complete read. False if there is no help centre.
async fn begin(ctx: &SyncContext<'_>, user: &RemoteUser) -> Result<bool, SyncFailure> {
    between_requests(ctx, user.id).await?;
    let articles = ctx.product.definition.articles.as_ref();
    let wanted = articles.map(|articles| articles.locales(ctx.language)).unwrap_or_default();
    match answered(ctx, ctx.remote.help_center(&wanted).await)? {
        Some(locale) => {
            ctx.store.begin_articles(&locale, ctx.language)?;
            Ok(true)
        }
        None => absent(ctx, user).await.map(|()| false),
    }
}

/// Goes on with the complete read that is under way, as far as one run may.
async fn complete(ctx: &SyncContext<'_>, user: &RemoteUser, locale: &str) -> Result<(), SyncFailure> {
    let mut stale = 0;
    for _ in 0..REQUESTS {
        let reading = ctx.store.help_center_reading()?;
        if !reading.is_under_way || ctx.little_left()?.is_some() {
            return Ok(());
        }
        if reading.pages >= MOST_PAGES {
            ctx.store.restart_articles()?;
            return Err(Failure::misbehaves().into());
        }
        between_requests(ctx, user.id).await?;
        match page(ctx, locale, reading.cursor.as_deref()).await? {
            Some(page) => {
                let applied = ctx.store.apply_articles(&page, ArticleStep::Complete, ctx.environment.now())?;
                stale = if applied.fresh { 0 } else { stale + 1 };
                if page.next.is_some() && stale >= STALE_PAGES {
                    ctx.store.restart_articles()?;
                    return Err(Failure::misbehaves().into());
                }
            }
            None => return absent(ctx, user).await,
        }
    }
    Ok(())
}

async fn page(ctx: &SyncContext<'_>, locale: &str, cursor: Option<&str>) -> Result<Option<ArticlePage>, SyncFailure> {
    let mut patience = PATIENCE;
    loop {
        let rows = ctx.health.page_rows(ROWS);
        match ctx.remote.article_page(locale, cursor, rows).await {
            Err(failed) if is_to_be_halved(&failed, rows, &mut patience) => ctx.health.too_slow(),
            outcome => {
                let page = answered(ctx, outcome)?;
                ctx.health.good_page();
                return Ok(page);
            }
        }
    }
}

/// Reads the newest changes, until a page has none, or little is left of the rate limit. False if there are so many
/// that everything is to be read; a complete read has begun then.
async fn newest(ctx: &SyncContext<'_>, user: &RemoteUser, locale: &str) -> Result<bool, SyncFailure> {
    for number in 1..=NEWEST_PAGES {
        if number > 1 && ctx.little_left()?.is_some() {
            return Ok(true);
        }
        between_requests(ctx, user.id).await?;
        let Some(page) = answered(ctx, ctx.remote.newest_articles(locale, number, NEWEST_ROWS).await)? else {
            absent(ctx, user).await?;
            return Ok(true);
        };
        let applied = ctx.store.apply_articles(&page, ArticleStep::Newest, ctx.environment.now())?;
        if !applied.changed || page.next.is_none() {
            return Ok(true);
        }
    }
    ctx.store.begin_articles(locale, ctx.language)?;
    Ok(false)
}

/// The server says that there is no help centre for this user. A server that refuses everything says that as well.
async fn absent(ctx: &SyncContext<'_>, user: &RemoteUser) -> Result<(), SyncFailure> {
    if ctx.notes.account.was_seen_to_work() || revocation::is_account_working(ctx, user).await? {
        ctx.store.no_help_center(ctx.language, ctx.environment.now())?;
    }
    Ok(())
}

fn answered<T>(ctx: &SyncContext<'_>, outcome: Outcome<T>) -> Result<T, SyncFailure> {
    let answered = outcome?;
    ctx.notes.isolation.answered();
    Ok(answered.value)
}
