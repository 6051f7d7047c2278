//! Organizations, who belongs to which, and how far their tickets are shared.

use rusqlite::{Connection, OptionalExtension, params};

use super::Result;
use super::people::User;
use super::tickets::Ticket;
use crate::users::{ORGANIZATIONS, Organization, PEOPLE, Sharing};

/// The first id of an organization that a test makes, and of a membership.
const FIRST_MADE: i64 = 360_004_600_001;
const FIRST_MEMBERSHIP: i64 = 360_005_100_001;

/// A user's membership in an organization.
#[derive(Debug, Clone)]
pub struct Membership {
    /// The service's id.
    pub id: i64,
    /// The organization.
    pub organization_id: i64,
    /// Its name.
    pub organization_name: String,
    /// Whether new tickets of this user belong to this organization.
    pub default: bool,
    /// Whether the user sees all tickets of the organization.
    pub view_tickets: bool,
}

/// Writes the fixed organizations.
pub fn insert_all(db: &Connection) -> Result<()> {
    for Organization { id, name } in ORGANIZATIONS {
        db.execute("INSERT INTO organizations (id, name) VALUES (?1, ?2)", params![id, name])?;
    }
    Ok(())
}

/// Makes the fixed users members of the organizations of their accounts.
pub fn insert_memberships(db: &Connection) -> Result<()> {
    for person in PEOPLE {
        if let Some(organization) = person.organization {
            join(db, person.id, organization)?;
        }
    }
    Ok(())
}

/// Makes an organization and returns its id.
pub fn make(db: &Connection, name: &str) -> Result<i64> {
    db.query_row(
        "INSERT INTO organizations (id, name) VALUES (max(?1, (SELECT max(id) + 1 FROM organizations)), ?2) RETURNING id",
        params![FIRST_MADE, name],
        |row| row.get(0),
    )
}

/// The name of an organization.
pub fn name(db: &Connection, id: i64) -> Result<Option<String>> {
    db.query_row("SELECT name FROM organizations WHERE id = ?1", [id], |row| row.get(0)).optional()
}

/// Adds a user to an organization. It becomes the user's default one if there was none.
pub fn join(db: &Connection, user: i64, organization: i64) -> Result<()> {
    db.execute(
        "INSERT OR IGNORE INTO memberships (id, user_id, organization_id)
         VALUES (coalesce((SELECT max(id) + 1 FROM memberships), ?1), ?2, ?3)",
        params![FIRST_MEMBERSHIP, user, organization],
    )?;
    db.execute(
        "UPDATE users SET organization_id = coalesce(organization_id, ?2) WHERE id = ?1",
        params![user, organization],
    )
    .map(drop)
}

/// Removes a user from an organization. If it was the user's default one, another one is. The user's tickets stay with
/// the organization.
pub fn leave(db: &Connection, user: i64, organization: i64) -> Result<()> {
    db.execute("DELETE FROM memberships WHERE user_id = ?1 AND organization_id = ?2", [user, organization])?;
    db.execute(
        "UPDATE users SET organization_id = (SELECT min(organization_id) FROM memberships WHERE user_id = ?1)
         WHERE id = ?1 AND organization_id = ?2",
        [user, organization],
    )
    .map(drop)
}

/// A user's memberships: the default one first, then by name.
pub fn memberships(db: &Connection, user: i64) -> Result<Vec<Membership>> {
    db.prepare_cached(
        "SELECT m.id, o.id, o.name, u.organization_id IS o.id, o.shared <> 'own' OR u.shared <> 'own'
         FROM memberships m JOIN organizations o ON o.id = m.organization_id JOIN users u ON u.id = m.user_id
         WHERE m.user_id = ?1 ORDER BY 4 DESC, o.name, m.id",
    )?
    .query_map([user], |row| {
        Ok(Membership {
            id: row.get(0)?,
            organization_id: row.get(1)?,
            organization_name: row.get(2)?,
            default: row.get(3)?,
            view_tickets: row.get(4)?,
        })
    })?
    .collect()
}

/// Whether a user belongs to an organization.
pub fn is_member(db: &Connection, user: i64, organization: i64) -> Result<bool> {
    db.prepare_cached("SELECT 1 FROM memberships WHERE user_id = ?1 AND organization_id = ?2")?
        .exists([user, organization])
}

/// Whether an organization shares its tickets with all of its members.
pub fn is_shared(db: &Connection, organization: i64) -> Result<bool> {
    db.prepare_cached("SELECT 1 FROM organizations WHERE id = ?1 AND shared <> 'own'")?.exists([organization])
}

/// Sets how far an organization shares its tickets with its members.
pub fn share(db: &Connection, organization: i64, sharing: Sharing) -> Result<bool> {
    db.execute("UPDATE organizations SET shared = ?2 WHERE id = ?1", params![organization, sharing.as_str()])
        .map(|rows| rows > 0)
}

/// Sets how far the tickets of a user's organizations are shared with this user.
pub fn share_with_user(db: &Connection, user: i64, sharing: Sharing) -> Result<()> {
    db.execute("UPDATE users SET shared = ?2 WHERE id = ?1", params![user, sharing.as_str()]).map(drop)
}

/// Moves a ticket to another organization.
pub fn move_ticket(db: &Connection, ticket: i64, organization: Option<i64>) -> Result<()> {
    db.execute("UPDATE tickets SET organization_id = ?2 WHERE id = ?1", params![ticket, organization]).map(drop)
}

/// Whether a user who sees a ticket may write in it. The wider permission counts: that of the requester and of a copied
/// user, of the access checkbox, of the organization, or of the user.
pub fn may_write(db: &Connection, user: &User, ticket: &Ticket) -> Result<bool> {
    if user.is_agent() || ticket.requester_id == user.id || ticket.cc_ids.contains(&user.id) {
        return Ok(true);
    }
    db.prepare_cached(
        "SELECT 1 FROM memberships m JOIN organizations o ON o.id = m.organization_id JOIN users u ON u.id = m.user_id
         WHERE m.user_id = ?1 AND m.organization_id = ?2 AND (?3 OR 'comment' IN (o.shared, u.shared))",
    )?
    .exists(params![user.id, ticket.organization_id, ticket.access == Some(true)])
}
