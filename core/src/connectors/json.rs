//! Reads a server's JSON value by value.
//!
//! Servers send values that nobody expects: a number for a text, a time in the year 10000, half of a surrogate pair. One
//! odd value costs that value. One row that cannot be used costs that row, which is then counted ([`Rows`]). Only a body
//! that is not JSON costs the whole answer.
//!
//! Therefore no answer is parsed into structs. A [`Json`] is a slice of the body. Reading a field scans the slice and
//! returns a smaller one; fields that nobody asked for are skipped and not kept. So an answer costs little memory beyond
//! its own bytes, whatever else the server adds to it. Each call scans its whole slice, so a connector asks once for all
//! fields of an object. Then a large answer is scanned once per level, and there are at most four levels.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::model::{Timestamp, Unreadable, clean_subject};
use crate::net::answer::moment;

/// The most rows that are read of one list, so that a server which sends more than it was asked for cannot fill the
/// device's memory. The other rows count as unreadable.
const MAX_ROWS: usize = 120_000;
/// The longest address of a file, in bytes. Those of storages carry a signature.
const LONGEST_ADDRESS: usize = 8 * 1024;
/// A list of more bytes than a page ever has.
const LONG_LIST: usize = 1024 * 1024;
/// The most ids of unreadable rows that are kept.
const MAX_IDS: usize = 10_000;

/// An answer's body, which is JSON.
pub(super) struct Document<'a>(Cow<'a, str>);

impl<'a> Document<'a> {
    /// Reads a body; `None` if it is not JSON. A byte-order mark is skipped. Bytes that are not UTF-8 are replaced, and
    /// so are control characters, which some servers do not escape.
    pub(super) fn of(body: &'a [u8]) -> Option<Self> {
        let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        // Nearly every body is UTF-8, and checking that costs far less than replacing what is not.
        let text = str::from_utf8(body).map_or_else(|_| String::from_utf8_lossy(body), Cow::Borrowed);
        if is_json(&text) {
            return Some(Self(text));
        }
        let printable = text.replace(|c: char| c.is_ascii_control(), " ");
        is_json(&printable).then_some(Self(Cow::Owned(printable)))
    }

    /// The whole document.
    pub(super) fn root(&self) -> Json<'_> {
        Json(self.0.trim_ascii())
    }
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<&RawValue>(text).is_ok()
}

/// A value of a document. It may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Json<'a>(&'a str);

impl Json<'_> {
    const MISSING: Self = Self("");

    /// The fields with these names. A field is missing if the object does not have it, or if this is not an object. If
    /// the object has a field twice, the last one counts.
    pub(super) fn fields<const N: usize>(self, names: [&str; N]) -> [Self; N] {
        let mut found = [Self::MISSING; N];
        self.each_field(|name, value| {
            if let Some(place) = names.iter().position(|known| known.as_bytes() == name) {
                found[place] = value;
            }
        });
        found
    }

    /// Calls `take` with the name and the value of each field of an object.
    pub(super) fn each_field(self, take: impl FnMut(&[u8], Self)) {
        if self.is_object() {
            // A slice of a document is JSON, so this cannot fail.
            serde_json::Deserializer::from_str(self.0).deserialize_map(Fields(take)).unwrap_or_default();
        }
    }

    /// Calls `take` with each element of an array. False if this is not an array.
    pub(super) fn each(self, take: impl FnMut(Self)) -> bool {
        self.0.starts_with('[') && serde_json::Deserializer::from_str(self.0).deserialize_seq(Elements(take)).is_ok()
    }

    /// Whether the document does not have this value.
    pub(super) fn is_missing(self) -> bool {
        self.0.is_empty()
    }

    /// Whether the value is missing or null.
    pub(super) fn is_null(self) -> bool {
        matches!(self.0, "" | "null")
    }

    pub(super) fn is_object(self) -> bool {
        self.0.starts_with('{')
    }

    /// A string. Half of a surrogate pair becomes U+FFFD.
    pub(super) fn string(self) -> Option<String> {
        self.string_within(usize::MAX).map(|(text, _)| text)
    }

    /// A string, cut after `largest` bytes at the most, and whether it was cut.
    pub(super) fn string_within(self, largest: usize) -> Option<(String, bool)> {
        if !self.0.starts_with('"') {
            return None;
        }
        serde_json::Deserializer::from_str(self.0).deserialize_bytes(Text { largest }).ok()
    }

    /// A string, or a number or boolean as it is written.
    pub(super) fn text(self) -> Option<String> {
        match self.0.as_bytes().first()? {
            b'"' => self.string(),
            b'{' | b'[' | b'n' => None,
            _ => Some(self.0.to_owned()),
        }
    }

    /// One line for people: a subject, or a person's name. Empty if there is none.
    pub(super) fn line(self) -> String {
        self.text().map(|text| clean_subject(&text)).unwrap_or_default()
    }

    /// One line that is not empty: an address of a person, a type, or the value of a field.
    pub(super) fn short(self) -> Option<String> {
        self.string().map(|text| clean_subject(&text)).filter(|line| !line.is_empty())
    }

    /// The address of a file. One that is too long or has a control character is none.
    pub(super) fn address(self) -> Option<String> {
        self.words().filter(|text| text.len() <= LONGEST_ADDRESS && !text.contains(char::is_control))
    }

    /// A string that is not empty.
    pub(super) fn words(self) -> Option<String> {
        self.string().filter(|text| !text.trim().is_empty())
    }

    /// A whole number, which may also be written as a string of digits.
    pub(super) fn integer(self) -> Option<i64> {
        let digits = self.0.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(self.0);
        digits.parse().ok().filter(|_| !digits.starts_with('+'))
    }

    /// The id of a row: a whole number above zero.
    pub(super) fn id(self) -> Option<i64> {
        self.integer().filter(|id| *id > 0)
    }

    pub(super) fn boolean(self) -> Option<bool> {
        match self.0 {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// A size, in bytes. An odd one is 0: sizes are hints.
    pub(super) fn size(self) -> u64 {
        let number = self.text().unwrap_or_default();
        let whole = number.trim().split('.').next().unwrap_or_default();
        whole.parse::<i64>().ok().and_then(|size| u64::try_from(size).ok()).unwrap_or_default()
    }

    /// A point in time. Servers write a year before 1970 for "never", and the last days of 9999 for "always". The first
    /// gives `None`, the second [`LATEST`].
    pub(super) fn time(self) -> Option<Timestamp> {
        let text = self.string()?;
        let always = || text.trim().starts_with("9999-").then_some(LATEST);
        moment(text.trim()).or_else(always).filter(|time| time.0 > 0)
    }

    /// Reads this list row by row. `None` if it is not an array.
    pub(super) fn rows<T>(self, mut read: impl FnMut(Self) -> Row<T>) -> Option<Rows<T>> {
        let mut rows = Rows { read: Vec::with_capacity(self.rows_to_expect()), unreadable: Unreadable::default() };
        let is_list = self.each(|row| match read(row) {
            Row::Read(row) if rows.read.len() < MAX_ROWS => rows.read.push(row),
            Row::Read(_) => add(&mut rows.unreadable, None),
            Row::Hidden => {}
            Row::Unreadable(id) => add(&mut rows.unreadable, id),
        });
        is_list.then_some(rows)
    }

    /// For how many rows to make room. Those of a long list are counted, which costs another scan: while a list grows, it is
    /// in memory twice.
    fn rows_to_expect(self) -> usize {
        let mut count = 0_usize;
        if self.0.len() > LONG_LIST {
            self.each(|_| count += 1);
        }
        count.min(MAX_ROWS)
    }
}

/// A row of a list.
pub(super) enum Row<T> {
    Read(T),
    /// A row that is left out and not counted: it is not for this user, or of a kind that is not read.
    Hidden,
    /// A row that cannot be used, with its id if that can be read.
    Unreadable(Option<i64>),
}

/// The rows of a list.
pub(super) struct Rows<T> {
    pub read: Vec<T>,
    pub unreadable: Unreadable,
}

/// Counts an unreadable row.
pub(super) fn add(unreadable: &mut Unreadable, id: Option<i64>) {
    match id {
        Some(id) if unreadable.ids.len() < MAX_IDS => unreadable.ids.push(id),
        _ => unreadable.unknown = unreadable.unknown.saturating_add(1),
    }
}

struct Fields<F>(F);

impl<'de, F: FnMut(&[u8], Json<'de>)> Visitor<'de> for Fields<F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key_seed(Name)? {
            let value: &'de RawValue = map.next_value()?;
            (self.0)(&name, Json(value.get()));
        }
        Ok(())
    }
}

/// The name of a field. A long one is cut: no field that is read has such a name.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, [u8]>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_bytes(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, [u8]>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_borrowed_bytes<E>(self, name: &'de [u8]) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(name))
    }

    fn visit_bytes<E>(self, name: &[u8]) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name.iter().take(100).copied().collect()))
    }
}

struct Elements<F>(F);

impl<'de, F: FnMut(Json<'de>)> Visitor<'de> for Elements<F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        while let Some(value) = list.next_element::<&'de RawValue>()? {
            (self.0)(Json(value.get()));
        }
        Ok(())
    }
}

/// A string of at most this many bytes.
struct Text {
    largest: usize,
}

impl Visitor<'_> for Text {
    type Value = (String, bool);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Self::Value, E> {
        if let Ok(text) = str::from_utf8(bytes)
            && text.len() <= self.largest
        {
            return Ok((text.to_owned(), false));
        }
        let mut text = String::with_capacity(bytes.len().min(self.largest));
        for chunk in bytes.utf8_chunks() {
            // The three bytes that stand for half of a surrogate pair are one character to the reader.
            let replaced = chunk.invalid().first().is_some_and(|byte| !(0x80..0xc0).contains(byte));
            for part in [chunk.valid(), if replaced { "\u{fffd}" } else { "" }] {
                let room = self.largest - text.len();
                if part.len() > room {
                    text.push_str(&part[..part.floor_char_boundary(room)]);
                    return Ok((text, true));
                }
                text.push_str(part);
            }
        }
        Ok((text, false))
    }
}

/// How far a row's time may be ahead of the server's clock. A later time is a mistake.
const LARGEST_LEAD: Duration = Duration::from_hours(24);
/// The latest time that is believed if the server tells no time: the beginning of 2100.
const LATEST: Timestamp = Timestamp(4_102_444_800_000);

/// A row's two times as they can be used. A time that cannot be read is replaced by the row's other time, or else by
/// `now`, the answer's own time. A time that is far ahead of the server's clock is cut to it.
pub(super) fn usable_times(times: [Option<Timestamp>; 2], now: Option<Timestamp>) -> [Timestamp; 2] {
    let [first, second] = times.map(|time| time.map(|time| not_after(time, now)));
    let fallback = first.or(second).or(now).unwrap_or_default();
    [first.unwrap_or(fallback), second.unwrap_or(fallback)]
}

/// What a row gives as the time of its last update, if [`usable_times`] has replaced it by `now`: a time that is far ahead, or
/// 0 for none. `None` if its times could be used, or if the server tells no time.
pub(super) fn nonsense_time(times: [Option<Timestamp>; 2], now: Option<Timestamp>) -> Option<Timestamp> {
    let given = times[1].or(times[0]).unwrap_or_default();
    let replaced = given == Timestamp(0) || now.is_some_and(|now| not_after(given, Some(now)) != given);
    (replaced && now.is_some()).then_some(given)
}

fn not_after(time: Timestamp, now: Option<Timestamp>) -> Timestamp {
    match now {
        Some(now) if time > now.plus(LARGEST_LEAD) => now,
        _ => time.min(LATEST),
    }
}
