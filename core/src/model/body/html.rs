//! Writes a message as HTML. What is written is read as the same message again.

use std::fmt::Write;

use super::block::{Block, BlockKind, Marker, Span};

/// An element that is open around the blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    Quote,
    List(&'static str),
    Item,
}

impl Open {
    fn end(self) -> &'static str {
        match self {
            Self::Quote => "</blockquote>",
            Self::List("ol") => "</ol>",
            Self::List(_) => "</ul>",
            Self::Item => "</li>",
        }
    }
}

pub(super) fn write(blocks: &[Block], picture: impl Fn(u32) -> Option<String>) -> String {
    let mut page = Page::default();
    for block in blocks {
        page.stand(block);
        match block.kind {
            BlockKind::Paragraph => {
                page.html.push_str("<p>");
                page.spans(&block.spans, "<br>");
                page.html.push_str("</p>");
            }
            BlockKind::Code => {
                // A line break directly after the tag does not count.
                page.html.push_str("<pre>\n");
                page.spans(&block.spans, "\n");
                page.html.push_str("</pre>");
            }
            BlockKind::Picture(index) => {
                if let Some(address) = picture(index) {
                    page.html.push_str("<img src=\"");
                    page.text(&address, "\n");
                    page.html.push_str("\">");
                }
            }
        }
    }
    page.close_to(0);
    page.html
}

#[derive(Default)]
struct Page {
    html: String,
    open: Vec<Open>,
}

impl Page {
    /// Opens and closes quotes and lists, until the next block stands where it should.
    fn stand(&mut self, block: &Block) {
        let quotes = self.open.iter().take_while(|open| **open == Open::Quote).count();
        let wanted = usize::from(block.quotes);
        if quotes != wanted {
            self.close_to(quotes.min(wanted));
            while self.open.len() < wanted {
                self.start(Open::Quote);
            }
        }
        let name = if matches!(block.marker, Some(Marker::Number(_))) { "ol" } else { "ul" };
        let lists = usize::from(block.lists);
        // What is open below the last list that the block stands in.
        let ends = self.open.iter().enumerate().filter(|(_, open)| matches!(open, Open::List(_)));
        let ends: Vec<usize> = ends.map(|(at, _)| at).collect();
        match ends.get(lists) {
            Some(deeper) => self.close_to(*deeper),
            None if lists == 0 => self.close_to(wanted),
            None => {}
        }
        if block.marker.is_some() && lists > 0 && ends.len() >= lists {
            let list = ends[lists - 1];
            let keeps = self.open.get(list) == Some(&Open::List(name));
            self.close_to(if keeps { list + 1 } else { list });
        }
        let mut inside = self.open.iter().filter(|open| matches!(open, Open::List(_))).count();
        while inside < lists {
            inside += 1;
            self.start(Open::List(if inside == lists { name } else { "ul" }));
        }
        if let Some(marker) = block.marker.filter(|_| lists > 0) {
            self.open.push(Open::Item);
            match marker {
                Marker::Bullet => self.html.push_str("<li>"),
                Marker::Number(number) => {
                    // Writing to a string cannot fail.
                    let _ = write!(self.html, "<li value=\"{number}\">");
                }
            }
        }
    }

    fn start(&mut self, element: Open) {
        self.html.push_str(match element {
            Open::Quote => "<blockquote>",
            Open::List("ol") => "<ol>",
            Open::List(_) => "<ul>",
            Open::Item => "<li>",
        });
        self.open.push(element);
    }

    fn close_to(&mut self, depth: usize) {
        while self.open.len() > depth {
            if let Some(open) = self.open.pop() {
                self.html.push_str(open.end());
            }
        }
    }

    /// Writes the texts of a block. A link is one element, whatever its parts look like.
    fn spans(&mut self, spans: &[Span], line_break: &str) {
        for spans in spans.chunk_by(|span, next| span.address() == next.address()) {
            let address = spans.first().and_then(Span::address);
            if let Some(address) = address {
                self.html.push_str("<a href=\"");
                self.text(address, "\n");
                self.html.push_str("\">");
            }
            for span in spans {
                let tags = [("<b>", "</b>", span.bold), ("<i>", "</i>", span.italic), ("<code>", "</code>", span.code)];
                tags.iter().filter(|(.., is)| *is).for_each(|(start, ..)| self.html.push_str(start));
                self.text(&span.text, line_break);
                tags.iter().rev().filter(|(.., is)| *is).for_each(|(_, end, _)| self.html.push_str(end));
            }
            if address.is_some() {
                self.html.push_str("</a>");
            }
        }
    }

    fn text(&mut self, text: &str, line_break: &str) {
        for c in text.chars() {
            match c {
                '&' => self.html.push_str("&amp;"),
                '<' => self.html.push_str("&lt;"),
                '>' => self.html.push_str("&gt;"),
                '"' => self.html.push_str("&quot;"),
                '\n' => self.html.push_str(line_break),
                c => self.html.push(c),
            }
        }
    }
}
