//! Strings: the texts of every screen, in the language that is shown.
//!
//! The shared strings are files of the library (`core/products/strings`), one for each language. A definition that builds on
//! them lays its own strings over them: it names its statuses and issue types, and may replace any shared text. [`Strings`]
//! is the result for one language. The shared files are parsed once, and a client keeps the strings of the language that was
//! asked for last. German says *Sie*, Spanish *tú*.
//!
//! A text can have placeholders: `{count}`, `{address}`. A counted text has a key for each plural form that the language
//! has, by the names of the Unicode CLDR (`ticket.left_out.one`, `ticket.left_out.other`). `other` always exists, and
//! stands in for a form that a language's strings do not have.

pub(crate) mod keys;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use icu_locale_core::Locale;
use icu_plurals::{PluralCategory, PluralRuleType, PluralRules, PluralRulesOptions};

use super::definition::Definition;

/// The name under which a definition lies over the shared strings.
pub(super) const SHARED_NAME: &str = "pocketdesk/strings@1";

/// The languages of the shared strings, as BCP 47 tags, and their files.
const SHARED: [(&str, &str); 3] = [
    ("en", include_str!("../../../products/strings/en.json")),
    ("de", include_str!("../../../products/strings/de.json")),
    ("es", include_str!("../../../products/strings/es.json")),
];

/// The texts of one language. Every text exists: one that is missing is its key, so that a screen is never empty.
#[derive(Debug)]
pub struct Strings {
    language: String,
    texts: BTreeMap<String, String>,
}

impl Strings {
    /// The texts of a definition in a language. `de-AT` is `de` if it is not there itself, and a language without texts is
    /// the definition's fallback.
    pub(super) fn of(definition: &Definition, wanted: &str) -> Self {
        let texts = definition.texts();
        let fallback = definition.strings.fallback.as_deref().unwrap_or("en");
        let language = best_language(&texts, wanted)
            .or_else(|| texts.contains_key(fallback).then(|| fallback.to_owned()))
            .or_else(|| texts.keys().next().map(|first| (*first).to_owned()))
            .unwrap_or_default();
        let owned = |(key, text): (&&str, &&str)| ((*key).to_owned(), (*text).to_owned());
        let texts = texts.get(language.as_str()).map(|texts| texts.iter().map(owned).collect()).unwrap_or_default();
        Self { language, texts }
    }

    /// The language that is shown, as a BCP 47 tag.
    #[must_use]
    pub fn language(&self) -> &str {
        &self.language
    }

    /// Every text by its key.
    #[must_use]
    pub fn all(&self) -> &BTreeMap<String, String> {
        &self.texts
    }

    /// The text with this key, if there is one.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<&str> {
        self.texts.get(key).map(String::as_str)
    }

    /// The text with this key, with its placeholders filled in. The key itself, if there is no such text.
    #[must_use]
    pub fn text(&self, key: &str, values: &[(&str, &str)]) -> String {
        fill(self.find(key).unwrap_or(key), values)
    }

    /// The text of the first key that exists.
    #[must_use]
    pub fn first(&self, keys: &[String]) -> String {
        let found = keys.iter().find_map(|key| self.find(key));
        found.or(keys.first().map(String::as_str)).unwrap_or_default().to_owned()
    }

    /// A counted text, in the form that the language uses for this number. `{count}` becomes the number.
    #[must_use]
    pub fn count(&self, key: &str, count: u64, values: &[(&str, &str)]) -> String {
        let number = count.to_string();
        let mut all = vec![("count", number.as_str())];
        all.extend_from_slice(values);
        let form = format!("{key}.{}", self.plural_form(count));
        let other = format!("{key}.other");
        let text = self.find(&form).or_else(|| self.find(&other)).or_else(|| self.find(key));
        fill(text.unwrap_or(key), &all)
    }

    /// The plural form of a number in this language: `zero`, `one`, `two`, `few`, `many` or `other`.
    #[must_use]
    pub fn plural_form(&self, count: u64) -> &'static str {
        plural_form(&self.language, count)
    }
}

/// The plural form of a number in a language (a BCP 47 tag), by the names of the Unicode CLDR. `other` in a language
/// without rules.
#[must_use]
pub fn plural_form(language: &str, count: u64) -> &'static str {
    // The rules are compiled in. Making them for each number costs less than keeping them, because they cannot be shared between
    // threads.
    form(plural_rules(&language.replace('_', "-")).as_ref(), count)
}

fn plural_rules(language: &str) -> Option<PluralRules> {
    let options = PluralRulesOptions::default().with_type(PluralRuleType::Cardinal);
    PluralRules::try_new(language.parse::<Locale>().ok()?.into(), options).ok()
}

fn form(rules: Option<&PluralRules>, count: u64) -> &'static str {
    match rules.map(|rules| rules.category_for(count)) {
        Some(PluralCategory::Zero) => "zero",
        Some(PluralCategory::One) => "one",
        Some(PluralCategory::Two) => "two",
        Some(PluralCategory::Few) => "few",
        Some(PluralCategory::Many) => "many",
        Some(PluralCategory::Other) | None => "other",
    }
}

impl Definition {
    /// The texts by language and key: the shared ones, with the definition's own over them. A language of the shared
    /// strings that the definition removes (`"es": null`) is not offered.
    pub(super) fn texts(&self) -> BTreeMap<&str, BTreeMap<&str, &str>> {
        let mut texts: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
        if self.strings.base.is_some() {
            for (language, shared) in shared() {
                texts.insert(language, shared.iter().map(|(key, text)| (key.as_str(), text.as_str())).collect());
            }
        }
        for (language, own) in &self.strings.languages {
            let texts = texts.entry(language).or_default();
            texts.extend(own.iter().map(|(key, text)| (key.as_str(), text.as_str())));
        }
        for language in &self.strings.removed {
            texts.remove(language.as_str());
        }
        texts
    }
}

/// The shared strings, parsed once.
fn shared() -> &'static [(&'static str, BTreeMap<String, String>)] {
    static PARSED: std::sync::OnceLock<Vec<(&'static str, BTreeMap<String, String>)>> = std::sync::OnceLock::new();
    // The files are compiled in, and a test parses them, so the fallback is never used.
    PARSED.get_or_init(|| {
        SHARED.map(|(language, file)| (language, serde_json::from_str(file).unwrap_or_default())).to_vec()
    })
}

/// The languages of the shared strings. The first one stands in for every other language.
pub const LANGUAGES: [&str; 3] = ["en", "de", "es"];

/// The language with texts that fits best: the same, or the same without its region.
fn best_language(texts: &BTreeMap<&str, BTreeMap<&str, &str>>, wanted: &str) -> Option<String> {
    let mut wanted = wanted.replace('_', "-");
    loop {
        if let Some(same) = texts.keys().find(|language| language.eq_ignore_ascii_case(&wanted)) {
            return Some((*same).to_owned());
        }
        wanted.truncate(wanted.rfind('-')?);
    }
}

/// The key without the name of a plural form at its end.
pub(super) fn family(key: &str) -> &str {
    match key.rsplit_once('.') {
        Some((family, "zero" | "one" | "two" | "few" | "many" | "other")) => family,
        _ => key,
    }
}

/// The names of a text's placeholders.
pub(super) fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
}

/// Fills in the placeholders in one pass, so that a value that looks like a placeholder stays as it is.
fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let known = after.split_once('}').and_then(|(name, after)| {
            values.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value, after))
        });
        if let Some((value, after)) = known {
            filled.push_str(value);
            rest = after;
        } else {
            filled.push('{');
            rest = after;
        }
    }
    filled.push_str(rest);
    filled
}
