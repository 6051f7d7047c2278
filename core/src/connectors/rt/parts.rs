//! Puts a message together from its parts.
//!
//! A mail is a tree of parts: alternatives of the same text, and texts and files one after the other. A mail program may break a
//! text wherever a picture stands in it, so a message can have several texts. The service gives the parts as a list, a container
//! before what it contains. It cannot say which container a part is in: it answers 500 if it is asked for the parent of
//! a part that has none. So the place in the list decides: alternatives are a plain text, and the HTML that comes next.

use std::collections::BTreeMap;

use super::map::{self, Role};
use super::wire::Part;
use crate::connectors::html::Picture;
use crate::connectors::text::{Given, MessageText};
use crate::model::Attachment;

/// What of a message is shown, and in which other forms its text came.
#[derive(Debug, Default)]
pub(super) struct Shown<'a> {
    /// The texts, and the pictures between them.
    pub pieces: Vec<&'a Part>,
    /// The same text in plain form, if the pieces are HTML.
    pub plain: Vec<&'a Part>,
}

impl<'a> Shown<'a> {
    pub(super) fn of(parts: &'a [Part]) -> Self {
        let has_containers = parts.iter().any(|part| map::role(part) == Role::Container);
        let mut shown = Self::default();
        // Alternatives have started. The plain text is one of them, or the whole text if no HTML follows.
        let mut open: Option<Option<&Part>> = None;
        for part in parts {
            match (map::role(part), open) {
                (Role::Container, _) if part.content_type.eq_ignore_ascii_case("multipart/alternative") => {
                    shown.add_plain(open.flatten());
                    open = Some(None);
                }
                (Role::Plain, Some(None)) => open = Some(Some(part)),
                (Role::Plain, _) => {
                    shown.add_plain(open.take().flatten());
                    shown.add_plain(Some(part));
                }
                (Role::Html, _) => {
                    shown.plain.extend(open.take().flatten());
                    shown.pieces.push(part);
                }
                (Role::File, _) if is_inline_picture(part) => shown.pieces.push(part),
                (Role::File | Role::Container, _) => {}
            }
        }
        shown.add_plain(open.flatten());
        if !has_containers && shown.has(Role::Html) {
            // Nothing says how the two belong together. They are forms of one text.
            shown.pieces.retain(|part| map::role(part) != Role::Plain);
        }
        // A picture below the text is an attachment as any other.
        let last = shown.pieces.iter().rposition(|part| map::role(part) != Role::File);
        shown.pieces.truncate(last.map_or(0, |last| last + 1));
        shown
    }

    fn add_plain(&mut self, part: Option<&'a Part>) {
        self.pieces.extend(part);
        self.plain.extend(part);
    }

    fn has(&self, role: Role) -> bool {
        self.pieces.iter().any(|part| map::role(part) == role)
    }
}

/// Whether a part is a picture that the mail shows in its place.
fn is_inline_picture(part: &Part) -> bool {
    let disposition = header(part, "Content-Disposition").unwrap_or_default().to_ascii_lowercase();
    part.content_type.to_ascii_lowercase().starts_with("image/") && disposition.starts_with("inline")
}

fn header<'a>(part: &'a Part, name: &str) -> Option<&'a str> {
    part.headers.lines().find_map(|line| {
        let (found, value) = line.split_once(':')?;
        found.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

/// The files of a message, and which part each of them is.
pub(super) struct Files<'a> {
    pub list: Vec<Attachment>,
    parts: Vec<&'a Part>,
}

impl<'a> Files<'a> {
    pub(super) fn of(parts: &'a [Part]) -> Self {
        let parts: Vec<&Part> = parts.iter().filter(|part| map::role(part) == Role::File).collect();
        Self { list: parts.iter().map(|part| map::file(part)).collect(), parts }
    }

    /// The index of the attachment that a picture is: a page names it by its content id.
    fn picture(&mut self, picture: &Picture<'_>) -> Option<u32> {
        let is_it = |part: &&Part| {
            if let Some(id) = picture.address.strip_prefix(OWN) {
                return id.parse() == Ok(part.id);
            }
            let named = picture.address.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("cid:"));
            let id = header(part, "Content-ID").map(|id| id.trim_matches(['<', '>']));
            named && id.is_some_and(|id| Some(id) == picture.address.get(4..))
        };
        let at = self.parts.iter().position(is_it)?;
        self.list[at].inline = true;
        u32::try_from(at).ok()
    }
}

/// How [`message`] names a part. A page that uses it itself finds no more than the files of its own message.
const OWN: &str = "part:";

/// The text of a message. `texts` has the contents of its parts; `None` if one that is shown is missing.
pub(super) fn message(shown: &Shown<'_>, files: &mut Files<'_>, texts: &BTreeMap<i64, Given>) -> Option<MessageText> {
    let given = |part: &Part| texts.get(&part.id).cloned();
    let has_html = shown.has(Role::Html);
    if !has_html && shown.pieces.iter().all(|part| map::role(part) == Role::Plain) {
        let whole = shown.pieces.iter().map(|part| given(part)).collect::<Option<Vec<_>>>()?;
        return Some(MessageText::of(joined(whole), None, &mut |_| None));
    }
    let (mut page, mut is_cut) = (String::new(), false);
    for part in &shown.pieces {
        if map::role(part) == Role::File {
            page.extend(["<img src=\"", OWN, &part.id.to_string(), "\">"]);
            continue;
        }
        let (text, cut) = given(part)?;
        is_cut |= cut;
        if map::role(part) == Role::Html && shown.pieces.len() == 1 {
            page = text;
        } else if map::role(part) == Role::Html {
            page.extend(["<div>", &text, "</div>"]);
        } else {
            page.push_str(&as_page(&text));
        }
    }
    let plain: Vec<Given> = shown.plain.iter().filter_map(|part| given(part)).collect();
    Some(MessageText::of(joined(plain), Some((page, is_cut)), &mut |picture| files.picture(picture)))
}

fn joined(texts: Vec<Given>) -> Option<Given> {
    let is_cut = texts.iter().any(|(_, cut)| *cut);
    let texts: Vec<String> = texts.into_iter().map(|(text, _)| text.trim_end().to_owned()).collect();
    let joined = texts.join("\n\n");
    (!joined.trim().is_empty()).then_some((joined, is_cut))
}

/// A plain text as a page.
fn as_page(text: &str) -> String {
    let mut page = String::from("<div>");
    for line in text.lines() {
        let line = line.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace("  ", "\u{a0} ");
        page.push_str(&line);
        page.push_str("<br>");
    }
    page.push_str("</div>");
    page
}
