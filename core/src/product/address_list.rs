//! Splitting of a text into addresses: a field in which a user types, or into which a list is pasted from a mail program.
//!
//! A parser for mail headers does not fit: for it a semicolon ends a group, and it drops malformed addresses. This code
//! keeps everything that may be meant as an address. The check of the addresses says later what is wrong with it.

use super::text::is_invisible;

/// The addresses in a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SplitAddresses {
    /// The addresses that are complete, in order, without names. They need not be valid.
    pub addresses: Vec<String>,
    /// The end of the text: an address that is still being typed, as it was typed. Empty if there is none.
    pub rest: String,
}

/// Splits the text of a field while the user types.
///
/// An address ends at a comma, a semicolon, a line break or a tab; at a space, if it has an `@`; and at the `>` that closes it.
/// Of `Ada Lovelace <ada@b.example>` only the address is kept, and separators inside a quoted name do not count. A name may
/// have a comma in it without quotes, as in `Okafor, Ben <ben@b.example>`.
#[must_use]
pub fn split_addresses(text: &str) -> SplitAddresses {
    let mut split = Splitter { quotes: true, ..Splitter::default() };
    split.take(text);
    let rest = split.piece.trim_start_matches(is_invisible).to_owned();
    split.settle_names();
    SplitAddresses { addresses: split.addresses, rest }
}

/// All addresses in a text, including the last one, which nothing ends.
#[must_use]
pub fn all_addresses(text: &str) -> Vec<String> {
    let mut split = Splitter { quotes: true, ..Splitter::default() };
    split.take(text);
    if split.quoted {
        // A quotation mark that is never closed is a mistake. The text after it is split like any other.
        split = Splitter::default();
        split.take(text);
    }
    split.end(Separator::Line);
    split.settle_names();
    split.addresses
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Separator {
    Comma,
    /// A semicolon, a line break or a tab.
    Line,
    /// The `>` behind an address.
    Bracket,
}

#[derive(Default)]
struct Splitter {
    addresses: Vec<String>,
    /// Pieces without an `@`, each ended by a comma: the beginning of a name, if an address in brackets follows.
    names: Vec<String>,
    piece: String,
    /// Whether quotation marks protect what is between them.
    quotes: bool,
    quoted: bool,
    bracketed: bool,
}

impl Splitter {
    fn take(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '"' if self.quotes => {
                    // A backslash before it makes it a part of the name.
                    self.quoted ^= !(self.quoted && self.piece.ends_with('\\'));
                    self.piece.push(c);
                }
                _ if self.quoted => self.piece.push(c),
                '<' => {
                    self.bracketed = true;
                    self.piece.push(c);
                }
                '>' => {
                    self.piece.push(c);
                    if self.bracketed {
                        self.end(Separator::Bracket);
                    }
                }
                ',' => self.end(Separator::Comma),
                ';' | '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => self.end(Separator::Line),
                c if c.is_whitespace() && !self.bracketed && is_ended_by_space(&self.piece) => {
                    self.end(Separator::Line);
                }
                c => self.piece.push(c),
            }
        }
    }

    /// Ends the piece.
    fn end(&mut self, separator: Separator) {
        let piece = std::mem::take(&mut self.piece);
        (self.quoted, self.bracketed) = (false, false);
        let piece = piece.trim_matches(is_invisible);
        let address = without_name(piece);
        if address.is_empty() {
            if separator != Separator::Comma {
                self.settle_names();
            }
            return;
        }
        if separator == Separator::Comma && !piece.contains('@') {
            self.names.push(address.to_owned());
            return;
        }
        if separator == Separator::Bracket {
            self.names.clear();
        }
        self.settle_names();
        self.addresses.push(address.to_owned());
    }

    /// The pieces were taken for the beginning of a name. They are addresses of their own, because no address in
    /// brackets has followed.
    fn settle_names(&mut self) {
        self.addresses.append(&mut self.names);
    }
}

/// Whether a space ends this piece: it is one word, and has an `@`.
fn is_ended_by_space(piece: &str) -> bool {
    let piece = piece.trim_start_matches(is_invisible);
    piece.contains('@') && !piece.contains(char::is_whitespace) && !piece.contains('"')
}

/// The address of a piece: what is in brackets, if anything is, without `mailto:`.
fn without_name(piece: &str) -> &str {
    let bracketed = piece.strip_suffix('>').and_then(|piece| piece.rsplit_once('<')).map(|(_, address)| address);
    let address = bracketed.unwrap_or(piece).trim_matches(is_invisible);
    match address.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => &address[7..],
        _ => address,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split(text: &str) -> (Vec<String>, String) {
        let SplitAddresses { addresses, rest } = split_addresses(text);
        (addresses, rest)
    }

    #[test]
    fn a_pasted_list_is_its_addresses() {
        let two = ["ada@b.example", "ben@b.example"];
        for list in [
            r#"Ada Lovelace <ada@b.example>; "Okafor, Ben" <ben@b.example>"#,
            "ada@b.example, ben@b.example",
            ", ada@b.example,, ;ben@b.example;",
            "ada@b.example\tben@b.example",
            "ada@b.example\r\nben@b.example\r\n",
            "ada@b.example ben@b.example",
            "\u{a0}<ada@b.example><ben@b.example>",
            "Lovelace, Ada <ada@b.example>, Okafor, Ben <ben@b.example>",
            r#""Ada \"Countess\" Lovelace; née Byron" <ada@b.example>, <ben@b.example>"#,
            "mailto:ada@b.example;\u{202a}MAILTO:ben@b.example\u{202c}",
            "'Ada L.' <ada@b.example>\n\tBen Okafor <ben@b.example>",
            r#""Ada <ada@b.example>, ben@b.example"#,
        ] {
            assert_eq!(all_addresses(list), two, "{list:?}");
        }
        assert!(all_addresses(" ,;\n\u{200b}").is_empty());
    }

    #[test]
    fn what_may_be_meant_as_an_address_stays() {
        assert_eq!(all_addresses("ada, ben@b.example"), ["ada", "ben@b.example"]);
        assert_eq!(all_addresses("Ada Lovelace; ben@b.example"), ["Ada Lovelace", "ben@b.example"]);
        assert_eq!(all_addresses("ada@, @b.example"), ["ada@", "@b.example"]);
        assert_eq!(all_addresses("Ada <ada@b.example"), ["Ada <ada@b.example"]);
    }

    #[test]
    fn an_address_ends_while_it_is_typed() {
        for (typed, addresses, rest) in [
            ("ada@b.exam", &[][..], "ada@b.exam"),
            ("ada@b.example ", &["ada@b.example"], ""),
            ("ada@b.example,b", &["ada@b.example"], "b"),
            ("Ada Love", &[], "Ada Love"),
            ("Ada Lovelace <ada@b", &[], "Ada Lovelace <ada@b"),
            ("Ada Lovelace <ada@b.example>", &["ada@b.example"], ""),
            ("\"Okafor, Ben", &[], "\"Okafor, Ben"),
            ("ada,", &["ada"], ""),
            ("  ben", &[], "ben"),
            ("", &[], ""),
        ] {
            let addresses: Vec<String> = addresses.iter().map(|address| (*address).to_owned()).collect();
            assert_eq!(split(typed), (addresses, rest.to_owned()), "{typed:?}");
        }
    }

    proptest! {
        /// A valid address is found in any surroundings, and any text has an answer.
        #[test]
        fn an_address_is_never_lost(before in "[a-z ,;\n\t]{0,20}", after in "[,;\n\t][a-z\"<> ,;]{0,20}", any in "\\PC{0,60}") {
            let text = format!("{before}\n<ada@b.example>{after}");
            prop_assert!(all_addresses(&text).contains(&"ada@b.example".to_owned()), "{text:?}");
            let SplitAddresses { addresses, rest } = split_addresses(&any);
            prop_assert!(addresses.iter().all(|address| !address.is_empty() && !address.contains(['\n', '\t'])));
            prop_assert!(any.contains(&rest));
        }
    }
}
