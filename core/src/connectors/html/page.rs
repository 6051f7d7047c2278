//! Takes a page tag by tag, and writes the message.
//!
//! White space is collapsed as a browser does. A line break is written when the next text comes, so that breaks at the end of
//! an element do not count: one makes a line, two make a block. An element that has lines of its own (`div`) makes sure of one
//! break, a paragraph of two. Bold, italic and code are counted and may overlap, because mails are not nested well.

use html5gum::StartTag;

use super::Picture;
use super::attributes::{history, is_hidden, value};
use super::containers::{Container, Containers, Ends, Region};
use crate::model::{Format, Marker, Standing, Structure, StructureBuilder, is_forward_line, safe_link};

/// A longer description of a picture is not written in its place, in bytes.
const LONGEST_DESCRIPTION: usize = 500;

/// A page that is being read.
pub(super) struct Page {
    message: StructureBuilder,
    containers: Containers,
    /// The line breaks before the next text.
    breaks: u8,
    /// Where the present line begins in the open block.
    line: usize,
    /// Whether the present line has nothing, or no-break spaces only.
    is_blank: bool,
    /// A space comes before the next text in its line. It looks like the text that it stands behind.
    space: Option<Format>,
    marker: Option<Marker>,
    bold: usize,
    italic: usize,
    code: usize,
    link: Option<OpenLink>,
    /// Whether elements that are not shown are left out.
    hides: bool,
    hidden: Option<Region>,
    history: History,
    /// A line break directly after the tag of a code block does not count.
    code_begins: bool,
}

/// The link that is open.
struct OpenLink {
    /// The address; `None` if it cannot be opened.
    address: Option<String>,
    /// An address that can only be read: without encryption.
    readable: Option<String>,
    /// What was written in it.
    text: String,
}

#[derive(Default)]
enum History {
    #[default]
    None,
    /// It began with this block, and its element is open.
    Open(usize, Region),
    /// It began with this block, and its element has ended.
    Ended(usize),
    /// Everything from this block on.
    Rest(usize),
}

impl Page {
    pub(super) fn new(hides: bool) -> Self {
        Self {
            message: StructureBuilder::default(),
            containers: Containers::default(),
            breaks: 0,
            line: 0,
            is_blank: true,
            space: None,
            marker: None,
            bold: 0,
            italic: 0,
            code: 0,
            link: None,
            hides,
            hidden: None,
            history: History::None,
            code_begins: false,
        }
    }

    /// Whether an element that is not shown was not closed.
    pub(super) fn hides_the_rest(&self) -> bool {
        self.hidden.is_some()
    }

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

    /// Writes text from between tags.
    pub(super) fn text(&mut self, text: &str) {
        if self.hidden.is_some() {
            return;
        }
        if self.containers.is_in_code() {
            self.code_text(text);
            return;
        }
        let mut rest = text;
        while !rest.is_empty() {
            let words = rest.trim_start_matches(is_space);
            if words.len() < rest.len() && self.space.is_none() {
                self.space = Some(self.format());
            }
            let end = words.find(|c: char| is_space(c) || c.is_control()).unwrap_or(words.len());
            self.word(&words[..end]);
            rest = words[end..].trim_start_matches(|c: char| c.is_control() && !is_space(c));
        }
    }

    fn code_text(&mut self, text: &str) {
        let text = if std::mem::take(&mut self.code_begins) { text.strip_prefix('\n').unwrap_or(text) } else { text };
        let text: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
        if !text.is_empty() && (self.message.is_open() || !text.trim().is_empty()) {
            self.open_block();
            self.write(&text);
        }
    }

    /// Writes a word, with what comes before it.
    fn word(&mut self, word: &str) {
        if word.is_empty() {
            return;
        }
        if self.breaks > 1 {
            self.end_block();
        }
        if !self.message.is_open() {
            let word = word.trim_start();
            if word.is_empty() {
                return;
            }
            self.open_block();
            self.write(word);
            return;
        }
        if std::mem::take(&mut self.breaks) > 0 {
            self.space = None;
            self.message.write("\n", &Format::default());
            self.line = self.message.open_text().len();
            self.is_blank = true;
        }
        let is_in_line = self.message.open_text().len() > self.line;
        if let Some(format) = self.space.take().filter(|_| is_in_line) {
            self.message.write(" ", &format);
        }
        self.write(word);
    }

    fn open_block(&mut self) {
        if self.message.is_open() {
            return;
        }
        if let History::Ended(_) = self.history {
            // Somebody has answered below it.
            self.history = History::None;
        }
        self.message.open(Standing {
            code: self.containers.is_in_code(),
            quotes: self.containers.quotes(),
            lists: self.containers.lists(),
            marker: self.marker.take(),
        });
        (self.breaks, self.line, self.is_blank, self.space) = (0, 0, true, None);
    }

    fn write(&mut self, text: &str) {
        self.is_blank &= text.trim_start().is_empty();
        if let Some(link) = &mut self.link {
            link.text.push_str(text);
        }
        let format = self.format();
        self.message.write(text, &format);
    }

    fn format(&self) -> Format {
        Format {
            bold: self.bold > 0 || self.containers.is_in_heading(),
            italic: self.italic > 0,
            code: self.code > 0 && !self.containers.is_in_code(),
            link: self.link.as_ref().and_then(|link| link.address.clone()),
        }
    }

    fn end_block(&mut self) {
        if self.message.is_open() {
            self.message.close();
        }
        (self.breaks, self.line, self.is_blank, self.space) = (0, 0, true, None);
    }

    fn contain(&mut self, container: Container) {
        self.end_block();
        self.containers.start(container);
    }

    fn leave(&mut self, container: Container) {
        self.end_block();
        self.containers.end(container);
        if matches!(container, Container::Item | Container::List(_)) {
            // An item without a text.
            self.marker = None;
        }
        self.code_begins = false;
    }

    /// Whether something stands in the present line.
    fn is_in_line(&self) -> bool {
        self.message.is_open() && self.breaks == 0 && !self.is_blank
    }

    /// Ends the present line. A line without a text ends only if it is `asked` for.
    fn end_line(&mut self, asked: bool) {
        if self.is_in_line() {
            self.breaks = 1;
        } else if !self.message.is_open() {
            // A block begins without blank lines.
        } else if self.breaks == 0 {
            // The line has no-break spaces only, as blank lines in mails have.
            self.message.cut(self.line);
            self.is_blank = true;
            self.breaks = 2;
        } else if asked {
            self.breaks = 2;
        }
    }

    fn line_break(&mut self) {
        if self.containers.is_in_code() {
            self.code_text("\n");
        } else {
            self.end_line(true);
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

    fn end_link(&mut self) {
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

    pub(super) fn finish(mut self) -> (String, Option<Structure>) {
        self.end_link();
        self.end_block();
        let history = match self.history {
            History::None => None,
            History::Open(from, _) | History::Ended(from) | History::Rest(from) => Some(from),
        };
        let is_below = |from: &usize| *from > 0 && *from < self.message.len();
        let history = history.filter(is_below).filter(|from| !is_forward_line(self.message.text_of(*from)));
        self.message.set_history(history);
        self.message.finish()
    }
}

fn same_address(address: &str, text: &str) -> bool {
    let bare = |address: &str| {
        let address = address.trim().trim_end_matches('/').to_lowercase();
        address.strip_prefix("http://").map(str::to_owned).unwrap_or(address)
    };
    bare(address) == bare(text)
}

/// The white space that HTML collapses.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}')
}

/// Elements that have no end.
fn is_void(name: &[u8]) -> bool {
    matches!(
        name,
        b"area"
            | b"base"
            | b"basefont"
            | b"bgsound"
            | b"br"
            | b"col"
            | b"embed"
            | b"frame"
            | b"hr"
            | b"img"
            | b"input"
            | b"keygen"
            | b"link"
            | b"meta"
            | b"param"
            | b"source"
            | b"track"
            | b"wbr"
    )
}

/// Elements whose contents are for programs.
fn is_never_shown(name: &[u8]) -> bool {
    is_raw(name)
        || matches!(
            name,
            b"template" | b"object" | b"applet" | b"svg" | b"math" | b"audio" | b"video" | b"canvas" | b"datalist"
        )
}

/// Elements whose contents the tokenizer gives as one text.
fn is_raw(name: &[u8]) -> bool {
    matches!(name, b"script" | b"style" | b"title" | b"iframe" | b"noembed" | b"noframes" | b"noscript")
}

/// Elements that stand apart from what is around them.
fn is_paragraph(name: &[u8]) -> bool {
    matches!(
        name,
        b"p" | b"hr" | b"table" | b"dl" | b"figure" | b"fieldset" | b"section" | b"article" | b"header" | b"footer"
    )
}

/// Elements with lines of their own.
fn is_line(name: &[u8]) -> bool {
    matches!(
        name,
        b"div"
            | b"tr"
            | b"dt"
            | b"dd"
            | b"address"
            | b"aside"
            | b"body"
            | b"caption"
            | b"center"
            | b"details"
            | b"figcaption"
            | b"form"
            | b"hgroup"
            | b"html"
            | b"legend"
            | b"main"
            | b"nav"
            | b"option"
            | b"search"
            | b"summary"
            | b"tbody"
            | b"thead"
            | b"tfoot"
    )
}
