//! The check of a whole definition: what one part says about another, and the bounds.
//!
//! Each part has a function here that returns the first fault that it finds. Whoever wrote the definition mends one thing after
//! the other, as with a compiler that stops at the first error.

mod conditions;
mod connectors;
mod details;
mod fault;
mod forms;
mod strings;

use self::fault::{Checked, MOST_KINDS, MOST_PARTS, at, bounded, fault, ids, unique};
use super::parts::fields::FieldType;
use super::parts::statuses::StatusRule;
use super::whole::{Definition, SCHEMA};
use crate::model::ServerStatus;
use crate::product::condition::is_id;

impl Definition {
    pub(super) fn check(&self) -> Checked {
        if self.schema != SCHEMA {
            return fault(at("schema"), format!("this library reads version {SCHEMA}"));
        }
        if self.id.is_empty() || self.id.len() > 64 || !self.id.split('-').all(is_id) {
            return fault(at("id"), "not an id: lower-case letters, digits, `_` and `-`");
        }
        self.check_statuses()?;
        self.check_fields()?;
        self.check_marks()?;
        forms::check(self)?;
        details::check(self)?;
        conditions::check(self)?;
        connectors::check(self)?;
        strings::check(self)?;
        self.check_sync()
    }

    fn check_statuses(&self) -> Checked {
        ids("statuses", self.statuses.iter().map(|status| status.id.0.as_str()), MOST_KINDS)?;
        if self.statuses.is_empty() {
            return fault(at("statuses"), "a product has at least one status");
        }
        if self.status_from.len() > MOST_PARTS {
            return fault(at("status_from"), format!("more than {MOST_PARTS}"));
        }
        for (index, rule) in self.status_from.iter().enumerate() {
            let here = at("status_from").index(index);
            if !self.statuses.iter().any(|status| status.id == rule.to) {
                return fault(here.key("to"), format!("there is no status `{}`", rule.to.0));
            }
            if rule.custom.is_empty() && rule.system.is_empty() {
                return fault(here, "neither `custom` nor `system`");
            }
            if rule.system.contains(&ServerStatus::Unknown) {
                return fault(here.key("system"), "`unknown` is no status of a server");
            }
        }
        for (status, name) in ServerStatus::ALL {
            let always = |rule: &&StatusRule| rule.last_public.is_none() && rule.system.contains(&status);
            if !self.status_from.iter().any(|rule| always(&rule)) {
                return fault(at("status_from"), format!("no rule for the server's status `{name}` alone"));
            }
        }
        Ok(())
    }

    fn check_fields(&self) -> Checked {
        if self.fields.len() > MOST_PARTS {
            return fault(at("fields"), format!("more than {MOST_PARTS}"));
        }
        for (id, field) in &self.fields {
            let here = at("fields").key(id);
            if !is_id(id) {
                return fault(here, "not an id: lower-case letters, digits and `_`, a letter first");
            }
            if field.kind.has_values() == field.values.is_empty() && !matches!(field.kind, FieldType::Map(_)) {
                return fault(here.key("values"), "values belong to an enumeration, and it has at least one");
            }
            unique(&here.clone().key("values"), field.values.iter().map(String::as_str))?;
            if let Some(odd) = field.values.iter().position(|value| !is_id(value)) {
                return fault(
                    here.key("values").index(odd),
                    "not an id: lower-case letters, digits and `_`, a letter first",
                );
            }
            if field.max.is_some_and(|max| !(1..=65_536).contains(&max)) {
                return fault(here.key("max"), "not 1 to 65536");
            }
        }
        Ok(())
    }

    fn check_marks(&self) -> Checked {
        ids("marks", self.marks.iter().map(|mark| mark.id.as_str()), MOST_KINDS)
    }

    fn check_sync(&self) -> Checked {
        let (sync, threads) = (&self.sync, &self.sync.threads);
        let day = 86_400;
        for (key, value, least, most) in [
            ("overlap_seconds", sync.overlap_seconds, 1, day),
            ("page_size", sync.page_size.into(), 1, 100),
            ("reconciliation_seconds", sync.reconciliation_seconds, 0, 31 * day),
            ("reconciliation_requests", sync.reconciliation_requests.into(), 1, 10_000),
            ("front_thread_seconds", sync.front_thread_seconds, 1, day),
            ("front_history_seconds", sync.front_history_seconds, 1, day),
            ("stale_read_seconds", sync.stale_read_seconds, 0, 3_600),
            ("late_apply_seconds", sync.late_apply_seconds, 0, 3_600),
            ("cache_bytes", sync.cache_bytes, 0, 10_000_000_000),
        ] {
            bounded(at("sync").key(key), value, least, most)?;
        }
        for (key, value, most) in [
            ("active_days", u64::from(threads.active_days), 3_660),
            ("requests_per_hour", threads.requests_per_hour.into(), 10_000),
            ("bytes_per_hour", threads.bytes_per_hour, 1_000_000_000),
        ] {
            bounded(at("sync").key("threads").key(key), value, 0, most)?;
        }
        Ok(())
    }
}
