//! How the company has set up its account: the ticket fields, the custom statuses, and the settings of an administrator.
//!
//! A fresh server has those of `data/account.json`. Tests change them under `/sandbox`, and keep the rest.

mod field;
mod help_center;
mod settings;
mod status;
mod texts;

use serde::{Deserialize, Serialize};

pub use field::{ACCESS, CLIENT_REFERENCE, FEEDBACK_GIVEN, FORM, Field, ISSUE_TYPE};
pub use help_center::{FIRST_ARTICLE, HelpCenter};
pub use settings::{CustomStatuses, HelpCenterSetting, Satisfaction, Settings};
pub use status::CustomStatus;

use crate::store::tickets::Ticket;

/// The whole set-up.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// The system's and the company's fields, in the order of the form.
    pub ticket_fields: Vec<Field>,
    /// The custom statuses, the default ones of each category included.
    pub custom_statuses: Vec<CustomStatus>,
    /// The settings.
    #[serde(default)]
    pub settings: Settings,
}

impl Account {
    /// The set-up of a fresh server.
    pub fn first() -> Result<Self, serde_json::Error> {
        serde_json::from_str(include_str!("../../data/account.json"))
    }

    /// The custom fields that end users see in a request.
    pub fn shown_fields(&self) -> impl Iterator<Item = &Field> {
        self.ticket_fields.iter().filter(|field| field.active && field.visible && !field.is_system())
    }

    /// The id of a ticket's custom status. Nobody may have chosen one, then it is the default one of the ticket's
    /// category. `None` in an account without custom statuses.
    pub fn custom_status(&self, ticket: &Ticket) -> Option<i64> {
        if self.settings.custom_statuses != CustomStatuses::On {
            return None;
        }
        // A closed ticket belongs to the category of the solved ones.
        let category = if ticket.is_closed() { "solved" } else { &ticket.status };
        let default = || self.custom_statuses.iter().find(|status| status.default && status.category == category);
        ticket.custom_status_id.or_else(|| default().map(|status| status.id))
    }
}
