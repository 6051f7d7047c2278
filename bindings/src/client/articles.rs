//! Help articles.

use pocketdesk::model::{ArticleId, SectionId};

use super::Client;
use crate::errors::{ChangeError, ClientError};
use crate::runtime::guarded;
use crate::types::{Article, ArticleRow, HelpCenter, Similar};

#[uniffi::export]
impl Client {
    /// Returns the help centre: the categories and sections that have an article. Ask again when `Changes.articles` is set.
    pub fn help_center(&self) -> Result<HelpCenter, ClientError> {
        self.call(|client| Ok(client.help_center()?.into()))
    }

    /// Returns the articles of a section, in the company's order. Empty if the section is gone. Ask again when
    /// `Changes.articles` is set.
    pub fn articles(&self, section: i64) -> Result<Vec<ArticleRow>, ClientError> {
        self.call(|client| Ok(client.articles(SectionId(section))?.into_iter().map(ArticleRow::from).collect()))
    }

    /// Returns an article; none if the company has removed it, if there never was one with this id, or if the product
    /// shows no articles. Ask again when `Changes.articles` is set.
    pub fn article(&self, article: i64) -> Result<Option<Article>, ClientError> {
        self.call(|client| Ok(client.article(ArticleId(article))?.map(Article::from)))
    }

    /// Says that the user has opened an article. Those of its pictures that are not on this device are requested;
    /// durable on return, and downloaded when the network allows. To follow the downloads, query the article again when
    /// `Changes.articles` is set. A second call requests those again that have failed.
    pub fn article_opened(&self, article: i64) -> Result<(), ClientError> {
        self.call(|client| Ok(client.article_opened(ArticleId(article))?))
    }

    /// Returns the path of the copy of a picture in an article; none if it is not on this device. `index` counts from 0 in
    /// `Article.pictures`. Other downloads can displace the copy. Do not change the file.
    pub fn picture_file(&self, article: i64, index: u32) -> Result<Option<String>, ClientError> {
        self.call(|client| {
            let path = client.picture_file(ArticleId(article), index)?;
            Ok(path.map(|path| path.to_string_lossy().into_owned()))
        })
    }

    /// Says whether an article was helpful; durable on return, sent when the network allows. A later answer replaces an earlier
    /// one. Throws `NotOffered` if `Article.asks` is false.
    pub fn vote(&self, article: i64, helpful: bool) -> Result<(), ChangeError> {
        guarded(ChangeError::InternalFault, || Ok(self.client.vote(ArticleId(article), helpful)?))
    }

    /// Returns the articles, and the user's own tickets, whose titles are most like a text, at most five of each. No
    /// tickets where there is no history for this user. Nothing is sent: ask while a subject is typed.
    pub fn similar(&self, text: &str) -> Result<Similar, ClientError> {
        self.call(|client| Ok(client.similar(text)?.into()))
    }
}
