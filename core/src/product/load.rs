//! Reading a product definition. Every number must be within its bounds and every name must be known; an error gives
//! the path of the field at fault.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::address::is_address;
use super::{
    Consistency, Entry, EntryKind, Fields, IssueType, Product, ServerStatusRule, StatusRule, SyncPolicy, ThreadPolicy,
};
use crate::model::{AttachmentLimits, FileType, ServerStatus};

/// The built-in product, as JSON.
pub const BUILT_IN: &str = include_str!("../../products/impact-mobile/product.json");

/// The largest number of files that a product may allow in one message.
const MAX_FILES: u64 = 100;
/// The largest file that Zendesk accepts, in bytes.
const LARGEST_FILE: u64 = 50_000_000;

/// The size of the cache of downloaded files, unless the product sets it.
const fn default_cache_bytes() -> u64 {
    100_000_000
}

/// Why a product definition cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, thiserror::Error)]
#[error("{what}")]
pub struct ProductError {
    /// The path of the field at fault (`issue_types[2].value`), or the line and column of an error in the JSON.
    pub what: String,
}

#[derive(Deserialize)]
struct ProductFile {
    name: String,
    subject_limit: u32,
    /// `false` or null means no attachments.
    #[serde(default)]
    attachments: Value,
    #[serde(default = "default_cache_bytes")]
    cache_bytes: u64,
    access_toggle: bool,
    /// Whether the server shows a ticket to others exactly if the ticket's access field says so. Off unless the file
    /// turns it on.
    #[serde(default)]
    access_toggle_enforced: bool,
    #[serde(default)]
    add_cc: bool,
    #[serde(default)]
    solve: bool,
    #[serde(default)]
    shared_read_marks: bool,
    preselected_issue_type: String,
    issue_types: Vec<IssueTypeFile>,
    statuses: Vec<StatusRule>,
    #[serde(rename = "desk_statuses")]
    server_statuses: Vec<ServerStatusRule>,
    entries: Vec<EntryFile>,
    fields: Fields,
    #[serde(default)]
    connector: Value,
    consistency: ConsistencyFile,
    thread_policy: ThreadPolicy,
    sync: SyncFile,
}

#[derive(Deserialize)]
struct IssueTypeFile {
    id: String,
    value: String,
}

#[derive(Deserialize)]
struct EntryFile {
    kind: EntryKind,
    target: Option<String>,
    #[serde(default)]
    languages: Vec<String>,
}

#[derive(Deserialize)]
struct ConsistencyFile {
    stale_read_seconds: u64,
    late_apply_seconds: u64,
}

#[derive(Deserialize)]
struct SyncFile {
    overlap_seconds: u64,
    page_size: u32,
    #[serde(rename = "sweep_seconds", default = "default_reconciliation_seconds")]
    reconciliation_seconds: u64,
    #[serde(rename = "sweep_requests", default = "default_reconciliation_requests")]
    reconciliation_requests: u32,
    front_thread_seconds: u64,
    front_history_seconds: u64,
}

fn default_reconciliation_seconds() -> u64 {
    24 * 60 * 60
}

fn default_reconciliation_requests() -> u32 {
    20
}

impl Product {
    /// The product definition that is compiled into the library.
    pub fn built_in() -> Result<Self, ProductError> {
        Self::from_json(BUILT_IN)
    }

    /// Reads a company's own product definition. Unknown fields are ignored, so that a file for a later version can be
    /// read.
    pub fn from_json(json: &str) -> Result<Self, ProductError> {
        let file: ProductFile = serde_json::from_str(json).map_err(|error| {
            // serde's message may quote the file. Line and column are enough.
            ProductError { what: format!("line {}, column {}", error.line(), error.column()) }
        })?;
        file.check()?;
        let attachments = attachment_limits(&file.attachments)?;
        let access_toggle = file.offers_access();
        let seconds = Duration::from_secs;
        let entry = |entry: EntryFile| Entry { kind: entry.kind, target: entry.target, languages: entry.languages };
        Ok(Self {
            name: file.name,
            subject_limit: file.subject_limit,
            attachments,
            cache_bytes: file.cache_bytes,
            access_toggle,
            add_cc: file.add_cc,
            solve: file.solve,
            shared_read_marks: file.shared_read_marks,
            issue_types: file.issue_types.into_iter().map(|it| IssueType { id: it.id, value: it.value }).collect(),
            preselected_issue_type: file.preselected_issue_type,
            entries: file.entries.into_iter().map(entry).collect(),
            fields: file.fields,
            connector: file.connector,
            consistency: Consistency {
                stale_read: seconds(file.consistency.stale_read_seconds),
                late_apply: seconds(file.consistency.late_apply_seconds),
            },
            thread_policy: file.thread_policy,
            sync: SyncPolicy {
                overlap: seconds(file.sync.overlap_seconds),
                page_size: file.sync.page_size,
                reconcile_every: seconds(file.sync.reconciliation_seconds),
                reconciliation_requests: file.sync.reconciliation_requests,
                front_thread: seconds(file.sync.front_thread_seconds),
                front_history: seconds(file.sync.front_history_seconds),
            },
            statuses: file.statuses,
            server_statuses: file.server_statuses,
        })
    }
}

impl ProductFile {
    fn check(&self) -> Result<(), ProductError> {
        let bounded = |what: &str, value: u64, least: u64, most: u64| {
            if (least..=most).contains(&value) { Ok(()) } else { Err(fault(what)) }
        };
        bounded("subject_limit", self.subject_limit.into(), 1, 255)?;
        bounded("cache_bytes", self.cache_bytes, 0, 10_000_000_000)?;
        bounded("consistency.stale_read_seconds", self.consistency.stale_read_seconds, 0, 3_600)?;
        bounded("consistency.late_apply_seconds", self.consistency.late_apply_seconds, 0, 3_600)?;
        bounded("thread_policy.active_days", self.thread_policy.active_days.into(), 0, 3_660)?;
        bounded("thread_policy.requests_per_hour", self.thread_policy.requests_per_hour.into(), 0, 10_000)?;
        bounded("thread_policy.bytes_per_hour", self.thread_policy.bytes_per_hour, 0, 1_000_000_000)?;
        bounded("sync.overlap_seconds", self.sync.overlap_seconds, 1, 86_400)?;
        bounded("sync.page_size", self.sync.page_size.into(), 1, 100)?;
        bounded("sync.sweep_seconds", self.sync.reconciliation_seconds, 0, 31 * 86_400)?;
        bounded("sync.sweep_requests", self.sync.reconciliation_requests.into(), 1, 10_000)?;
        bounded("sync.front_thread_seconds", self.sync.front_thread_seconds, 1, 86_400)?;
        bounded("sync.front_history_seconds", self.sync.front_history_seconds, 1, 86_400)?;
        self.check_issue_types()?;
        self.check_statuses()?;
        self.check_fields()?;
        let faulty = self.entries.iter().position(|entry| !entry.leads_somewhere());
        faulty.map_or(Ok(()), |index| Err(fault(&format!("entries[{index}].target"))))
    }

    fn offers_access(&self) -> bool {
        self.access_toggle && self.access_toggle_enforced
    }

    fn check_issue_types(&self) -> Result<(), ProductError> {
        if self.issue_types.is_empty() {
            return Err(fault("issue_types"));
        }
        let (mut ids, mut values) = (BTreeSet::new(), BTreeSet::new());
        for (index, known) in self.issue_types.iter().enumerate() {
            if known.id.is_empty() || !ids.insert(&known.id) {
                return Err(fault(&format!("issue_types[{index}].id")));
            }
            if known.value.is_empty() || !values.insert(&known.value) {
                return Err(fault(&format!("issue_types[{index}].value")));
            }
        }
        if ids.contains(&self.preselected_issue_type) { Ok(()) } else { Err(fault("preselected_issue_type")) }
    }

    /// Checks that every server status is mapped exactly once, to a status that has rules.
    fn check_statuses(&self) -> Result<(), ProductError> {
        use ServerStatus::{Closed, Hold, New, Open, Pending, Solved};
        for (index, rule) in self.statuses.iter().enumerate() {
            if self.statuses.iter().take(index).any(|before| before.status == rule.status) {
                return Err(fault(&format!("statuses[{index}].status")));
            }
        }
        let has_rules = |status| self.statuses.iter().any(|rule| rule.status == status);
        for (index, rule) in self.server_statuses.iter().enumerate() {
            if !has_rules(rule.status) || !rule.while_user_spoke_last.is_none_or(has_rules) {
                return Err(fault(&format!("desk_statuses[{index}]")));
            }
        }
        let mapped = |server| self.server_statuses.iter().filter(|rule| rule.server == server).count() == 1;
        if [New, Open, Pending, Hold, Solved, Closed].into_iter().all(mapped) {
            Ok(())
        } else {
            Err(fault("desk_statuses"))
        }
    }

    fn check_fields(&self) -> Result<(), ProductError> {
        let Fields { issue_type, access, client_reference } = self.fields;
        // A connector with settings of its own may name the field there. If it does not, it does not offer the toggle.
        if self.offers_access() && access.is_none() && self.connector.is_null() {
            return Err(fault("fields.access"));
        }
        let mut ids = BTreeSet::new();
        for (what, id) in [("issue_type", issue_type), ("access", access), ("client_reference", client_reference)] {
            if id.is_some_and(|id| id < 1 || !ids.insert(id)) {
                return Err(fault(&format!("fields.{what}")));
            }
        }
        Ok(())
    }
}

impl EntryFile {
    fn leads_somewhere(&self) -> bool {
        match (self.kind, self.target.as_deref().map(Url::parse)) {
            (EntryKind::NewTicket, None) => true,
            (EntryKind::HelpCentre | EntryKind::Courses, Some(Ok(url))) => url.scheme() == "https",
            (EntryKind::Email, Some(Ok(url))) => url.scheme() == "mailto" && is_address(url.path()),
            _ => false,
        }
    }
}

/// Reads `{ "max_files", "max_bytes", "types" }`, with every type named by its ending.
fn attachment_limits(value: &Value) -> Result<Option<AttachmentLimits>, ProductError> {
    let fields = match value {
        Value::Null | Value::Bool(false) => return Ok(None),
        Value::Object(fields) => fields,
        _ => return Err(fault("attachments")),
    };
    let number = |name: &str, most: u64| {
        let number = fields.get(name).and_then(Value::as_u64).filter(|number| (1..=most).contains(number));
        number.ok_or_else(|| fault(&format!("attachments.{name}")))
    };
    let max_files = u32::try_from(number("max_files", MAX_FILES)?).map_err(|_| fault("attachments.max_files"))?;
    let max_bytes = number("max_bytes", LARGEST_FILE)?;
    let named = fields.get("types").and_then(Value::as_array).filter(|named| !named.is_empty());
    let mut types = Vec::new();
    for (index, ending) in named.ok_or_else(|| fault("attachments.types"))?.iter().enumerate() {
        let known = ending.as_str().and_then(FileType::of_ending).filter(|known| !types.contains(known));
        types.push(known.ok_or_else(|| fault(&format!("attachments.types[{index}]")))?);
    }
    Ok(Some(AttachmentLimits { max_files, max_bytes, types }))
}

fn fault(what: &str) -> ProductError {
    ProductError { what: what.to_owned() }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn the_built_in_product_can_be_read() {
        let product = Product::built_in().unwrap();
        assert_eq!((product.name.as_str(), product.subject_limit), ("impact-mobile", 140));
        assert_eq!(product.issue_types.len(), 7);
        assert_eq!(product.preselected_issue_type, "support_ui_general");
    }

    #[test]
    fn an_error_in_a_product_names_the_field() {
        let sound: Value = serde_json::from_str(BUILT_IN).unwrap();
        let cases = [
            ("/subject_limit", json!(0), "subject_limit"),
            ("/preselected_issue_type", json!("weather"), "preselected_issue_type"),
            ("/issue_types", json!([]), "issue_types"),
            ("/issue_types/1/id", json!("support_ui_general"), "issue_types[1].id"),
            ("/issue_types/2/value", json!(""), "issue_types[2].value"),
            ("/entries/0/target", json!("https://desk.example/"), "entries[0].target"),
            ("/entries/1/target", json!("javascript:alert(1)"), "entries[1].target"),
            ("/entries/1/target", json!("http://help.example/"), "entries[1].target"),
            ("/entries/1/target", json!(null), "entries[1].target"),
            ("/entries/3/target", json!("mailto:"), "entries[3].target"),
            ("/entries/3/target", json!("https://mail.example/"), "entries[3].target"),
            ("/fields/access", json!(null), "fields.access"),
            ("/fields/issue_type", json!(-1), "fields.issue_type"),
            ("/fields/client_reference", json!(360_001_000_001_i64), "fields.client_reference"),
            ("/consistency/late_apply_seconds", json!(1_000_000), "consistency.late_apply_seconds"),
            ("/sync/page_size", json!(101), "sync.page_size"),
            ("/cache_bytes", json!(10_000_000_001_u64), "cache_bytes"),
            ("/attachments", json!(true), "attachments"),
            ("/attachments", json!({}), "attachments.max_files"),
            ("/attachments", limits(0, 1, &["png"]), "attachments.max_files"),
            ("/attachments", limits(1, 50_000_001, &["png"]), "attachments.max_bytes"),
            ("/attachments", limits(1, 1, &[]), "attachments.types"),
            ("/attachments", limits(1, 1, &["png", "svg"]), "attachments.types[1]"),
            ("/attachments", limits(1, 1, &["jpg", "JPEG"]), "attachments.types[1]"),
            ("/sync/sweep_requests", json!(0), "sync.sweep_requests"),
            ("/sync/sweep_seconds", json!(10_000_000), "sync.sweep_seconds"),
            ("/thread_policy/requests_per_hour", json!(10_001), "thread_policy.requests_per_hour"),
            ("/thread_policy/bytes_per_hour", json!(1_000_000_001), "thread_policy.bytes_per_hour"),
            ("/statuses", json!([]), "desk_statuses[0]"),
            ("/statuses/1/status", json!("open"), "statuses[1].status"),
            ("/desk_statuses/2/desk", json!("on_hold"), "desk_statuses"),
            ("/desk_statuses/2/desk", json!("open"), "desk_statuses"),
        ];
        for (place, value, what) in cases {
            let mut faulty = sound.clone();
            let (parent, name) = place.rsplit_once('/').unwrap();
            match faulty.pointer_mut(parent).unwrap() {
                Value::Object(fields) => fields.insert(name.to_owned(), value),
                other => panic!("{place} is in {other}"),
            };
            let error = Product::from_json(&faulty.to_string()).unwrap_err();
            assert_eq!(error.what, what, "{place}");
        }
        assert_eq!(Product::from_json("{ \"name\": ").unwrap_err().what, "line 1, column 10");
    }

    fn limits(max_files: u32, max_bytes: u64, types: &[&str]) -> Value {
        json!({ "max_files": max_files, "max_bytes": max_bytes, "types": types })
    }

    #[test]
    fn attachments_are_off_unless_the_product_turns_them_on() {
        let mut file: Value = serde_json::from_str(BUILT_IN).unwrap();
        let read = |file: &Value| Product::from_json(&file.to_string()).unwrap();
        assert_eq!((read(&file).attachments, read(&file).cache_bytes), (None, 100_000_000));
        for off in [json!(null), json!(false)] {
            file["attachments"] = off;
            assert_eq!(read(&file).attachments, None);
        }
        file.as_object_mut().unwrap().remove("attachments");
        assert_eq!(read(&file).attachments, None);
        // The limits of the hub product (`docs/product.md`, S12).
        let types = ["csv", "tsv", "xlsx", "doc", "docx", "pdf", "txt", "jpg", "png", "gif", "mp4", "mov", "har"];
        file["attachments"] = limits(5, 500_000, &types);
        let read = read(&file).attachments.unwrap();
        assert_eq!((read.max_files, read.max_bytes, read.types.len()), (5, 500_000, 13));
        assert_eq!(read.types.iter().map(|known| known.ending()).collect::<Vec<_>>(), types);
    }

    #[test]
    fn fields_of_a_later_version_are_ignored() {
        let mut later: Value = serde_json::from_str(BUILT_IN).unwrap();
        later["holograms"] = json!({ "enabled": true });
        assert!(Product::from_json(&later.to_string()).is_ok());
    }

    #[test]
    fn a_product_of_an_earlier_version_takes_the_built_in_values_of_later_fields() {
        let mut earlier: Value = serde_json::from_str(BUILT_IN).unwrap();
        for (part, names) in
            [("sync", ["sweep_seconds", "sweep_requests"]), ("thread_policy", ["requests_per_hour", "bytes_per_hour"])]
        {
            for name in names {
                assert!(earlier[part].as_object_mut().unwrap().remove(name).is_some(), "{name}");
            }
        }
        assert_eq!(Product::from_json(&earlier.to_string()), Product::built_in());
    }

    #[test]
    fn a_toggle_that_the_server_does_not_enforce_is_not_offered() {
        let mut plain: Value = serde_json::from_str(BUILT_IN).unwrap();
        assert!(Product::built_in().unwrap().access_toggle);
        plain["access_toggle_enforced"] = json!(false);
        plain["fields"]["access"] = json!(null);
        assert!(!Product::from_json(&plain.to_string()).unwrap().access_toggle);
        plain.as_object_mut().unwrap().remove("access_toggle_enforced");
        assert!(!Product::from_json(&plain.to_string()).unwrap().access_toggle);
    }
}
