//! An article, as the service's JSON has it.
//!
//! An article has a name, a summary, and the custom fields of its class. The service does not say which of these is the
//! text. So the text is that of the first field that has one, among the fields of a type for texts, in the company's
//! order. The service returns the fields themselves in any order; only the article's links keep the company's.

use super::pictures::Pictures;
use crate::connectors::json::{Json, Row, usable_times};
use crate::connectors::rt::wire;
use crate::connectors::text::{Given, LARGEST_HTML, MessageText};
use crate::model::{ArticleId, RemoteArticle, RemoteSection, SectionId, Timestamp};
use crate::net::Origin;

/// The language of every article, as far as the service tells: it knows of none.
pub(super) const LANGUAGE: &str = "und";

/// The fields to request for an article, for its class, and for its custom fields.
pub(super) const FIELDS: [(&str, &str); 3] = [
    ("fields", "Name,Summary,Class,SortOrder,Disabled,Created,LastUpdated,CustomFields,_hyperlinks"),
    ("fields[Class]", "Name,SortOrder,Disabled"),
    ("fields[CustomFields]", "Type"),
];

/// The section of the articles whose class has no name for this user. No class has this id.
const NAMELESS: SectionId = SectionId(0);
/// The most custom fields that are read of an article.
const MAX_FIELDS: usize = 1_000;
/// The most values that are read of a custom field.
const MAX_VALUES: usize = 100;

/// The kinds of custom fields that hold texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Html,
    Text,
    /// Markup of a wiki. It is shown as it was written.
    Wiki,
}

/// The ends of elements of HTML within a line, and what has no end.
const INLINE: &[&str] = &["</a>", "</b>", "</i>", "</u>", "</em>", "</strong>", "</span>", "</code>", "<img "];
/// The ends of elements that break lines themselves, and the break.
const BLOCKS: &[&str] = &[
    "</p>",
    "</div>",
    "</li>",
    "</h1>",
    "</h2>",
    "</h3>",
    "</h4>",
    "</pre>",
    "</td>",
    "</blockquote>",
    "<br>",
    "<br/>",
    "<br />",
];

/// Reads an article, and adds its class to `sections`, unless it is there or has no name. `now` is the time of the answer by the
/// server's clock.
pub(super) fn article(
    row: Json<'_>,
    now: Option<Timestamp>,
    origin: Option<&Origin>,
    sections: &mut Vec<RemoteSection>,
) -> Row<RemoteArticle> {
    let [id, name, summary, class, order, disabled, created, updated, custom, links] = row.fields([
        "id",
        "Name",
        "Summary",
        "Class",
        "SortOrder",
        "Disabled",
        "Created",
        "LastUpdated",
        "CustomFields",
        "_hyperlinks",
    ]);
    let Some(id) = id.id() else { return Row::Unreadable(None) };
    let [class_disabled] = class.fields(["Disabled"]);
    if is_set(disabled) || is_set(class_disabled) {
        return Row::Hidden;
    }
    // What has no title cannot be shown in a list.
    let title = name.line();
    if title.is_empty() {
        return Row::Unreadable(Some(id));
    }
    let section = section(class);
    let place = section.as_ref().map_or(NAMELESS, |section| section.id);
    sections.extend(section.filter(|section| sections.iter().all(|known| known.id != section.id)));
    let [_, updated_at] = usable_times([created.time(), updated.time()], now);
    let mut pictures = Pictures::of(origin);
    let text = text(custom, links, summary, &mut pictures);
    Row::Read(RemoteArticle {
        id: ArticleId(id),
        section: place,
        title,
        body: text.body,
        structure: text.structure,
        pictures: pictures.list,
        shortened: text.shortened,
        locale: LANGUAGE.to_owned(),
        source_locale: LANGUAGE.to_owned(),
        updated_at,
        // The service does not tell an edited text from any other change.
        edited_at: updated_at,
        outdated: false,
        promoted: false,
        position: order.integer().unwrap_or(i64::MAX),
    })
}

fn is_set(flag: Json<'_>) -> bool {
    flag.integer().is_some_and(|flag| flag != 0)
}

/// The class as a section. `None` without a name: whoever may see a class's articles may not always see the class.
fn section(class: Json<'_>) -> Option<RemoteSection> {
    let [name, order] = class.fields(["Name", "SortOrder"]);
    let id = wire::id(class).filter(|id| *id > 0)?;
    let name = name.line();
    (!name.is_empty()).then(|| RemoteSection {
        id: SectionId(id),
        category: None,
        parent: None,
        name,
        position: order.integer().unwrap_or(i64::MAX),
    })
}

/// The text of an article: that of a custom field, or the summary if none has a text.
fn text(custom: Json<'_>, links: Json<'_>, summary: Json<'_>, pictures: &mut Pictures<'_>) -> MessageText {
    let mut order: Vec<i64> = Vec::new();
    links.each(|link| {
        let [what] = link.fields(["ref"]);
        let id = wire::id(link).filter(|_| what.string().as_deref() == Some("customfield"));
        order.extend(id.filter(|_| order.len() < MAX_FIELDS));
    });
    let mut fields = Vec::new();
    custom.each(|field| {
        let [kind, values] = field.fields(["Type", "values"]);
        let kind = kind.string();
        let kind = match kind.as_deref() {
            Some("HTML") => Kind::Html,
            Some("Text") => Kind::Text,
            Some("Wikitext") => Kind::Wiki,
            _ => return,
        };
        if fields.len() < MAX_FIELDS {
            let id = wire::id(field).unwrap_or(i64::MAX);
            let place = order.iter().position(|known| *known == id).unwrap_or(usize::MAX);
            fields.push((place, id, kind, values));
        }
    });
    fields.sort_by_key(|(place, id, ..)| (*place, *id));
    let mut texts = fields.into_iter().map(|(_, _, kind, values)| of_field(kind, values, pictures));
    let given = texts.find(|text| !text.body.trim().is_empty() || text.structure.is_some());
    given.unwrap_or_else(|| MessageText::of(summary.string_within(LARGEST_HTML), None, &mut |_| None))
}

/// The text of a custom field, which may have several values.
fn of_field(kind: Kind, values: Json<'_>, pictures: &mut Pictures<'_>) -> MessageText {
    let mut texts: Vec<Given> = Vec::new();
    let mut room = LARGEST_HTML;
    values.each(|value| {
        let text = value.string_within(room).filter(|_| texts.len() < MAX_VALUES);
        room -= text.as_ref().map_or(0, |(text, _)| text.len());
        texts.extend(text.filter(|(text, _)| !text.trim().is_empty()));
    });
    let is_cut = texts.iter().any(|(_, is_cut)| *is_cut);
    let mut texts: Vec<String> = texts.into_iter().map(|(text, _)| text).collect();
    if kind == Kind::Text && texts.iter().any(|text| has_elements(text, &[INLINE, BLOCKS].concat())) {
        for text in texts.iter_mut().filter(|text| !has_elements(text, BLOCKS)) {
            *text = text.replace('\n', "<br>");
        }
    } else if kind != Kind::Html {
        return MessageText::of([(texts.join("\n\n"), is_cut)], None, &mut |_| None);
    }
    let page = match texts.len() {
        1 => texts.remove(0),
        _ => format!("<div>{}</div>", texts.join("</div><div>")),
    };
    MessageText::of([], Some((page, is_cut)), &mut |picture| pictures.picture(picture))
}

fn has_elements(text: &str, elements: &[&str]) -> bool {
    text.match_indices('<').any(|(at, _)| {
        let rest = &text.as_bytes()[at..];
        elements.iter().any(|element| {
            rest.get(..element.len()).is_some_and(|found| found.eq_ignore_ascii_case(element.as_bytes()))
        })
    })
}
