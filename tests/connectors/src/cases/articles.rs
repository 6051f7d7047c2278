//! Help articles, as the server's own rights show them.

use std::collections::BTreeSet;

use pocketdesk::model::{HelpCenterState, undated};
use pocketdesk::sync::Scope;
use serde_json::json;

use crate::fixture::Fixture;
use crate::harness::Who;
use crate::network::Network;
use crate::trouble::{Broken, ensure, same};
use crate::user_connector::UserConnector;

/// The most pages of a list.
const MAX_PAGES: usize = 50;

/// The titles of all articles, read in pages of `rows`.
async fn titles(user: &UserConnector, locale: &str, rows: u32) -> Result<BTreeSet<String>, Broken> {
    let (mut titles, mut cursor) = (BTreeSet::new(), None);
    for _ in 0..MAX_PAGES {
        let page = undated(user.remote.article_page(locale, cursor.as_deref(), rows).await)?;
        let page = page.ok_or_else(|| Broken::new("the server shows no articles"))?;
        ensure!(page.unreadable.is_empty(), "unreadable: {:?}", page.unreadable);
        for article in page.articles {
            ensure!(titles.insert(article.title.clone()), "{} is on two pages", article.title);
        }
        cursor = page.next;
        if cursor.is_none() {
            return Ok(titles);
        }
    }
    Err(Broken::new("the articles do not end"))
}

pub async fn shown(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    let there = fixture.server.articles();
    let locale = undated(ada.remote.help_center(&["de".to_owned()]).await)?;
    let locale = locale.ok_or_else(|| Broken::new("the server has no help centre for this user"))?;
    let expected: BTreeSet<String> = there.iter().map(|(_, title, _)| (*title).to_owned()).collect();
    for rows in [1, 2, 100] {
        same!(titles(&ada, &locale, rows).await?, expected, "in pages of {rows}");
    }
    let newest = undated(ada.remote.newest_articles(&locale, 1, 20).await)?.unwrap_or_default();
    same!(newest.articles.into_iter().map(|article| article.title).collect::<BTreeSet<_>>(), expected, "the newest");

    let (network, folder) = (Network::to(&fixture.server.address()).await?, tempfile::tempdir()?);
    let offered = |product: &mut serde_json::Value| product["articles"] = json!({ "votes": true });
    let (client, _) = fixture.client_with(Who::Ada, &network, folder.path(), offered).await?;
    client.sync(Scope::Everything).await;
    let help = client.help_center()?;
    same!((help.state, help.complete), (HelpCenterState::Here, true), "what the client has");
    for (section, title, text) in there {
        let mut sections = help.categories.iter().flat_map(|category| &category.sections);
        let found = sections.find(|found| found.name == *section);
        let found = found.ok_or_else(|| Broken::new(format!("there is no section {section}")))?;
        let rows = client.articles(found.id)?;
        let row = rows.iter().find(|row| row.title == *title);
        let row = row.ok_or_else(|| Broken::new(format!("{title} is not in {section}")))?;
        let article = client.article(row.id)?.ok_or_else(|| Broken::new(format!("{title} cannot be opened")))?;
        ensure!(article.body.contains(text), "the text of {title}: {}", article.body);
        ensure!(article.asks == client.capabilities().article_votes, "{title} asks for votes");
    }
    Ok(())
}
