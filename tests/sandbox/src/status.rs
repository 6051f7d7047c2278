//! The service's six statuses.

/// All statuses, in the order of a ticket's life.
pub const ALL: [&str; 6] = ["new", "open", "pending", "hold", "solved", "closed"];

/// Finds a status by its name.
pub fn find(name: &str) -> Option<&'static str> {
    ALL.into_iter().find(|known| *known == name)
}
