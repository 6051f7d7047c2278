//! Puts a message together from its parts.
//!
//! A mail is a tree of parts: alternatives of the same text, and texts and files one after the other. A mail program may break a
//! text wherever a picture stands in it, so a message can have several texts. The service gives the parts as a list, in
//! their order in the mail, each with the part that contains it.

use std::collections::{BTreeMap, BTreeSet};

use super::map::{self, Role};
use super::wire::Part;
use crate::connectors::html::Picture;
use crate::connectors::text::{Given, MessageText};
use crate::model::Attachment;

/// Containers in containers are read up to this depth.
const MAX_DEPTH: u8 = 32;

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
        let ids: BTreeSet<i64> = parts.iter().map(|part| part.id).collect();
        let knows_parents = parts.iter().any(|part| part.parent.is_some_and(|parent| ids.contains(&parent)));
        let mut shown = if knows_parents {
            let tops = parts.iter().filter(|part| part.parent.is_none_or(|parent| !ids.contains(&parent)));
            Tree { parts }.row(tops, MAX_DEPTH)
        } else {
            flat(parts)
        };
        // A picture below the text is an attachment as any other.
        let last = shown.pieces.iter().rposition(|part| map::role(part) != Role::File);
        shown.pieces.truncate(last.map_or(0, |last| last + 1));
        shown
    }

    fn of_piece(part: &'a Part) -> Self {
        let is_plain = map::role(part) == Role::Plain;
        Self { pieces: vec![part], plain: if is_plain { vec![part] } else { Vec::new() } }
    }

    fn add(&mut self, other: Self) {
        self.pieces.extend(other.pieces);
        self.plain.extend(other.plain);
    }

    fn has(&self, role: Role) -> bool {
        self.pieces.iter().any(|part| map::role(part) == role)
    }
}

/// Where the parents of parts are not known: with both forms of a text, the HTML is shown.
fn flat(parts: &[Part]) -> Shown<'_> {
    let mut shown = Shown::default();
    parts.iter().filter(|part| is_piece(part)).for_each(|part| shown.add(Shown::of_piece(part)));
    if shown.has(Role::Html) {
        shown.pieces.retain(|part| map::role(part) != Role::Plain);
    }
    shown
}

struct Tree<'a> {
    parts: &'a [Part],
}

impl<'a> Tree<'a> {
    fn row(&self, parts: impl Iterator<Item = &'a Part>, depth: u8) -> Shown<'a> {
        let mut shown = Shown::default();
        parts.for_each(|part| shown.add(self.node(part, depth)));
        shown
    }

    fn node(&self, part: &'a Part, depth: u8) -> Shown<'a> {
        if map::role(part) != Role::Container {
            return if is_piece(part) { Shown::of_piece(part) } else { Shown::default() };
        }
        if depth == 0 {
            return Shown::default();
        }
        let children = self.parts.iter().filter(|child| child.parent == Some(part.id) && child.id != part.id);
        if !part.content_type.eq_ignore_ascii_case("multipart/alternative") {
            return self.row(children, depth - 1);
        }
        let (mut rich, mut plain) = (None, None);
        for child in children {
            let shown = self.node(child, depth - 1);
            if shown.has(Role::Html) {
                rich = Some(shown);
            } else if shown.has(Role::Plain) && plain.is_none() {
                plain = Some(shown);
            }
        }
        match (rich, plain) {
            (Some(rich), Some(plain)) => Shown { pieces: rich.pieces, plain: plain.plain },
            (one, other) => one.or(other).unwrap_or_default(),
        }
    }
}

/// Whether a part is a text, or a picture that the mail shows in its place.
fn is_piece(part: &Part) -> bool {
    match map::role(part) {
        Role::Plain | Role::Html => true,
        Role::File => {
            part.content_type.to_ascii_lowercase().starts_with("image/")
                && header(part, "Content-Disposition")
                    .is_some_and(|value| value.to_ascii_lowercase().starts_with("inline"))
        }
        Role::Container => false,
    }
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
