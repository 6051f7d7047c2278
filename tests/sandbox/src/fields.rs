//! The server's custom fields. An app's product definition maps these ids.

/// The issue type, a drop-down. Its value is a tag.
pub const ISSUE_TYPE: i64 = 360_001_000_001;
/// "Accessible to all users of the account", a checkbox.
pub const ACCESS: i64 = 360_001_000_002;
/// The client reference of a new ticket, a line of text.
pub const CLIENT_REFERENCE: i64 = 360_001_000_003;
/// A field that no product maps. Its values are lists.
pub const MARKETS: i64 = 360_001_000_099;
/// The id of the only ticket form.
pub const FORM: i64 = 360_000_700_001;

/// The tags of the issue types with their English names, in the server's order.
pub const ISSUE_TYPES: [(&str, &str); 7] = [
    ("support_ui_general", "Support, UI & General inquiry"),
    ("technical_setup", "Technical setup"),
    ("data_reports", "Data & reports"),
    ("payments_finance", "Payments & finance"),
    ("contracts", "Contracts"),
    ("settings_navigation", "Settings & navigation"),
    ("content", "Content"),
];

/// Whether the drop-down has this tag.
#[must_use]
pub fn is_issue_type(tag: &str) -> bool {
    ISSUE_TYPES.iter().any(|(known, _)| *known == tag)
}
