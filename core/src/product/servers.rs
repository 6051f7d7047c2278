//! What a definition says about each kind of server.
//!
//! Within `product`, only this file and those of the format itself tell the kinds of server apart: everything else in
//! `product` asks here. A new kind of server adds a section to the format (`definition/parts/connectors.rs`, and its check)
//! and a line to each function of this file.

use std::collections::BTreeMap;

use super::definition::parts::connectors::{CustomStatuses, RequestTrackerSettings, ZendeskSettings};
use super::definition::{Definition, Place};
use crate::model::{ASSIGNEE, VIA};

/// The kinds of server that a definition can have settings for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ServerKind {
    /// Zendesk.
    #[default]
    Zendesk,
    /// Request Tracker.
    RequestTracker,
}

/// A kind of problem that a ticket can be about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueType {
    /// The id that a draft holds. It is also part of the keys of the issue type's strings.
    pub id: String,
    /// The value that the server stores.
    pub value: String,
}

/// The key of the settings for this kind of server, if the definition has none.
pub(super) fn missing_settings(definition: &Definition, server: ServerKind) -> Option<&'static str> {
    let connectors = &definition.connectors;
    match server {
        ServerKind::Zendesk => connectors.zendesk.is_none().then_some("zendesk"),
        ServerKind::RequestTracker => connectors.request_tracker.is_none().then_some("request_tracker"),
    }
}

/// What the definition promises and this kind of server has no place for.
pub(super) fn missing_place(definition: &Definition, server: ServerKind) -> Option<(Place, String)> {
    match server {
        ServerKind::Zendesk => definition.missing_on_zendesk(),
        ServerKind::RequestTracker => definition.missing_on_request_tracker(),
    }
}

/// The issue types with the values that the server stores.
pub(super) fn issue_types(definition: &Definition, server: ServerKind) -> Vec<IssueType> {
    if !definition.create.order.iter().any(|name| name == "issue_type") {
        return Vec::new();
    }
    let connectors = &definition.connectors;
    let values: Option<&BTreeMap<String, String>> = match server {
        ServerKind::Zendesk => {
            connectors.zendesk.as_ref().and_then(|known| known.fields.get("issue_type")).map(|field| &field.values)
        }
        ServerKind::RequestTracker => connectors
            .request_tracker
            .as_ref()
            .and_then(|known| known.fields.get("issue_type"))
            .map(|field| &field.values),
    };
    let value_of = |id: &str| {
        let named = values.into_iter().flatten().find(|(_, ours)| *ours == id);
        named.map_or(id, |(server, _)| server).to_owned()
    };
    let known = definition.issue_types.iter();
    known.map(|known| IssueType { value: value_of(&known.id), id: known.id.clone() }).collect()
}

/// The names by which the status rules know the server's custom statuses, by how the server identifies them.
pub(super) fn custom_statuses(definition: &Definition, server: ServerKind) -> BTreeMap<String, String> {
    match server {
        ServerKind::Zendesk => match definition.zendesk().map(|settings| &settings.custom_statuses) {
            Some(CustomStatuses::Ids(known)) => known.iter().map(|(name, id)| (id.to_string(), name.clone())).collect(),
            Some(CustomStatuses::Labels(_)) | None => BTreeMap::new(),
        },
        ServerKind::RequestTracker => {
            let known = definition.request_tracker().into_iter().flat_map(|settings| &settings.custom_statuses);
            known.map(|(name, status)| (status.clone(), name.clone())).collect()
        }
    }
}

/// A text that changes whenever something else on the server feeds the definition's fields, or feeds them in another way.
/// `None` if nothing does.
pub(super) fn field_sources(definition: &Definition, server: ServerKind) -> Option<String> {
    let own = |name: &str| definition.fields.get(name).map(|field| field.kind.clone());
    let mut sources: Vec<String> = match server {
        ServerKind::Zendesk => {
            let fields = definition.zendesk().into_iter().flat_map(|settings| &settings.fields);
            fields.filter_map(|(name, field)| Some(format!("{name} {:?} {field:?}", own(name)?))).collect()
        }
        ServerKind::RequestTracker => {
            let fields = definition.request_tracker().into_iter().flat_map(|settings| &settings.fields);
            fields.filter_map(|(name, field)| Some(format!("{name} {:?} {field:?}", own(name)?))).collect()
        }
    };
    // What is asked for beside the fields is read anew as well.
    let has_channels = server == ServerKind::Zendesk;
    let beside = [(VIA, has_channels && definition.asks_for_channels()), (ASSIGNEE, definition.asks_for_assignee())];
    let beside = beside.into_iter().filter(|(_, is_asked_for)| *is_asked_for);
    sources.extend(beside.map(|(name, _)| name.to_owned()));
    (!sources.is_empty()).then(|| sources.join("\n"))
}

impl Definition {
    /// The settings of a Zendesk.
    #[must_use]
    pub fn zendesk(&self) -> Option<&ZendeskSettings> {
        self.connectors.zendesk.as_ref()
    }

    /// The settings of a Request Tracker.
    #[must_use]
    pub fn request_tracker(&self) -> Option<&RequestTrackerSettings> {
        self.connectors.request_tracker.as_ref()
    }
}
