//! The articles of a fresh server's help centre: one for each topic and platform, in every language.

use rusqlite::Transaction;

use crate::account::{FIRST_ARTICLE, HelpCenter};
use crate::store::{Result, articles};

const DAY: i64 = 24 * 60 * 60;
/// Every so many articles one was written in German first.
const GERMAN: usize = 10;
/// Every so many articles the original was changed since it was translated.
const OUTDATED: usize = 37;

/// Writes the articles. `now` is the start, in seconds since 1970; each is a few hours older than the one before.
pub fn write(db: &Transaction<'_>, help_center: &HelpCenter, now: i64) -> Result<()> {
    let topics = help_center.topics.len();
    for place in 0..topics * help_center.platforms.len() {
        let (topic, platform) = (&help_center.topics[place % topics], &help_center.platforms[place / topics]);
        let number = i64::try_from(place).unwrap_or_default();
        let id = FIRST_ARTICLE + number;
        let at = now - DAY - number * DAY / 8;
        let source = if place % GERMAN == GERMAN - 1 { "de" } else { &help_center.default_locale };
        let position = number / i64::try_from(topics).unwrap_or(1);
        articles::insert(db, Some(id), HelpCenter::section_id(topic.section), position, source, at - 90 * DAY)?;
        for locale in &help_center.locales {
            let of =
                |texts: &std::collections::BTreeMap<String, String>| texts.get(locale).cloned().unwrap_or_default();
            let fill = |text: &str| {
                text.replace("{intro}", &escaped(&of(&topic.intros)))
                    .replace("{id}", &id.to_string())
                    .replace("{other}", &(FIRST_ARTICLE + (number * 7 + 3) % 500).to_string())
            };
            let title = of(&topic.titles).replace("{platform}", platform);
            let body = fill(&of(&help_center.frame)).replace("{platform}", &escaped(platform));
            let outdated = source != locale && place % OUTDATED == OUTDATED - 1;
            articles::put_text(db, id, locale, (&title, &body), outdated, at)?;
        }
    }
    Ok(())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
