//! Strings: that every one which the definition needs stands in every language, and says the same with the same
//! placeholders.

use std::collections::{BTreeMap, BTreeSet};

use super::fault::{Checked, at, fault};
use crate::product::definition::Definition;
use crate::product::definition::parts::details::{DetailPart, ItemContent};
use crate::product::definition::parts::entries::Target;
use crate::product::definition::parts::form::ReplyAlternative;
use crate::product::definition::parts::strings::StringKey;
use crate::product::definition::place::Place;
use crate::product::strings::{SHARED_NAME, family, placeholders};

/// The longest text of a string, in bytes.
const LONGEST: usize = 4_000;
/// The most languages.
const MOST_LANGUAGES: usize = 64;

pub(super) fn check(definition: &Definition) -> Checked {
    let here = at("strings");
    let strings = &definition.strings;
    if strings.base.as_deref().is_some_and(|base| base != SHARED_NAME) {
        return fault(here.key("base"), format!("not `{SHARED_NAME}`"));
    }
    let texts = definition.texts();
    if texts.is_empty() || texts.len() > MOST_LANGUAGES {
        return fault(here, format!("not 1 to {MOST_LANGUAGES} languages"));
    }
    if strings.fallback.as_ref().is_some_and(|fallback| !texts.contains_key(fallback.as_str())) {
        return fault(here.key("fallback"), "a language without strings");
    }
    same_everywhere(&texts, &here)?;
    let has = |key: &str| texts.values().all(|texts| texts.contains_key(key));
    for (place, names) in needed(definition) {
        if !names.iter().any(|name| has(name)) {
            let first = names.first().cloned().unwrap_or_default();
            return fault(place, format!("the string `{first}` is missing in {}", lacking(&texts, &names)));
        }
    }
    Ok(())
}

/// The languages in which none of the strings stands.
fn lacking(texts: &BTreeMap<&str, BTreeMap<&str, &str>>, names: &[String]) -> String {
    let lacks = texts.iter().filter(|(_, texts)| !names.iter().any(|name| texts.contains_key(name.as_str())));
    lacks.map(|(language, _)| *language).collect::<Vec<_>>().join(", ")
}

fn same_everywhere(texts: &BTreeMap<&str, BTreeMap<&str, &str>>, here: &Place) -> Checked {
    let families: BTreeSet<&str> = texts.values().flat_map(|texts| texts.keys().map(|key| family(key))).collect();
    for family_name in families {
        let mut first: Option<BTreeSet<&str>> = None;
        for (language, texts) in texts {
            // A counted string has at least the form for every number that no other form is for.
            let counted = texts.range(family_name..).take_while(|(key, _)| key.starts_with(family_name));
            let members: Vec<_> = counted.filter(|(key, _)| family(key) == family_name).collect();
            let complete = members.iter().any(|(key, _)| matches!(key.strip_prefix(family_name), Some("" | ".other")));
            if !complete {
                let what = format!("the string `{family_name}` is missing in `{language}`");
                return fault(here.clone().key(language), what);
            }
            for (key, text) in members {
                // There are hundreds of strings, and each time the client is opened all of them are checked.
                let fault = |what: &str| fault(here.clone().key(language).key(key), what);
                if text.trim().is_empty() || text.len() > LONGEST {
                    return fault("blank, or too long");
                }
                // `one` may leave the number out.
                let names: BTreeSet<&str> = placeholders(text).filter(|name| *name != "count").collect();
                match &first {
                    None => first = Some(names),
                    Some(known) if *known != names => return fault("other placeholders than elsewhere"),
                    Some(_) => {}
                }
            }
        }
    }
    Ok(())
}

/// What needs a string, and the keys that would do, the first choice first.
fn needed(definition: &Definition) -> Vec<(Place, Vec<String>)> {
    let mut needed: Vec<(Place, Vec<String>)> = Vec::new();
    let list = |key: &str, index: usize| at(key).index(index);
    for (index, status) in definition.statuses.iter().enumerate() {
        needed.push((list("statuses", index), vec![format!("status.{}", status.id.0)]));
    }
    for (index, known) in definition.issue_types.iter().enumerate() {
        needed.push((list("issue_types", index), vec![format!("issue_type.{}", known.id)]));
    }
    for (index, mark) in definition.marks.iter().enumerate() {
        needed.push((list("marks", index), vec![format!("mark.{}", mark.id)]));
    }
    for (index, known) in definition.ticket_types.iter().enumerate() {
        needed.push((list("ticket_types", index), vec![format!("ticket_type.{}", known.id)]));
    }
    for (index, scope) in definition.history.scopes.iter().enumerate() {
        needed.push((at("history").key("scopes").index(index), vec![format!("scope.{}", scope.id)]));
    }
    for (index, action) in definition.actions.iter().enumerate() {
        needed.push((list("actions", index), vec![format!("action.{}", action.id)]));
        for (position, answer) in action.rating.iter().enumerate() {
            let names = vec![format!("action.{}.{answer}", action.id), format!("rating.{answer}")];
            needed.push((list("actions", index).key("rating").index(position), names));
        }
    }
    for (index, entry) in definition.entries.iter().enumerate() {
        needed.push((list("entries", index), vec![format!("entry.{}", entry.id), entry.id.clone()]));
    }
    for (index, column) in definition.history.columns.iter().enumerate() {
        let names = vec![format!("column.{}", column.id), format!("field.{}", column.id), column.id.clone()];
        needed.push((at("history").key("columns").index(index), names));
    }
    for id in shown_fields(definition) {
        let here = at("fields").key(id);
        needed.push((here.clone(), vec![format!("field.{id}"), id.to_owned()]));
        let values = definition.fields.get(id).map(|field| field.values.as_slice()).unwrap_or_default();
        for (index, value) in values.iter().enumerate() {
            let names = vec![format!("field.{id}.{value}"), format!("{id}.{value}")];
            needed.push((here.clone().key("values").index(index), names));
        }
    }
    needed.extend(named(definition).into_iter().map(|(place, key)| (place, vec![key.0.clone()])));
    needed
}

/// The fields that some screen shows with their label.
fn shown_fields(definition: &Definition) -> BTreeSet<&str> {
    let mut shown: BTreeSet<&str> = BTreeSet::new();
    for section in definition.sections.values() {
        shown.extend(section.show.iter().filter_map(|item| match &item.content {
            ItemContent::Field(field) => Some(field.as_str()),
            _ => None,
        }));
        shown.extend(section.timeline.iter().map(|timeline| timeline.state.as_str()));
    }
    shown.extend(
        definition.create.order.iter().map(String::as_str).filter(|name| definition.fields.contains_key(*name)),
    );
    shown
}

/// Every string that the definition names by its key, with its place.
fn named(definition: &Definition) -> Vec<(Place, &StringKey)> {
    let mut named: Vec<(Place, Option<&StringKey>)> = Vec::new();
    for (index, status) in definition.statuses.iter().enumerate() {
        named.push((at("statuses").index(index).key("banner"), status.banner.as_ref()));
    }
    let create = &definition.create;
    named.push((at("create").key("entry"), create.entry.as_ref()));
    let aside = create.cc.as_ref().and_then(|cc| cc.otherwise.as_ref());
    named.push((at("create").key("cc").key("else"), aside.map(|aside| &aside.note)));
    for (index, blocked) in definition.reply.blocked.iter().enumerate() {
        named.push((at("reply").key("blocked").index(index).key("reason"), Some(&blocked.reason)));
    }
    for (index, alternative) in definition.reply.alternatives.iter().enumerate() {
        if let ReplyAlternative::NewRequest(key) = alternative {
            named.push((at("reply").key("ways_on").index(index), Some(key)));
        }
    }
    let translated = definition.articles.as_ref().and_then(|articles| articles.translated.as_ref());
    named.push((at("articles").key("translated"), translated));
    named.push((at("attachments").key("hint"), definition.attachments.as_ref().and_then(|files| files.hint.as_ref())));
    let unavailable = definition.history.unavailable.as_ref();
    named.push((at("history").key("unavailable").key("reason"), unavailable.map(|unavailable| &unavailable.reason)));
    for (index, known) in definition.ticket_types.iter().enumerate() {
        let here = at("ticket_types").index(index);
        if let Some(subject) = &known.subject {
            named.push((here.clone().key("subject").key("always"), subject.always.as_ref()));
            named.push((here.clone().key("subject").key("if_empty"), subject.if_empty.as_ref()));
        }
        for (position, place) in known.sections.iter().enumerate() {
            if let DetailPart::Note(key) = &place.part {
                named.push((here.clone().key("sections").index(position), Some(key)));
            }
        }
    }
    for (id, section) in &definition.sections {
        let here = at("sections").key(id);
        named.push((here.clone().key("hint"), section.hint.as_ref()));
        for (index, item) in section.show.iter().enumerate() {
            if let ItemContent::Note(key) = &item.content {
                named.push((here.clone().key("show").index(index), Some(key)));
            }
        }
        let estimate = section.timeline.as_ref().and_then(|timeline| timeline.estimate.as_ref());
        let note = estimate.and_then(|estimate| estimate.note.as_ref());
        named.push((here.key("timeline").key("estimate").key("note"), note));
    }
    for (index, action) in definition.actions.iter().enumerate() {
        for (key, string) in [
            ("confirm", &action.confirm),
            ("body", &action.body),
            ("default", &action.default),
            ("warn", &action.warn),
            ("unsent", &action.unsent),
            ("after", &action.after),
            ("prefill", &action.prefill),
        ] {
            named.push((at("actions").index(index).key(key), string.as_ref()));
        }
    }
    for (index, entry) in definition.entries.iter().enumerate() {
        let here = at("entries").index(index);
        named.push((here.clone().key("note"), entry.note.as_ref()));
        for (key, target) in [("to", Some(&entry.to)), ("else", entry.otherwise.as_ref())] {
            if let Some(Target::Create(Some(prefill))) = target {
                named.push((here.clone().key(key), Some(prefill)));
            }
        }
    }
    named.into_iter().filter_map(|(place, key)| Some((place, key?))).collect()
}
