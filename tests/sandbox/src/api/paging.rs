//! Both kinds of paging: by cursor (`page[size]`, `page[after]`) and by offset (`page`, `per_page`).
//!
//! Cursor pages ignore `sort_by` and have an order of their own, as was reported of the real service; see
//! `tickets.shuffle`.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::error::ApiError;

/// The most rows of one page.
const MAX_PAGE: i64 = 100;
/// The row after which offset pages end.
const MAX_OFFSET: i64 = 10_000;

/// A decoded query, in its original order.
pub type Query = Vec<(String, String)>;

/// The last value of a parameter.
pub fn parameter<'a>(query: &'a Query, name: &str) -> Option<&'a str> {
    query.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// The requested page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paging {
    /// The rows after a position.
    Cursor {
        /// Rows per page.
        size: i64,
        /// The position of the last row of the page before.
        after: Option<i64>,
    },
    /// The rows after a number of pages.
    Offset {
        /// The page number, from 1.
        page: i64,
        /// Rows per page.
        per_page: i64,
    },
}

/// A page of a list that was in memory.
#[derive(Debug)]
pub struct Cut<T> {
    /// The page.
    pub rows: Vec<T>,
    /// The position of its last row.
    pub last: Option<i64>,
    /// Whether there are rows after it.
    pub more: bool,
    /// The number of rows of all pages.
    pub count: i64,
}

impl Paging {
    /// Parses the paging parameters. Without any, it is the first offset page of 100 rows.
    pub fn parse(query: &Query) -> Result<Self, ApiError> {
        if parameter(query, "page[before]").is_some() {
            return Err(ApiError::Bad("page[before] is not supported by this server"));
        }
        let (size, after) = (parameter(query, "page[size]"), parameter(query, "page[after]"));
        if size.is_some() || after.is_some() {
            let size = size.map_or(Ok(MAX_PAGE), str::parse).ok().filter(|size| (1..=MAX_PAGE).contains(size));
            let size = size.ok_or(ApiError::Bad("page[size] must be a number from 1 to 100"))?;
            let after = after.filter(|cursor| !cursor.is_empty()).map(decode).transpose()?;
            return Ok(Self::Cursor { size, after });
        }
        let number = |name| match parameter(query, name).map(str::parse::<i64>) {
            None => Ok(None),
            Some(Ok(number)) if number > 0 => Ok(Some(number)),
            Some(_) => Err(ApiError::Bad("page and per_page must be positive numbers")),
        };
        let (page, per_page) = (number("page")?.unwrap_or(1), number("per_page")?.unwrap_or(MAX_PAGE).min(MAX_PAGE));
        if page.saturating_mul(per_page) > MAX_OFFSET {
            return Err(ApiError::Depth);
        }
        Ok(Self::Offset { page, per_page })
    }

    /// Cuts the page out of a short list that is in memory. The position of a row is its place in the list.
    pub fn cut<T>(self, all: Vec<T>) -> Cut<T> {
        let count = i64::try_from(all.len()).unwrap_or(i64::MAX);
        let (start, size) = match self {
            Self::Cursor { size, after } => (after.map_or(0, |after| after.saturating_add(1)), size),
            Self::Offset { page, per_page } => ((page - 1) * per_page, per_page),
        };
        let place = |place: i64| usize::try_from(place).unwrap_or_default();
        let rows: Vec<T> = all.into_iter().skip(place(start)).take(place(size)).collect();
        let end = start.saturating_add(i64::try_from(rows.len()).unwrap_or_default());
        Cut { last: (!rows.is_empty()).then_some(end - 1), more: end < count, rows, count }
    }

    /// Adds the fields that describe the page. `last` is the position of its last row, `more` whether there are further
    /// rows, `count` the number of rows in all pages, and `url` the address without a query.
    pub fn describe(self, answer: &mut Value, query: &Query, url: &str, last: Option<i64>, more: bool, count: i64) {
        match self {
            Self::Cursor { size, .. } => {
                let cursor = last.map(encode);
                let next = cursor
                    .as_deref()
                    .map(|cursor| address(url, query, &[("page[after]", cursor), ("page[size]", &size.to_string())]));
                answer["meta"] = json!({ "has_more": more, "after_cursor": cursor, "before_cursor": null });
                answer["links"] = json!({ "next": next, "prev": null });
            }
            Self::Offset { page, per_page } => {
                let to = |page: i64| {
                    address(url, query, &[("page", &page.to_string()), ("per_page", &per_page.to_string())])
                };
                answer["count"] = json!(count);
                answer["next_page"] = json!(more.then(|| to(page + 1)));
                answer["previous_page"] = json!((page > 1).then(|| to(page - 1)));
            }
        }
    }
}

fn encode(place: i64) -> String {
    URL_SAFE_NO_PAD.encode(format!("place:{place}"))
}

fn decode(cursor: &str) -> Result<i64, ApiError> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).unwrap_or_default();
    let place = std::str::from_utf8(&bytes).ok().and_then(|text| text.strip_prefix("place:"));
    place.and_then(|place| place.parse().ok()).ok_or(ApiError::Bad("page[after] is not valid"))
}

/// The address of the same query with other paging parameters.
fn address(url: &str, query: &Query, paging: &[(&str, &str)]) -> String {
    let kept = query.iter().filter(|(name, _)| name != "page" && name != "per_page" && !name.starts_with("page["));
    let pairs = kept.map(|(name, value)| (name.as_str(), value.as_str())).chain(paging.iter().copied());
    let text: Vec<String> = pairs.map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect();
    format!("{url}?{}", text.join("&"))
}

/// Percent-encodes everything but the characters that RFC 3986 leaves alone.
pub fn escape(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
            out.extend(['%', HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(pairs: &[(&str, &str)]) -> Query {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_cursor_decodes_to_the_position_it_encodes() {
        let asked = query(&[("page[size]", "20"), ("page[after]", &encode(4_611_686_018_427_387_904))]);
        assert_eq!(Paging::parse(&asked).unwrap(), Paging::Cursor { size: 20, after: Some(4_611_686_018_427_387_904) });
    }

    #[test]
    fn offset_pages_end_after_ten_thousand_rows() {
        assert!(Paging::parse(&query(&[("page", "100"), ("per_page", "100")])).is_ok());
        assert!(matches!(Paging::parse(&query(&[("page", "101"), ("per_page", "100")])), Err(ApiError::Depth)));
    }

    #[test]
    fn a_link_keeps_the_query_and_escapes_it() {
        let asked = query(&[("query", "Zahlung für Müller & Söhne"), ("page", "1")]);
        let link = address("http://desk/api", &asked, &[("page", "2")]);
        assert_eq!(link, "http://desk/api?query=Zahlung%20f%C3%BCr%20M%C3%BCller%20%26%20S%C3%B6hne&page=2");
    }
}
