//! Takes a page tag by tag, and writes the message.
//!
//! White space is collapsed as a browser does. Line breaks are counted, and written only when the next text comes. So breaks
//! at the end of an element are dropped. One break begins a new line, and two begin a new block. An element such as `div`
//! begins a new line, and a paragraph begins a new block. Bold, italic and code are counted separately, because the tags of
//! mails often overlap instead of being nested.

use super::containers::{Container, Containers, Region};
use crate::model::{Format, Marker, Standing, Structure, StructureBuilder, is_forward_line};

/// A page that is being read.
pub(super) struct Page {
    pub(super) message: StructureBuilder,
    pub(super) containers: Containers,
    /// The line breaks before the next text.
    pub(super) breaks: u8,
    /// Where the present line begins in the open block.
    pub(super) line: usize,
    /// Whether the present line has nothing, or no-break spaces only.
    pub(super) is_blank: bool,
    /// A space comes before the next text in its line. It looks like the text that it stands behind.
    pub(super) space: Option<Format>,
    pub(super) marker: Option<Marker>,
    pub(super) bold: usize,
    pub(super) italic: usize,
    pub(super) code: usize,
    pub(super) link: Option<OpenLink>,
    /// Whether elements that are not shown are left out.
    pub(super) hides: bool,
    pub(super) hidden: Option<Region>,
    pub(super) history: History,
    /// A line break directly after the tag of a code block does not count.
    pub(super) code_begins: bool,
}

/// The link that is open.
pub(super) struct OpenLink {
    /// The address; `None` if it cannot be opened.
    pub(super) address: Option<String>,
    /// An address that can only be read: without encryption.
    pub(super) readable: Option<String>,
    /// What was written in it.
    pub(super) text: String,
}

#[derive(Default)]
pub(super) enum History {
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

    pub(super) fn code_text(&mut self, text: &str) {
        let text = if std::mem::take(&mut self.code_begins) { text.strip_prefix('\n').unwrap_or(text) } else { text };
        let text: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
        if !text.is_empty() && (self.message.is_open() || !text.trim().is_empty()) {
            self.open_block();
            self.write(&text);
        }
    }

    /// Writes a word, with what comes before it.
    pub(super) fn word(&mut self, word: &str) {
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

    pub(super) fn open_block(&mut self) {
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

    pub(super) fn end_block(&mut self) {
        if self.message.is_open() {
            self.message.close();
        }
        (self.breaks, self.line, self.is_blank, self.space) = (0, 0, true, None);
    }

    pub(super) fn contain(&mut self, container: Container) {
        self.end_block();
        self.containers.start(container);
    }

    pub(super) fn leave(&mut self, container: Container) {
        self.end_block();
        self.containers.end(container);
        if matches!(container, Container::Item | Container::List(_)) {
            // An item without a text.
            self.marker = None;
        }
        self.code_begins = false;
    }

    /// Whether something stands in the present line.
    pub(super) fn is_in_line(&self) -> bool {
        self.message.is_open() && self.breaks == 0 && !self.is_blank
    }

    /// Ends the present line. A line without a text ends only if it is `asked` for.
    pub(super) fn end_line(&mut self, asked: bool) {
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

    pub(super) fn line_break(&mut self) {
        if self.containers.is_in_code() {
            self.code_text("\n");
        } else {
            self.end_line(true);
        }
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

/// The white space that HTML collapses.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}')
}
