//! Which addresses a text may lead to, and which addresses stand in a plain text.

use std::sync::OnceLock;

use linkify::{LinkFinder, LinkKind};
use url::Url;

use super::block::{Link, Span};

/// A longer address is no link, in bytes.
pub const LONGEST_LINK: usize = 2_000;

/// The address as it is opened: https, mailto or tel, with the host in ASCII. `None` for every other address.
#[must_use]
pub fn safe_link(address: &str) -> Option<String> {
    let address = address.trim();
    if address.len() > LONGEST_LINK {
        return None;
    }
    let url = Url::parse(address).ok()?;
    let leads_somewhere = match url.scheme() {
        "https" => url.has_host(),
        "mailto" | "tel" => !url.path().trim().is_empty(),
        _ => false,
    };
    (leads_somewhere && url.as_str().len() <= LONGEST_LINK).then(|| url.into())
}

/// Whether a text that leads to `address` looks like another address.
pub(super) fn differs(text: &str, address: &str) -> bool {
    let Ok(address) = Url::parse(address) else { return true };
    if !address.username().is_empty() || address.password().is_some() {
        // What stands before the @ looks like a host, and is none.
        return true;
    }
    let text = text.trim();
    if address.scheme() == "tel" {
        let (shown, called) = (digits(text), digits(address.path()));
        return shown.len() >= FEWEST_DIGITS && !called.ends_with(shown.trim_start_matches('0'));
    }
    finder(true).links(text).any(|found| {
        let shown = found.as_str();
        if *found.kind() == LinkKind::Email {
            return address.scheme() != "mailto" || !address.path().eq_ignore_ascii_case(shown);
        }
        let shown =
            Url::parse(shown).ok().filter(Url::has_host).or_else(|| Url::parse(&format!("https://{shown}")).ok());
        host(shown.as_ref()) != host(Some(&address))
    })
}

/// A text with fewer digits is no telephone number.
const FEWEST_DIGITS: usize = 5;

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

fn host(url: Option<&Url>) -> Option<&str> {
    let host = url?.host_str()?;
    Some(host.strip_prefix("www.").unwrap_or(host))
}

/// The spans, with links where a plain text has addresses.
pub(super) fn with_addresses(spans: Vec<Span>) -> Vec<Span> {
    let mut linked = Vec::with_capacity(spans.len());
    for span in spans {
        if span.link.is_some() || span.code {
            linked.push(span);
            continue;
        }
        let mut rest = 0;
        let mut add = |from: usize, to: usize, link: Option<Link>| {
            if from < to {
                let text = span.text.get(from..to).unwrap_or_default();
                linked.push(Span { link, ..span.with_text(text) });
            }
        };
        for found in finder(false).links(&span.text) {
            let mailto = if *found.kind() == LinkKind::Email { "mailto:" } else { "" };
            let Some(address) = safe_link(&format!("{mailto}{}", found.as_str())) else { continue };
            add(rest, found.start(), None);
            add(found.start(), found.end(), Some(Link { differs: differs(found.as_str(), &address), address }));
            rest = found.end();
        }
        add(rest, span.text.len(), None);
    }
    linked
}

/// Finds addresses; `bare` ones as well, which have no scheme.
fn finder(bare: bool) -> &'static LinkFinder {
    static FINDERS: OnceLock<[LinkFinder; 2]> = OnceLock::new();
    let [with_scheme, without] = FINDERS.get_or_init(|| {
        [true, false].map(|must| {
            let mut finder = LinkFinder::new();
            finder.url_must_have_scheme(must);
            finder
        })
    });
    if bare { without } else { with_scheme }
}
