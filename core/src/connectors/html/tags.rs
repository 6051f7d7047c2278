//! What each tag does to the page that is being read.

use html5gum::StartTag;

use super::attributes::{history, is_hidden, value};
use super::containers::{Container, Ends, Region};
use super::elements::{is_line, is_never_shown, is_paragraph, is_raw, is_void};
use super::page::{History, OpenLink, Page};
use super::picture::Picture;
use crate::model::{Format, Standing, safe_link};

/// The longest description of a picture that is written in its place, in bytes.
const LONGEST_DESCRIPTION: usize = 500;

impl Page {
    pub(super) fn start(&mut self, tag: &StartTag<()>, pictures: &mut dyn FnMut(&Picture<'_>) -> Option<u32>) {
        let name = tag.name.as_slice();
        if let Some(hidden) = &mut self.hidden {
            hidden.start(name);
            return;
        }
        if let History::Open(_, region) = &mut self.history {
            region.start(name);
        }
        let is_container = !is_void(name) && !tag.self_closing;
        if is_container && (is_never_shown(name) || self.hides && is_hidden(tag)) {
            if self.hides || is_raw(name) {
                self.hidden = Some(Region::of(name));
            }
            return;
        }
        if matches!(self.history, History::None | History::Ended(_)) && is_container {
            self.begin_history(name, history(tag));
        }
        match name {
            b"br" => self.line_break(),
            b"img" => self.picture(tag, pictures),
            b"a" => self.start_link(tag),
            b"b" | b"strong" => self.bold += 1,
            b"i" | b"em" => self.italic += 1,
            b"code" | b"tt" | b"kbd" | b"samp" => self.code += 1,
            b"blockquote" => self.contain(Container::Quote),
            b"ul" | b"menu" | b"dir" => self.contain(Container::List(None)),
            b"ol" => {
                let first = value(tag, "start").and_then(|start| start.trim().parse().ok());
                self.contain(Container::List(Some(first.unwrap_or(1))));
            }
            b"li" => {
                self.end_block();
                let number = value(tag, "value").and_then(|number| number.trim().parse().ok());
                self.marker = Some(self.containers.item(number));
            }
            b"pre" | b"xmp" | b"listing" => {
                self.contain(Container::Code);
                self.code_begins = true;
            }
            b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" => self.contain(Container::Heading),
            b"td" | b"th" => self.cell(),
            _ => self.boundary(name),
        }
    }

    pub(super) fn end(&mut self, name: &[u8]) {
        if let Some(hidden) = &mut self.hidden {
            if hidden.end(name) {
                self.hidden = None;
            }
            return;
        }
        match name {
            b"a" => self.end_link(),
            b"b" | b"strong" => self.bold = self.bold.saturating_sub(1),
            b"i" | b"em" => self.italic = self.italic.saturating_sub(1),
            b"code" | b"tt" | b"kbd" | b"samp" => self.code = self.code.saturating_sub(1),
            b"blockquote" => self.leave(Container::Quote),
            b"ul" | b"menu" | b"dir" | b"ol" => self.leave(Container::List(None)),
            b"li" => self.leave(Container::Item),
            b"pre" | b"xmp" | b"listing" => self.leave(Container::Code),
            b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" => self.leave(Container::Heading),
            // The standard says so.
            b"br" => self.line_break(),
            _ => self.boundary(name),
        }
        if let History::Open(from, region) = &mut self.history
            && region.end(name)
        {
            self.history = History::Ended(*from);
            self.end_block();
        }
    }

    /// The beginning or the end of an element that stands apart, or has lines of its own.
    fn boundary(&mut self, name: &[u8]) {
        if !self.message.is_open() || self.containers.is_in_code() {
            return;
        }
        if is_paragraph(name) {
            self.end_block();
        } else if is_line(name) {
            self.end_line(false);
        }
    }

    /// The beginning of a table's cell.
    fn cell(&mut self) {
        if self.is_in_line() {
            self.space = Some(Format::default());
            self.word("|");
            self.space = Some(Format::default());
        }
    }

    fn picture(&mut self, tag: &StartTag<()>, pictures: &mut dyn FnMut(&Picture<'_>) -> Option<u32>) {
        let address = value(tag, "src").unwrap_or_default();
        let description = value(tag, "alt").unwrap_or_default();
        let description = description.trim();
        if let Some(index) = pictures(&Picture { address: address.trim(), description }) {
            self.end_block();
            if let History::Ended(_) = self.history {
                self.history = History::None;
            }
            let standing = Standing {
                code: false,
                quotes: self.containers.quotes(),
                lists: self.containers.lists(),
                marker: self.marker.take(),
            };
            self.message.picture(standing, index);
            if let Some(link) = &mut self.link {
                link.text.push(' ');
            }
        } else if !description.is_empty() && description.len() <= LONGEST_DESCRIPTION {
            self.text(description);
        }
    }

    fn start_link(&mut self, tag: &StartTag<()>) {
        self.end_link();
        let Some(address) = value(tag, "href") else { return };
        let is_readable = address.trim().get(..7).is_some_and(|start| start.eq_ignore_ascii_case("http://"));
        self.link = Some(OpenLink {
            address: safe_link(&address),
            readable: is_readable
                .then(|| address.trim().to_owned())
                .filter(|address| !address.contains(char::is_control)),
            text: String::new(),
        });
    }

    pub(super) fn end_link(&mut self) {
        let Some(link) = self.link.take() else { return };
        if let Some(address) = &link.address {
            if link.text.is_empty() {
                // A picture that is not shown led there.
                let shown = address.strip_prefix("mailto:").or_else(|| address.strip_prefix("tel:")).unwrap_or(address);
                let shown = shown.to_owned();
                self.link = Some(link);
                self.text(&shown);
                self.link = None;
            }
        } else if let Some(address) = link.readable.filter(|address| !same_address(address, &link.text)) {
            // It cannot be opened from here, but it can be read.
            let shown = if link.text.trim().is_empty() { address } else { format!(" ({address})") };
            self.text(&shown);
        }
    }

    fn begin_history(&mut self, name: &[u8], found: Option<Ends>) {
        let Some(ends) = found else { return };
        self.end_block();
        // Nothing is folded that has nothing above it.
        let from = self.message.len();
        self.history = match (&self.history, ends) {
            (History::Ended(from), Ends::WithElement) => History::Open(*from, Region::of(name)),
            (History::Ended(from), Ends::WithPage) => History::Rest(*from),
            (_, Ends::WithElement) => History::Open(from, Region::of(name)),
            (_, Ends::WithPage) => History::Rest(from),
        };
    }
}

fn same_address(address: &str, text: &str) -> bool {
    let bare = |address: &str| {
        let address = address.trim().trim_end_matches('/').to_lowercase();
        address.strip_prefix("http://").map(str::to_owned).unwrap_or(address)
    };
    bare(address) == bare(text)
}
