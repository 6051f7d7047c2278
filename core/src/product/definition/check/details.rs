//! Types of tickets, sections and actions.

use super::fault::{Checked, MOST_KINDS, MOST_PARTS, at, fault, ids};
use crate::product::condition::is_id;
use crate::product::definition::Definition;
use crate::product::definition::parts::actions::ActionKind;
use crate::product::definition::parts::details::{DetailPart, ItemContent, Timeline};
use crate::product::definition::parts::fields::FieldType;
use crate::product::definition::place::Place;

pub(super) fn check(definition: &Definition) -> Checked {
    ticket_types(definition)?;
    sections(definition)?;
    actions(definition)
}

fn ticket_types(definition: &Definition) -> Checked {
    ids("ticket_types", definition.ticket_types.iter().map(|known| known.id.as_str()), MOST_KINDS)?;
    for (index, known) in definition.ticket_types.iter().enumerate() {
        let here = at("ticket_types").index(index);
        for (position, source) in known.from.iter().enumerate() {
            let here = here.clone().key("from").index(position);
            match &source.field {
                Some(field) if !definition.fields.contains_key(field) => {
                    return fault(here.key("field"), format!("there is no field `{field}`"));
                }
                None if source.via.is_empty() => return fault(here, "neither `field` nor `via`"),
                _ => {}
            }
        }
        for (position, place) in known.sections.iter().enumerate() {
            if let DetailPart::Section(section) = &place.part
                && !definition.sections.contains_key(section)
            {
                return fault(here.key("sections").index(position), format!("there is no section `{section}`"));
            }
        }
    }
    match &definition.ticket_type_unknown {
        Some(unknown) if !definition.ticket_types.iter().any(|known| known.id == unknown.sections_of) => {
            fault(at("ticket_type_unknown").key("sections_of"), format!("there is no type `{}`", unknown.sections_of))
        }
        None if !definition.ticket_types.is_empty() => {
            fault(at("ticket_type_unknown"), "missing: what a ticket of an unknown type shows")
        }
        _ => Ok(()),
    }
}

fn sections(definition: &Definition) -> Checked {
    if definition.sections.len() > MOST_PARTS {
        return fault(at("sections"), format!("more than {MOST_PARTS}"));
    }
    for (id, section) in &definition.sections {
        let here = at("sections").key(id);
        if !is_id(id) {
            return fault(here, "not an id: lower-case letters, digits and `_`, a letter first");
        }
        for (index, item) in section.show.iter().enumerate() {
            let missing = match &item.content {
                ItemContent::Field(field) => {
                    (!definition.fields.contains_key(field)).then(|| format!("fact and no field `{field}`"))
                }
                ItemContent::Action(action) => (!has_action(definition, action)).then(|| format!("action `{action}`")),
                ItemContent::Fact(_) | ItemContent::Note(_) => None,
            };
            if let Some(missing) = missing {
                // A section can be written as a list, or as an object with a list.
                return fault(here.key("show").index(index), format!("there is no {missing}"));
            }
        }
        if let Some(timeline) = &section.timeline {
            check_timeline(definition, timeline, &here.key("timeline"))?;
        }
    }
    Ok(())
}

fn check_timeline(definition: &Definition, timeline: &Timeline, here: &Place) -> Checked {
    let state = definition.fields.get(&timeline.state).filter(|field| field.kind == FieldType::Enum);
    let Some(state) = state else {
        return fault(here.clone().key("state"), format!("there is no field `{}` with values", timeline.state));
    };
    let is_step = |step: &String| state.values.contains(step);
    if let Some(dates) = &timeline.dates
        && !definition.fields.get(dates).is_some_and(|field| matches!(field.kind, FieldType::Map(_)))
    {
        return fault(here.clone().key("dates"), format!("there is no field `{dates}` with a date for each value"));
    }
    for (step, action) in &timeline.action {
        let here = here.clone().key("action").key(step);
        if !is_step(step) {
            return fault(here, format!("`{step}` is no value of `{}`", timeline.state));
        }
        if !has_action(definition, action) {
            return fault(here, format!("there is no action `{action}`"));
        }
    }
    let Some(estimate) = &timeline.estimate else { return Ok(()) };
    let here = here.clone().key("estimate");
    if !definition
        .fields
        .get(&estimate.field)
        .is_some_and(|field| matches!(field.kind, FieldType::Day | FieldType::Instant))
    {
        return fault(here.key("field"), format!("there is no field `{}` with a day", estimate.field));
    }
    match &estimate.until {
        Some(until) if !is_step(until) => {
            fault(here.key("until"), format!("`{until}` is no value of `{}`", timeline.state))
        }
        _ => Ok(()),
    }
}

fn actions(definition: &Definition) -> Checked {
    ids("actions", definition.actions.iter().map(|action| action.id.as_str()), MOST_PARTS)?;
    for (index, action) in definition.actions.iter().enumerate() {
        let here = at("actions").index(index);
        match action.kind {
            ActionKind::Reply if action.body.is_none() => return fault(here, "a reply needs `body`"),
            ActionKind::Toggle if action.field.is_none() => return fault(here, "a toggle needs `field`"),
            ActionKind::Feedback if action.rating.len() < 2 => {
                return fault(here, "feedback needs `rating`, with two answers or more");
            }
            _ => {}
        }
        if let Some(field) = &action.field
            && definition.fields.get(field).is_none_or(|field| field.writable.is_none())
        {
            return fault(here.key("field"), format!("there is no writable field `{field}`"));
        }
        if let Some(other) = &action.instead_of
            && (other == &action.id || !has_action(definition, other))
        {
            return fault(here.key("instead_of"), format!("there is no other action `{other}`"));
        }
        if let Some(once) = &action.once
            && !once.strip_prefix("field.").is_some_and(|field| definition.fields.contains_key(field))
        {
            return fault(here.key("once"), "not `field.ID` of a field that exists");
        }
    }
    Ok(())
}

fn has_action(definition: &Definition, id: &str) -> bool {
    definition.actions.iter().any(|action| action.id == id)
}
