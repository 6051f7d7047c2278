//! The entries of the Help & Support screen, and help articles.

use std::collections::BTreeMap;

use std::fmt;

use serde::Deserialize;
use url::Url;

use super::strings::StringKey;
use crate::product::address::is_address;
use crate::product::condition::{Conditions, is_id};

/// An entry of the Help & Support screen (`docs/product.md`, H1, W10, W11). Its string is `entry.ID`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct EntryDefinition {
    /// The id.
    pub id: String,
    /// Where it leads.
    pub to: Target,
    /// The languages in which it is shown. Empty means all.
    #[serde(default)]
    pub languages: Vec<String>,
    /// When it leads there: an entitlement, or being signed out.
    #[serde(default)]
    pub when: Conditions,
    /// Where it leads otherwise. Without this it is hidden then.
    #[serde(rename = "else", default)]
    pub otherwise: Option<Target>,
    /// A second line below the name, such as the hours of a phone line.
    #[serde(default)]
    pub note: Option<StringKey>,
}

/// Where an entry leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// `history`: the ticket history.
    History,
    /// `create`: the form of a new ticket; `create:prefill=@key` with a text in it.
    Create(Option<StringKey>),
    /// `articles`: the help articles.
    Articles,
    /// `anonymous`: a ticket without an account.
    Anonymous,
    /// `host:NAME`: a call back into the host app.
    Host(String),
    /// A link: https, mailto or tel. `{locale}` in it becomes the language.
    Link(String),
}

impl std::str::FromStr for Target {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Ok(match text {
            "history" => Self::History,
            "create" => Self::Create(None),
            "articles" => Self::Articles,
            "anonymous" => Self::Anonymous,
            _ => {
                if let Some(key) = text.strip_prefix("create:prefill=") {
                    Self::Create(Some(StringKey::of(key).ok_or(())?))
                } else if let Some(name) = text.strip_prefix("host:") {
                    Self::Host(is_id(name).then(|| name.to_owned()).ok_or(())?)
                } else {
                    is_link(text).then(|| Self::Link(text.to_owned())).ok_or(())?
                }
            }
        })
    }
}

impl fmt::Display for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::History => formatter.write_str("history"),
            Self::Create(None) => formatter.write_str("create"),
            Self::Create(Some(key)) => write!(formatter, "create:prefill=@{}", key.0),
            Self::Articles => formatter.write_str("articles"),
            Self::Anonymous => formatter.write_str("anonymous"),
            Self::Host(name) => write!(formatter, "host:{name}"),
            Self::Link(url) => formatter.write_str(url),
        }
    }
}

super::text_form!(
    Target,
    "`history`, `create`, `create:prefill=@key`, `articles`, `anonymous`, `host:NAME`, or a link with https, mailto or tel",
    "^(history|create|create:prefill=@[a-z0-9_.]+|articles|anonymous|host:[a-z][a-z0-9_]*|https://.+|mailto:.+@.+|tel:.+)$"
);

/// The language in a link.
pub const LOCALE: &str = "{locale}";

/// Whether a text is a link that may be opened: https with a host and without a user, a mail to one address, or a call to a
/// number.
#[must_use]
pub fn is_link(text: &str) -> bool {
    let Ok(url) = Url::parse(&text.replace(LOCALE, "en")) else { return false };
    match url.scheme() {
        "https" => {
            url.host_str().is_some_and(|host| !host.is_empty()) && url.username().is_empty() && url.password().is_none()
        }
        "mailto" => is_address(url.path()),
        "tel" => {
            let number = url.path().strip_prefix('+').unwrap_or(url.path());
            number.chars().any(|c| c.is_ascii_digit())
                && number.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '.' | '(' | ')'))
        }
        _ => false,
    }
}

/// The help articles (`docs/product.md`, W9).
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Articles {
    /// Whether an article asks if it was helpful.
    pub votes: bool,
    /// The help centre's language for each of the screen's; `*` for every other.
    pub languages: BTreeMap<String, String>,
    /// What is said above an article that is a translation: that the original is authoritative, for example.
    pub translated: Option<StringKey>,
}

impl Articles {
    /// The help centre's languages for a screen in `language` (a BCP 47 tag), the best first.
    #[must_use]
    pub fn locales(&self, language: &str) -> Vec<String> {
        let primary = language.split(['-', '_']).next().unwrap_or_default();
        let named = |wanted: &str| {
            let found = self.languages.iter().find(|(known, _)| known.eq_ignore_ascii_case(wanted));
            found.map(|(_, locale)| locale.clone())
        };
        let own = named(language).or_else(|| named(primary)).unwrap_or_else(|| language.to_owned());
        let mut locales = vec![own];
        for other in [Some(language.to_owned()), named("*")].into_iter().flatten() {
            if !other.is_empty() && !locales.contains(&other) {
                locales.push(other);
            }
        }
        locales
    }
}

/// Whose a read mark is (`docs/product.md`, W8).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ReadMarks {
    /// Each device has its own.
    #[default]
    #[serde(rename = "device")]
    Device,
    /// The users of an account share them where the server can; otherwise each device has its own.
    #[serde(rename = "shared|device")]
    SharedIfPossible,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_of_articles_is_that_of_the_screen_before_the_products_other_one() {
        let names = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(known, locale)| ((*known).to_owned(), (*locale).to_owned())).collect::<BTreeMap<_, _>>()
        };
        let languages = names(&[("de", "de-de"), ("pt-BR", "pt-br"), ("*", "en-us")]);
        let articles = Articles { languages, ..Articles::default() };
        assert_eq!(articles.locales("de-AT"), ["de-de", "de-AT", "en-us"]);
        assert_eq!(articles.locales("pt-br"), ["pt-br", "en-us"]);
        assert_eq!(articles.locales("fr"), ["fr", "en-us"]);
        assert_eq!(Articles::default().locales("fr_CA"), ["fr_CA"]);
    }

    #[test]
    fn a_link_is_opened_only_if_it_is_safe() {
        for good in [
            "https://help.example.com/{locale}",
            "https://help.example.com/de?x=1#y",
            "mailto:support@example.com",
            "mailto:support@example.com?subject=Hilfe",
            "tel:+4922100000",
            "tel:(0221)100-000",
        ] {
            assert!(is_link(good), "{good}");
        }
        for bad in [
            "",
            "http://help.example.com/",
            "javascript:alert(1)",
            "data:text/html,x",
            "intent://x#Intent;end",
            "file:///etc/passwd",
            "https://",
            "https://user:secret@help.example.com/",
            "mailto:",
            "mailto:a@b.example,c@d.example",
            "tel:",
            "tel:*21*0900#",
            "tel:+49 221;ext=x",
            "help.example.com",
        ] {
            assert!(!is_link(bad), "{bad}");
            assert!(bad.parse::<Target>().is_err(), "{bad}");
        }
        assert!("host:Chat".parse::<Target>().is_err() && "host:".parse::<Target>().is_err());
        assert_eq!("host:chat".parse(), Ok(Target::Host("chat".to_owned())));
        for target in [
            "history",
            "create",
            "create:prefill=@book.upgrade",
            "articles",
            "anonymous",
            "host:chat",
            "tel:+4930123456",
        ] {
            assert_eq!(target.parse::<Target>().unwrap().to_string(), target);
        }
    }
}
