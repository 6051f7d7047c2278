//! Validation of CC addresses: which are kept, and why the others are not (`docs/product.md`, C3).

use std::collections::HashSet;

use email_address::{EmailAddress, Options};
use unicode_normalization::UnicodeNormalization;

use super::address_list::all_addresses;
use super::text::is_invisible;
use crate::model::TicketDraft;

/// The longest address that mail can be sent to, in bytes of UTF-8 (RFC 5321, 4.5.3.1.3, without the brackets).
const LONGEST_ADDRESS: usize = 254;

/// An address as it would be sent.
pub(super) struct Address {
    pub text: String,
    pub verdict: Verdict,
}

/// The result of validating an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Kept,
    /// An error: the ticket cannot be created.
    Malformed,
    /// Dropped, because it is the same as an earlier one.
    Repeated,
    /// Dropped, because it is the user's own.
    Own,
}

/// Validates the addresses of a draft, in the order of the form. What is being typed comes last; it may be a list that
/// was pasted.
pub(super) fn addresses(draft: &TicketDraft, own: Option<&str>) -> Vec<Address> {
    let typed = all_addresses(&draft.cc_entry);
    validate(draft.cc.iter().chain(&typed).map(String::as_str), own)
}

/// Validates a field that takes one address.
pub(super) fn single(text: &str) -> Address {
    // Somebody may paste it with a name, as it stands in a list.
    let alone = <[String; 1]>::try_from(all_addresses(text)).ok();
    let text = trimmed(alone.as_ref().map_or(text, |[address]| address));
    Address { text: text.to_owned(), verdict: if is_address(text) { Verdict::Kept } else { Verdict::Malformed } }
}

/// Validates the addresses, in their order. `own` is the user's own address.
pub(super) fn validate<'a>(addresses: impl Iterator<Item = &'a str>, own: Option<&str>) -> Vec<Address> {
    let own = own.map(folded);
    let mut seen = HashSet::new();
    let validate = |text| {
        let Address { text, verdict } = single(text);
        let folded = folded(&text);
        let verdict = if verdict == Verdict::Malformed {
            Verdict::Malformed
        } else if own.as_ref() == Some(&folded) {
            Verdict::Own
        } else if seen.insert(folded) {
            Verdict::Kept
        } else {
            Verdict::Repeated
        };
        Address { text, verdict }
    };
    addresses.map(validate).collect()
}

/// Leaves out the names that stand for one of the addresses: a help desk that knows no more of a person than an address
/// names the person after it ("jörg.müller@…" becomes "Jörg Müller"). Letters and digits are compared, without case. An
/// address stands for one name at most, because two people can have the same one.
pub(crate) fn names_beside_addresses(addresses: &[String], mut names: Vec<String>) -> Vec<String> {
    let mut unnamed: Vec<[String; 2]> =
        addresses.iter().map(|address| [compared(local_part(address)), compared(address)]).collect();
    names.retain(|name| {
        let name = compared(name);
        let found = unnamed.iter().position(|forms| !name.is_empty() && forms.contains(&name));
        found.map(|index| unnamed.swap_remove(index)).is_none()
    });
    names
}

fn local_part(address: &str) -> &str {
    address.rsplit_once('@').map_or(address, |(local, _)| local)
}

fn compared(text: &str) -> String {
    text.nfkc().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether `text` is an address that mail can be sent to: without a display name or an address literal, without
/// invisible characters, and with a domain that can have a mail server.
///
/// A name in quotation marks before the `@` is refused, although RFC 5322 allows one. No provider gives such addresses, web
/// forms refuse them (HTML, `input type=email`), and what stands between the marks may be a whole pasted list.
pub(super) fn is_address(text: &str) -> bool {
    let options = Options::default().without_display_text().without_domain_literal().with_required_tld();
    text.len() <= LONGEST_ADDRESS
        && !text.chars().any(|c| c == '"' || is_invisible(c))
        && EmailAddress::parse_with_options(text, options).is_ok_and(|address| is_domain(address.domain()))
}

/// Whether `domain` is a name in the public domain name system: letters of any script, digits and hyphens in the right
/// places, and a last label that is no number. Without that, `127.0.0.1` would be a domain.
fn is_domain(domain: &str) -> bool {
    let Ok(ascii) = idna::domain_to_ascii_strict(domain) else { return false };
    let last = ascii.rsplit('.').next().unwrap_or_default();
    last.len() >= 2 && last.starts_with(|c: char| c.is_ascii_alphabetic()) && last.len() < ascii.len()
}

/// The address without the separators, spaces and direction marks that come with it when it is copied from a list.
fn trimmed(text: &str) -> &str {
    text.trim_start_matches(is_invisible).trim_end_matches(|c| is_invisible(c) || matches!(c, ',' | ';'))
}

/// The form in which addresses are compared. Case is ignored in the whole address, as users and practically all mail
/// servers do.
fn folded(address: &str) -> String {
    trimmed(address).to_lowercase()
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
            "ada@1and1.example",
            "ada@b-c.xn--p1ai",
            "ada@почта.рф",
            "ada@3.b.museum",
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
            "ada@b.123",
            "ada@127.0.0.1",
            "ada@10.1",
            "ada@b.0x1f",
            "ada@b_c.example",
            "ada@_mail.example",
            "ada@-b.example",
            "ada@b-.example",
            "ada@b.example-",
            "ada@b.e",
            "ada@b.example.",
            "ada@.example",
            "ada@b!c.example",
            "ada@b.example:25",
            "ada@xn--.example",
            ".ada@b.example",
            "ada..l@b.example",
            "\"ada lovelace\"@b.example",
            "\", <~x, ben@b.example, \"<y>,d\"@b.example",
            "\"\"@b.example",
        ] {
            assert!(!is_address(bad), "{bad}");
        }
    }

    #[test]
    fn the_name_beside_an_address_is_left_out() {
        let validated = validate(["Ada <ada@b.example>", "a@b.example, c@d.example"].into_iter(), None);
        let texts: Vec<_> = validated.iter().map(|address| (&*address.text, address.verdict)).collect();
        assert_eq!(texts, [("ada@b.example", Verdict::Kept), ("a@b.example, c@d.example", Verdict::Malformed)]);
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
    fn separators_around_a_copied_address_are_removed() {
        for copied in ["ada@b.example", " ada@b.example ;", "\u{202a}ada@b.example\u{202c}", "ada@b.example,;\n"] {
            assert_eq!(trimmed(copied), "ada@b.example", "{copied:?}");
        }
    }

    #[test]
    fn a_name_that_stands_for_an_address_is_left_out_and_every_other_name_stays() {
        let beside = |addresses: &[&str], names: &[&str]| {
            let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
            names_beside_addresses(&owned(addresses), owned(names))
        };
        for stands_for_it in
            ["jörg.müller", "Jörg Müller", "JÖRG MÜLLER", "Jo\u{308}rg Mu\u{308}ller", "jörg.müller@reisen.example"]
        {
            assert_eq!(beside(&["jörg.müller@reisen.example"], &[stands_for_it]), [""; 0], "{stands_for_it}");
        }
        for other in ["Jörg", "Jörg Müller (Einkauf)", "🧾", "جورج", "müller.jörg"] {
            assert_eq!(beside(&["jörg.müller@reisen.example", "+@reisen.example"], &[other]), [other]);
        }
        let two = ["info@nordlicht.example", "info@reisen.example"];
        assert_eq!(beside(&two, &["Info", "info", "Info"]), ["Info"], "each address stands for one");
        assert_eq!(beside(&[], &["Clara Soto"]), ["Clara Soto"]);
        assert_eq!(beside(&["clara@reisen.example"], &[]), [""; 0]);
    }
}
