//! The forms, their files, the history and the entries.

use super::fault::{Checked, MOST_KINDS, MOST_PARTS, at, bounded, fault, ids, unique};
use crate::model::FileType;
use crate::product::definition::Definition;
use crate::product::definition::parts::entries::Target;
use crate::product::definition::parts::fields::{FieldType, WriteTime};
use crate::product::definition::parts::form::{AttachmentPlace, ReplyAlternative};
use crate::product::definition::parts::history::BUILT_IN_COLUMNS;
use crate::product::definition::parts::strings::is_language;

/// The largest number of files that a product may allow in one message.
const MOST_FILES: u64 = 100;
/// The largest file that a product may allow, in bytes: the largest that Zendesk accepts.
const LARGEST_FILE: u64 = 50_000_000;
/// The longest subject that a product may allow, in grapheme clusters.
const LONGEST_SUBJECT: u64 = 255;
/// The longest other text that a product may allow, in grapheme clusters.
const LONGEST_TEXT: u64 = 65_536;

pub(super) fn check(definition: &Definition) -> Checked {
    issue_types(definition)?;
    attachments(definition)?;
    create(definition)?;
    reply(definition)?;
    history(definition)?;
    entries(definition)
}

fn issue_types(definition: &Definition) -> Checked {
    ids("issue_types", definition.issue_types.iter().map(|known| known.id.as_str()), MOST_KINDS)?;
    let mut fallbacks = definition.issue_types.iter().enumerate().filter(|(_, known)| known.fallback);
    match (fallbacks.next(), fallbacks.next()) {
        (_, Some((second, _))) => fault(at("issue_types").index(second).key("fallback"), "only one can be preselected"),
        _ => Ok(()),
    }
}

fn create(definition: &Definition) -> Checked {
    let form = &definition.create;
    let order = at("create").key("order");
    unique(&order, form.order.iter().map(String::as_str))?;
    for required in ["subject", "description"] {
        if !form.order.iter().any(|field| field == required) {
            return fault(order, format!("`{required}` is missing: every help desk requires it"));
        }
    }
    for (index, name) in form.order.iter().enumerate() {
        let here = order.clone().index(index);
        match name.as_str() {
            "issue_type" if definition.issue_types.is_empty() => return fault(here, "there are no issue types"),
            "cc" if form.cc.is_none() => return fault(here, "`create.cc` is missing"),
            "access" if form.access.is_none() => return fault(here, "`create.access` is missing"),
            "subject" | "description" | "issue_type" | "cc" | "access" => {}
            "attachments" => {
                let offered =
                    definition.attachments.as_ref().map(|files| files.places.contains(&AttachmentPlace::Create));
                if offered != Some(true) {
                    return fault(here, "`attachments.in` does not name `create`");
                }
            }
            _ => {
                let Some(field) = definition.fields.get(name) else {
                    return fault(here, format!("there is no field `{name}`"));
                };
                if field.write != Some(WriteTime::Create) {
                    return fault(here, format!("the field `{name}` is not written at creation"));
                }
                let simple = matches!(
                    field.kind,
                    FieldType::Text | FieldType::Enum | FieldType::Bool | FieldType::Number | FieldType::Day
                );
                if !simple {
                    return fault(here, format!("no form asks for a field of the type of `{name}`"));
                }
            }
        }
    }
    if let Some(max) = form.subject.max {
        bounded(at("create").key("subject").key("max"), max.into(), 1, LONGEST_SUBJECT)?;
    }
    if let Some(max) = form.description.max {
        bounded(at("create").key("description").key("max"), max.into(), 1, LONGEST_TEXT)?;
    }
    Ok(())
}

fn attachments(definition: &Definition) -> Checked {
    let Some(files) = &definition.attachments else { return Ok(()) };
    let here = at("attachments");
    if files.places.is_empty() {
        return fault(here.key("in"), "no form takes files; write null for none");
    }
    if let Some(number) = files.max_files {
        bounded(here.clone().key("max_files"), number.into(), 1, MOST_FILES)?;
    }
    if let Some(bytes) = files.max_bytes {
        bounded(here.clone().key("max_bytes"), bytes, 1, LARGEST_FILE)?;
    }
    let Some(types) = &files.types else { return Ok(()) };
    if types.is_empty() {
        return fault(here.key("types"), "no type is allowed");
    }
    let mut seen = Vec::new();
    for (index, ending) in types.iter().enumerate() {
        let here = here.clone().key("types").index(index);
        let Some(known) = FileType::of_ending(ending) else {
            return fault(here, format!("no known type of file: `{ending}`"));
        };
        if seen.contains(&known) {
            return fault(here, format!("`{ending}` is there already"));
        }
        seen.push(known);
    }
    Ok(())
}

fn reply(definition: &Definition) -> Checked {
    for (index, alternative) in definition.reply.alternatives.iter().enumerate() {
        if let ReplyAlternative::CopyField(field) = alternative
            && !definition.fields.contains_key(field)
        {
            return fault(at("reply").key("ways_on").index(index), format!("there is no field `{field}`"));
        }
    }
    Ok(())
}

fn history(definition: &Definition) -> Checked {
    let (history, here) = (&definition.history, at("history"));
    unique(&here.clone().key("columns"), history.columns.iter().map(|column| column.id.as_str()))?;
    for (index, column) in history.columns.iter().enumerate() {
        if !BUILT_IN_COLUMNS.contains(&column.id.as_str()) && !definition.fields.contains_key(&column.id) {
            return fault(here.key("columns").index(index), format!("there is no column and no field `{}`", column.id));
        }
    }
    let sort = history.default_sort;
    let natural = history.sort.is_empty() && sort == super::super::parts::history::DefaultSort::default();
    if !natural && !history.sort.contains(&sort.0.key) {
        return fault(here.key("default_sort"), "`sort` does not offer this");
    }
    let mut seen = std::collections::BTreeSet::new();
    for (index, scope) in history.scopes.iter().enumerate() {
        if !crate::product::condition::is_id(&scope.id) || !seen.insert(&scope.id) {
            return fault(here.key("scopes").index(index).key("id"), "not an id, or there already");
        }
    }
    Ok(())
}

fn entries(definition: &Definition) -> Checked {
    ids("entries", definition.entries.iter().map(|entry| entry.id.as_str()), MOST_PARTS)?;
    for (index, entry) in definition.entries.iter().enumerate() {
        let here = at("entries").index(index);
        if let Some(odd) = entry.languages.iter().position(|tag| !is_language(tag)) {
            return fault(here.key("languages").index(odd), "not a language tag");
        }
        for (key, target) in [("to", Some(&entry.to)), ("else", entry.otherwise.as_ref())] {
            match target {
                Some(Target::Articles) if definition.articles.is_none() => {
                    return fault(here.key(key), "`articles` is missing");
                }
                Some(Target::Create(_)) if !definition.create.enabled => {
                    return fault(here.key(key), "`create.enabled` is false");
                }
                _ => {}
            }
        }
    }
    Ok(())
}
