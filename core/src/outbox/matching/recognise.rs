//! Recognises a text that this user wrote in the form in which a server shows it.
//!
//! A server changes texts when it stores or shows them. It renders Markdown, writes `<` and `&` as entities, joins spaces
//! and blank lines, drops what its database cannot hold (emoji, NUL), replaces quotation marks, and cuts what is too
//! long. It usually shows several forms of one comment, of which some are changed less than others. So a text is compared
//! with every form, and in four grades, of which the closest counts:
//!
//! 1. **Equal**: the same text, apart from line ends and white space at the edges ([`normalise`]).
//! 2. **Same**: the same letters and digits in the same order. Everything that the changes above touch is left out of
//!    this comparison: marks, punctuation, white space, emoji, invisible characters and HTML tags; entities are decoded,
//!    and Unicode forms are unified. If nothing is left of a text, only an equal or an empty text is the same.
//! 3. **Cut**: the first 1,000 characters or more, perhaps with a short remark about the cut.
//! 4. **Similar**: four fifths of the words of the longer text.
//!
//! Equal and same texts are taken for the message wherever a comment can be it. The last two are weaker: the same user
//! may have written almost the same again, for example by mail. [`matching`](super) uses them only where no
//! other comment and no other message fits.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use crate::bugs::{self, Bug};
use crate::model::{RemoteComment, normalise};

/// A text is recognised by its beginning only if at least this many characters of it are left.
const SHORTEST_CUT: usize = 1_000;
/// The longest remark about the cut, in letters and digits.
const LONGEST_REMARK: usize = 60;
/// An entity is decoded at most this many times, for a server that encodes what is already encoded.
const DEEPEST: usize = 3;
/// The longest name of an entity, in bytes.
const LONGEST_NAME: usize = 10;
/// The longest HTML tag, in bytes.
const LONGEST_TAG: usize = 200;
/// The longest target of a link, in bytes.
const LONGEST_TARGET: usize = 2_000;

/// How closely a server's text resembles one of ours. A later variant is a closer one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// Another text.
    Other,
    /// Most of its words are the same, or it is the beginning of our text.
    Similar,
    /// Only the form differs.
    Same,
    /// The same text.
    Equal,
}

/// A text, prepared for comparison.
#[derive(Debug, Clone)]
pub struct Text {
    normal: String,
    /// The letters and digits.
    essence: String,
    /// The essence of the first [`SHORTEST_CUT`] characters; `None` if the text is not longer.
    beginning: Option<String>,
    /// Each word with the number of times it occurs.
    words: BTreeMap<String, usize>,
}

impl Text {
    /// Prepares `text`.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let normal = normalise(text);
        let plain = plain(&normal);
        let mut words = BTreeMap::new();
        for word in split(&plain) {
            *words.entry(word).or_default() += 1;
        }
        let beginning = normal.char_indices().nth(SHORTEST_CUT).map(|(end, _)| essence(&self::plain(&normal[..end])));
        Self { essence: essence(&plain), words, beginning, normal }
    }

    /// What identifies the text among others: two texts that are the same have the same key.
    #[must_use]
    pub fn key(self) -> String {
        if self.essence.is_empty() { self.normal } else { self.essence }
    }

    /// How closely `theirs`, a server's form of a text, resembles this text of ours.
    #[must_use]
    pub fn likeness(&self, theirs: &Self) -> Likeness {
        if self.normal == theirs.normal {
            Likeness::Equal
        } else if bugs::is_on(Bug::EqualTextRequired) {
            Likeness::Other
        } else if self.is_same(theirs) {
            Likeness::Same
        } else if self.is_cut_to(theirs) || self.shares_words(theirs) {
            Likeness::Similar
        } else {
            Likeness::Other
        }
    }

    /// Whether `theirs` contains this text.
    #[must_use]
    pub fn is_contained_in(&self, theirs: &Self) -> bool {
        let has = |(word, count): (&String, &usize)| theirs.words.get(word).is_some_and(|other| other >= count);
        !self.words.is_empty() && self.words.iter().all(has) && theirs.essence.contains(&self.essence)
    }

    fn is_same(&self, theirs: &Self) -> bool {
        if self.essence.is_empty() { theirs.normal.is_empty() } else { self.essence == theirs.essence }
    }

    fn is_cut_to(&self, theirs: &Self) -> bool {
        let Some(beginning) = &self.beginning else { return false };
        let common: usize = self
            .essence
            .chars()
            .zip(theirs.essence.chars())
            .take_while(|(ours, theirs)| ours == theirs)
            .map(|(_, theirs)| theirs.len_utf8())
            .sum();
        common >= beginning.len() && theirs.essence[common..].chars().count() <= LONGEST_REMARK
    }

    /// Whether both have four fifths of the longer one's words.
    fn shares_words(&self, theirs: &Self) -> bool {
        let shared: usize =
            self.words.iter().map(|(word, count)| theirs.words.get(word).map_or(0, |other| *count.min(other))).sum();
        let longer = self.words.values().sum::<usize>().max(theirs.words.values().sum());
        longer > 0 && shared * 5 >= longer * 4
    }
}

/// Every form in which the server shows a comment's text.
#[must_use]
pub fn forms(comment: &RemoteComment) -> Vec<Text> {
    std::iter::once(&comment.body).chain(&comment.forms).map(|form| Text::of(form)).collect()
}

/// The closest likeness of `ours` to one of the `forms` of a comment.
#[must_use]
pub fn closest(ours: &Text, forms: &[Text]) -> Likeness {
    forms.iter().map(|form| ours.likeness(form)).max().unwrap_or(Likeness::Other)
}

/// The text as a reader would see it, whether or not somebody has rendered its Markdown and decoded its entities, with
/// everything left out that some server drops.
fn plain(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..DEEPEST {
        let decoded = decode(&text);
        if decoded == text {
            break;
        }
        text = decoded;
    }
    let text = without_links(&without_tags(&text));
    let visible: String = without_keycaps(&text).chars().filter(|c| !is_dropped(*c)).collect();
    without_numbering(&visible.nfkc().collect::<String>())
}

fn essence(plain: &str) -> String {
    plain.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The words of a text. A script without spaces between words gives one word for each character.
fn split(plain: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for c in plain.chars() {
        if c.is_alphanumeric() && !is_written_without_spaces(c) {
            word.push(c);
            continue;
        }
        if !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() {
            words.push(c.to_string());
        }
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    words
}

/// Han, kana, Thai, Lao, Khmer and Burmese.
fn is_written_without_spaces(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

/// Characters that some server drops or replaces: controls, invisible characters, and everything that a database with
/// three-byte characters cannot hold, which includes nearly all emoji.
fn is_dropped(c: char) -> bool {
    (c.is_control() && c != '\n')
        || c as u32 > 0xffff
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fffd}')
        // Emoji that would turn into letters in compatibility form.
        || matches!(c, '\u{2122}' | '\u{2139}' | '\u{24c2}' | '\u{3297}' | '\u{3299}')
}

/// Leaves out keycap emoji, which consist of a digit and a mark.
fn without_keycaps(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c == '\u{20e3}' {
            while out.ends_with('\u{fe0f}') {
                out.pop();
            }
            if out.ends_with(|c: char| c.is_ascii_digit()) {
                out.pop();
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// Leaves out HTML tags.
fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        let (before, tag) = rest.split_at(start);
        out.push_str(before);
        let name = tag[1..].trim_start_matches('/');
        let end = tag.bytes().skip(1).take(LONGEST_TAG).position(|byte| matches!(byte, b'>' | b'<'));
        let end = end.map(|end| end + 1).filter(|end| tag.as_bytes().get(*end) == Some(&b'>'));
        if let Some(end) = end.filter(|_| name.starts_with(|c: char| c.is_ascii_alphabetic())) {
            // A tag stands between words where it breaks the line.
            out.push(if is_inline(name) { '\u{200b}' } else { ' ' });
            rest = &tag[end + 1..];
        } else {
            out.push('<');
            rest = &tag[1..];
        }
    }
    out.push_str(rest);
    out
}

fn is_inline(name: &str) -> bool {
    let name: String = name.chars().take_while(char::is_ascii_alphanumeric).collect();
    matches!(
        name.to_ascii_lowercase().as_str(),
        "a" | "b" | "i" | "em" | "strong" | "u" | "s" | "code" | "span" | "font"
    )
}

/// Leaves out the targets of Markdown links, which a rendered text does not show.
fn without_links(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("](") {
        out.push_str(&rest[..start]);
        let target = &rest[start + 2..];
        let end = target.bytes().take(LONGEST_TARGET).position(|byte| matches!(byte, b')' | b'\n' | b' ' | b'['));
        let end = end.filter(|end| target.as_bytes().get(*end) == Some(&b')'));
        rest = end.map_or(target, |end| &target[end + 1..]);
    }
    out.push_str(rest);
    out
}

/// Leaves out the numbers of a list's items, which some servers count themselves.
fn without_numbering(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split('\n') {
        let item = line.trim_start();
        let digits = item.bytes().take_while(u8::is_ascii_digit).count();
        let mark = item.as_bytes().get(digits).copied();
        let numbered = (1..=3).contains(&digits)
            && matches!(mark, Some(b'.' | b')'))
            && item.as_bytes().get(digits + 1).is_none_or(u8::is_ascii_whitespace);
        out.push_str(if numbered { &item[digits + 1..] } else { line });
        out.push('\n');
    }
    out
}

/// Decodes HTML entities, once.
fn decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        let (before, entity) = rest.split_at(start);
        out.push_str(before);
        let body = &entity[1..];
        let end = body.bytes().take(LONGEST_NAME + 1).position(|byte| byte == b';');
        if let Some((end, c)) = end.and_then(|end| Some((end, character(&body[..end])?))) {
            out.push(c);
            rest = &body[end + 1..];
        } else {
            out.push('&');
            rest = body;
        }
    }
    out.push_str(rest);
    out
}

/// The character that an entity stands for. Those that stand for no letter and no mark of a text give a space.
fn character(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code);
    }
    if !name.bytes().all(|byte| byte.is_ascii_alphanumeric()) || name.len() < 2 {
        return None;
    }
    let accents = [
        ("uml", '\u{308}'),
        ("acute", '\u{301}'),
        ("grave", '\u{300}'),
        ("circ", '\u{302}'),
        ("tilde", '\u{303}'),
        ("cedil", '\u{327}'),
        ("caron", '\u{30c}'),
        ("ring", '\u{30a}'),
    ];
    for (accent, mark) in accents {
        if let Some(letter) = name.strip_suffix(accent).filter(|letter| letter.len() == 1) {
            return letter.chars().chain([mark]).nfc().next();
        }
    }
    Some(match name {
        "lt" | "LT" => '<',
        "gt" | "GT" => '>',
        "amp" | "AMP" => '&',
        "quot" => '"',
        "apos" => '\'',
        "szlig" => 'ß',
        "aelig" => 'æ',
        "AElig" => 'Æ',
        "oslash" => 'ø',
        "Oslash" => 'Ø',
        "oelig" => 'œ',
        "OElig" => 'Œ',
        "eth" => 'ð',
        "thorn" => 'þ',
        "ordf" => 'ª',
        "ordm" => 'º',
        "micro" => 'µ',
        "nbsp" | "ensp" | "emsp" | "thinsp" | "ndash" | "mdash" | "hellip" | "lsquo" | "rsquo" | "sbquo" | "ldquo"
        | "rdquo" | "bdquo" | "laquo" | "raquo" | "euro" | "copy" | "reg" | "trade" | "middot" | "bull" | "times"
        | "sect" | "deg" | "para" | "iexcl" | "iquest" | "pound" | "yen" | "cent" | "plusmn" | "rarr" | "larr" => ' ',
        "shy" | "zwj" | "zwnj" | "lrm" | "rlm" => '\u{200b}',
        _ => return None,
    })
}
