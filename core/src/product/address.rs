//! The CC addresses of a draft, and what will become of each (C3).

use std::collections::HashSet;

use email_address::{EmailAddress, Options};

use super::text::{is_blank, is_unseen};
use crate::model::TicketDraft;

/// The longest address that a mail can be sent to, in bytes of UTF-8 (RFC 5321, 4.5.3.1.3, without the brackets).
const LONGEST_ADDRESS: usize = 254;

/// One address, as it would be sent.
pub(super) struct Address {
    pub text: String,
    pub fate: Fate,
}

/// What becomes of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Kept,
    /// Stands in the way of creating the ticket.
    Malformed,
    /// Dropped: an earlier one is the same.
    Repeated,
    /// Dropped: it is the user's own.
    Own,
}

/// The addresses in the order of the form; the one being typed, unless blank, is the last.
pub(super) fn addresses(draft: &TicketDraft, own: Option<&str>) -> Vec<Address> {
    let typed = Some(&draft.cc_entry).filter(|entry| !is_blank(entry));
    judge(draft.cc.iter().chain(typed).map(String::as_str), own)
}

/// What becomes of each of these, in their order.
pub(super) fn judge<'a>(addresses: impl Iterator<Item = &'a str>, own: Option<&str>) -> Vec<Address> {
    let own = own.map(folded);
    let mut seen = HashSet::new();
    let judge = |text| {
        let text = bare(text);
        let folded = folded(text);
        let fate = if !is_address(text) {
            Fate::Malformed
        } else if own.as_ref() == Some(&folded) {
            Fate::Own
        } else if seen.insert(folded) {
            Fate::Kept
        } else {
            Fate::Repeated
        };
        Address { text: text.to_owned(), fate }
    };
    addresses.map(judge).collect()
}

/// A bare address that a mail can be sent to: no display name, no address literal, a domain with a dot, nothing that
/// cannot be seen.
pub(super) fn is_address(text: &str) -> bool {
    let options = Options::default().without_display_text().without_domain_literal().with_required_tld();
    text.len() <= LONGEST_ADDRESS
        && !text.chars().any(is_unseen)
        && EmailAddress::parse_with_options(text, options).is_ok()
}

/// Without what comes along when an address is copied from a list: separators, spaces, direction marks.
fn bare(text: &str) -> &str {
    text.trim_start_matches(is_unseen).trim_end_matches(|c| is_unseen(c) || matches!(c, ',' | ';'))
}

/// Case is ignored throughout, as users and practically all mail servers do.
fn folded(address: &str) -> String {
    bare(address).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_can_be_mailed_to() {
        for good in [
            "a@b.example",
            "ada.lovelace+support@sub.reisen.example",
            "o'neil@b.example",
            "jürgen@münchen.example",
            "用户@例子.example",
        ] {
            assert!(is_address(good), "{good}");
        }
        for bad in [
            "",
            "ada",
            "ada@",
            "@b.example",
            "a@b",
            "a@b..example",
            "a b@c.example",
            "a\u{a0}b@c.example",
            "a@b.exam\u{200b}ple",
            "Ada <a@b.example>",
            "Ada<a@b.example>",
            "a@[127.0.0.1]",
            "a@b.example, c@d.example",
        ] {
            assert!(!is_address(bad), "{bad}");
        }
    }

    #[test]
    fn an_address_has_254_bytes_at_most() {
        let sized = |length: usize| {
            let domain = ["d".repeat(60), "o".repeat(60), "m".repeat(60), "example".to_owned()].join(".");
            format!("{}@{domain}", "l".repeat(length - domain.len() - 1))
        };
        assert_eq!(sized(254).len(), 254);
        assert!(is_address(&sized(254)));
        assert!(!is_address(&sized(255)));
    }

    #[test]
    fn what_was_copied_along_goes() {
        for copied in ["ada@b.example", " ada@b.example ;", "\u{202a}ada@b.example\u{202c}", "ada@b.example,;\n"] {
            assert_eq!(bare(copied), "ada@b.example", "{copied:?}");
        }
    }
}
