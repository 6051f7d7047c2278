//! Cuts the long texts of a JSON answer while it arrives, so that one huge text costs no more memory than one that is kept.
//!
//! A comment of 50 MB would otherwise be more than any answer may be, and nothing of its thread could be read. Only
//! texts are cut, at the end of a character, and what is left is the same JSON. Whoever reads the text cuts it once
//! more and says so: at least a sixth of its bytes are left when its escapes are resolved, and that is still more than
//! is kept of a text.

use memchr::{memchr, memchr2};

/// How much of one text is kept, in bytes as they arrive. An escape of six bytes can stand for one.
const KEPT: usize = 6 * crate::model::LARGEST_BODY + 1024;

/// A place in a JSON answer that arrives piece by piece.
#[derive(Default)]
pub(super) struct LongTexts {
    /// How much of the present text was kept; `None` outside a text.
    text: Option<usize>,
    /// How many bytes of an escape follow.
    escape: u8,
    /// The rest of the present text is not kept.
    cutting: bool,
}

impl LongTexts {
    /// Adds the next `piece` of the answer to `body`, without what is too much of a text.
    pub(super) fn push(&mut self, piece: &[u8], body: &mut Vec<u8>) {
        // Everything from here on is kept, unless the present text is being cut.
        let (mut from, mut place) = (0, 0);
        while place < piece.len() {
            place += self.skip(&piece[place..]);
            let Some(byte) = piece.get(place).copied() else { break };
            let Some(kept) = &mut self.text else {
                // Outside a text only its beginning is searched for.
                self.text = Some(0);
                place += 1;
                continue;
            };
            if self.escape > 0 {
                // `\u` announces four digits; any other escape ends here.
                self.escape = if self.escape == ESCAPE && byte == b'u' { DIGITS } else { self.escape % ESCAPE };
                self.escape = self.escape.saturating_sub(1);
            } else if byte == b'"' {
                self.text = None;
                if std::mem::take(&mut self.cutting) {
                    from = place;
                }
                place += 1;
                continue;
            } else {
                let is_inside_character = byte & 0b1100_0000 == 0b1000_0000;
                if *kept >= KEPT && !self.cutting && !is_inside_character {
                    body.extend_from_slice(&piece[from..place]);
                    self.cutting = true;
                }
                if byte == b'\\' {
                    self.escape = ESCAPE;
                }
            }
            *kept += 1;
            place += 1;
        }
        if !self.cutting {
            body.extend_from_slice(&piece[from..]);
        }
    }

    /// How many bytes at the beginning of `rest` change nothing here: they neither begin nor end a text or an escape, and the
    /// present text does not become too long with them. Searching for these bytes costs far less than looking at each.
    fn skip(&mut self, rest: &[u8]) -> usize {
        match &mut self.text {
            None => memchr(b'"', rest).unwrap_or(rest.len()),
            Some(_) if self.escape > 0 => 0,
            Some(kept) => {
                let room = if self.cutting { rest.len() } else { rest.len().min(KEPT.saturating_sub(*kept)) };
                let plain = memchr2(b'"', b'\\', &rest[..room]).unwrap_or(room);
                *kept += plain;
                plain
            }
        }
    }
}

/// The state after a backslash.
const ESCAPE: u8 = 6;
/// The state after `\u`, one more than the digits that follow.
const DIGITS: u8 = 5;

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{KEPT, LongTexts};
    use crate::model::LARGEST_BODY;

    /// What is left of a body that arrives in pieces of this length.
    fn left(body: &str, length: usize) -> String {
        let (mut texts, mut left) = (LongTexts::default(), Vec::new());
        body.as_bytes().chunks(length).for_each(|piece| texts.push(piece, &mut left));
        String::from_utf8(left).unwrap()
    }

    #[test]
    fn what_has_no_long_text_stays_as_it_is() {
        let body = r#"{"a\"b": "Grüße \\", "c": ["\u00fc\ud83d\ude4f", 1, {"d": "\\\""}], "e": ""} "#;
        for length in 1..body.len() {
            assert_eq!(left(body, length), body, "{length}");
        }
    }

    #[test]
    fn a_long_text_is_cut_between_two_characters_and_the_rest_arrives() {
        let quotes = "\\\"".repeat(KEPT);
        for text in ["ü🙏".repeat(KEPT), "\\u00fc\\n".repeat(KEPT), format!("a{quotes}"), format!("{quotes}\\\\")] {
            let body = format!(r#"{{"before": 1, "text": "{text}", "after": ["{text}", "Schluss"]}}"#);
            for length in [7, 1_000, 65_536, body.len()] {
                let left = left(&body, length);
                assert!(left.len() < 2 * KEPT + 200, "{}", left.len());
                let value: Value = serde_json::from_str(&left).unwrap();
                assert_eq!((&value["before"], &value["after"][1]), (&json!(1), &json!("Schluss")));
                let whole: Value = serde_json::from_str(&format!("\"{text}\"")).unwrap();
                let kept = value["text"].as_str().unwrap();
                assert!(kept.len() > LARGEST_BODY && whole.as_str().unwrap().starts_with(kept));
            }
        }
    }
}
