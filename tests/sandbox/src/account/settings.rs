//! The settings of an administrator that an app notices.

use serde::{Deserialize, Serialize};

/// The settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Whether the account has custom statuses.
    pub custom_statuses: CustomStatuses,
    /// Whether anybody may create a request without signing in ("Anybody can submit tickets").
    pub anonymous_requests: bool,
    /// How many requests may be created without signing in within an hour, by everybody together; without a limit if
    /// `None`. The service documents a limit of 5 for trial accounts, and does not say whom it counts.
    pub anonymous_per_hour: Option<u32>,
    /// Whether a user sees the tickets that the user is copied on, as in the service. Without it, a CC address gets mails
    /// and nothing else.
    pub copied_users_see: bool,
    /// How users say whether they were satisfied.
    pub satisfaction: Satisfaction,
    /// Whether end users may read and write their records of the custom object `proxy_login`.
    pub proxy_login: bool,
    /// Whether there is a help centre that end users see.
    pub help_center: HelpCenterSetting,
    /// Whether end users may vote about articles.
    pub article_votes: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            custom_statuses: CustomStatuses::On,
            anonymous_requests: true,
            anonymous_per_hour: None,
            copied_users_see: false,
            satisfaction: Satisfaction::Legacy,
            proxy_login: true,
            help_center: HelpCenterSetting::On,
            article_votes: true,
        }
    }
}

/// How users say whether they were satisfied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Satisfaction {
    /// They do not.
    Off,
    /// By legacy ratings.
    Legacy,
    /// By surveys.
    Surveys,
}

/// Whether there is a help centre that end users see. What the service answers where there is none is not documented for every
/// path, so there are two answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HelpCenterSetting {
    /// There is one.
    On,
    /// It is closed to end users, and every call is forbidden (403).
    Forbidden,
    /// There is none, and no such path (404).
    Missing,
}

/// Whether the account has custom statuses. Without them, a request has no custom status. What the service then answers to
/// the call that lists them is not documented, so there are two answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CustomStatuses {
    /// They are activated.
    On,
    /// They are not, and the call is forbidden (403).
    Forbidden,
    /// They are not, and there is no such path (404).
    Missing,
}
