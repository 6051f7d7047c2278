//! What feeds the definition on each server: that every name exists on our side, and that what the definition promises has
//! a place to be written to.

use std::collections::{BTreeMap, BTreeSet};

use super::fault::{Checked, at, fault};
use crate::model::ServerStatus;
use crate::product::definition::Definition;
use crate::product::definition::parts::actions::ActionKind;
use crate::product::definition::parts::connectors::{CustomStatuses, RequestTrackerSettings, ZendeskSettings};
use crate::product::definition::parts::fields::WriteTime;
use crate::product::definition::place::Place;

/// What every definition can read or write on a server, beside its own fields.
const BUILT_IN: [&str; 4] = ["issue_type", "access", "client_reference", "add_cc"];

pub(super) fn check(definition: &Definition) -> Checked {
    if let Some(zendesk) = &definition.connectors.zendesk {
        check_zendesk(definition, zendesk)?;
    }
    if let Some(tracker) = &definition.connectors.request_tracker {
        check_request_tracker(definition, tracker)?;
    }
    Ok(())
}

fn check_zendesk(definition: &Definition, settings: &ZendeskSettings) -> Checked {
    let here = at("connectors").key("zendesk");
    for (index, list) in settings.lists.iter().enumerate() {
        if !["own", "ccd", "organization", "organizations:view_tickets"].contains(&list.as_str()) {
            let names = "not `own`, `ccd`, `organization` or `organizations:view_tickets`";
            return fault(here.key("lists").index(index), names);
        }
    }
    for (index, include) in settings.include.iter().enumerate() {
        if include != "users" {
            return fault(here.key("include").index(index), "not `users`");
        }
    }
    let mut ids = BTreeSet::new();
    for (name, field) in &settings.fields {
        let here = here.clone().key("fields").key(name);
        is_fed(definition, name, &here)?;
        if field.id < 1 || !ids.insert(field.id) {
            return fault(here, "not the id of a field of its own");
        }
        values(definition, name, &field.values, &here)?;
    }
    if let CustomStatuses::Ids(known) = &settings.custom_statuses {
        let mut seen = BTreeSet::new();
        if let Some((name, _)) = known.iter().find(|(_, id)| **id < 1 || !seen.insert(**id)) {
            return fault(here.key("custom_statuses").key(name), "not the id of a status of its own");
        }
    }
    if let Some(ways) = &settings.feedback
        && !ways.split('|').all(|way| ["survey", "legacy", "host"].contains(&way))
    {
        return fault(here.key("feedback"), "not `survey`, `legacy` or `host`, or several separated by `|`");
    }
    Ok(())
}

impl Definition {
    /// The first thing that the definition promises and for which the settings of this service have no place. Only those of the
    /// server that is used have to be complete: a definition inherits settings for others from what it extends.
    pub(in crate::product) fn missing_on_zendesk(&self) -> Option<(Place, String)> {
        let settings = self.connectors.zendesk.as_ref()?;
        let here = at("connectors").key("zendesk");
        let is_written = |name: &str| settings.fields.contains_key(name) || settings.objects.contains_key(name);
        let complete = || {
            if let CustomStatuses::Ids(known) = &settings.custom_statuses {
                named_statuses(self, &here, |name| known.contains_key(name))?;
            }
            written(self, &here, is_written)?;
            feedback(self, settings.feedback.is_some(), &here)
        };
        complete().err().map(|fault| (fault.path, fault.what))
    }

    /// The same for this service.
    pub(in crate::product) fn missing_on_request_tracker(&self) -> Option<(Place, String)> {
        let settings = self.connectors.request_tracker.as_ref()?;
        let here = at("connectors").key("request_tracker");
        let complete = || {
            named_statuses(self, &here, |name| settings.custom_statuses.contains_key(name))?;
            written(self, &here, |name| settings.fields.contains_key(name))?;
            feedback(self, settings.feedback.is_some(), &here)
        };
        complete().err().map(|fault| (fault.path, fault.what))
    }
}

fn check_request_tracker(definition: &Definition, settings: &RequestTrackerSettings) -> Checked {
    let here = at("connectors").key("request_tracker");
    if !is_name(&settings.queue) {
        return fault(here.key("queue"), "not a name");
    }
    if settings.staff.is_empty() || !settings.staff.iter().all(|name| is_name(name)) {
        return fault(here.key("staff"), "not a list of names");
    }
    if settings.statuses.is_empty() {
        return fault(here.key("statuses"), "no status of the queue is named");
    }
    if let Some((name, _)) = settings.statuses.iter().find(|(_, status)| **status == ServerStatus::Unknown) {
        return fault(here.key("statuses").key(name), "not `new`, `open`, `pending`, `hold`, `solved` or `closed`");
    }
    if !settings.fields.contains_key("client_reference") {
        return fault(
            here.key("fields"),
            "`client_reference` is missing: nothing else identifies a ticket whose answer was lost",
        );
    }
    for (name, field) in &settings.fields {
        let here = here.clone().key("fields").key(name);
        is_fed(definition, name, &here)?;
        let told = [Some(&field.name), field.yes.as_ref(), field.no.as_ref()];
        if !told.into_iter().flatten().all(|name| is_name(name)) {
            return fault(here, "not a name");
        }
        values(definition, name, &field.values, &here)?;
    }
    Ok(())
}

/// Checks that the name is a field of the definition, or one of those that every definition has.
fn is_fed(definition: &Definition, name: &str, here: &Place) -> Checked {
    if BUILT_IN.contains(&name) || definition.fields.contains_key(name) {
        Ok(())
    } else {
        fault(here.clone(), format!("there is no field `{name}`"))
    }
}

/// Checks that the server's values become values that exist, each at most once.
fn values(definition: &Definition, name: &str, values: &BTreeMap<String, String>, here: &Place) -> Checked {
    let mut seen = BTreeSet::new();
    for (server, ours) in values {
        let exists = match definition.fields.get(name) {
            Some(field) => field.values.contains(ours),
            None => name != "issue_type" || definition.issue_types.iter().any(|known| &known.id == ours),
        };
        if !exists || !seen.insert(ours) {
            return fault(
                here.clone().key("values").key(server),
                format!("`{ours}` does not exist, or is there already"),
            );
        }
    }
    Ok(())
}

/// Checks that the connector knows every custom status that the status rules name.
fn named_statuses(definition: &Definition, here: &Place, is_known: impl Fn(&str) -> bool) -> Checked {
    for rule in &definition.status_from {
        if let Some(unknown) = rule.custom.iter().find(|name| !is_known(name)) {
            return fault(
                here.clone().key("custom_statuses"),
                format!("`{unknown}` is missing, which `status_from` names"),
            );
        }
    }
    Ok(())
}

/// Checks that whatever is written has a place on the server.
fn written(definition: &Definition, here: &Place, has_place: impl Fn(&str) -> bool) -> Checked {
    for name in &definition.create.order {
        let is_written = definition.fields.get(name).is_some_and(|field| field.write == Some(WriteTime::Create));
        if is_written && !has_place(name) {
            return fault(here.clone().key("fields"), format!("`{name}` is missing, which the form asks for"));
        }
    }
    for (index, action) in definition.actions.iter().enumerate() {
        if action.kind == ActionKind::Toggle
            && let Some(field) = &action.field
            && !has_place(field)
        {
            return fault(
                at("actions").index(index).key("field"),
                format!("`{here}` does not say where `{field}` is written"),
            );
        }
    }
    Ok(())
}

fn feedback(definition: &Definition, has_place: bool, here: &Place) -> Checked {
    match definition.actions.iter().position(|action| action.kind == ActionKind::Feedback) {
        Some(index) if !has_place => {
            fault(at("actions").index(index), format!("`{here}.feedback` does not say where it is written"))
        }
        _ => Ok(()),
    }
}

/// Whether a name is not blank and has no character that would change the meaning of a search or a path.
fn is_name(name: &str) -> bool {
    !name.trim().is_empty() && !name.chars().any(|c| c.is_control() || matches!(c, '{' | '}' | '\'' | '"' | '\\' | '/'))
}
