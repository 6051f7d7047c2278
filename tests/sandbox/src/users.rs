//! The fixed users. Their names, ids and tokens never change, so that tests and demos can rely on them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a user may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Sees own tickets and those that colleagues made accessible.
    EndUser,
    /// An end user who sees every ticket of the account.
    Administrator,
    /// A member of the support team.
    Agent,
}

impl Role {
    /// The name under which the store keeps it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::EndUser => "end-user",
            Self::Administrator => "administrator",
            Self::Agent => "agent",
        }
    }

    /// The reverse of [`Role::as_str`]. An unknown name is read as an end user.
    #[must_use]
    pub fn parse(word: &str) -> Self {
        match word {
            "administrator" => Self::Administrator,
            "agent" => Self::Agent,
            _ => Self::EndUser,
        }
    }
}

/// How far users see the tickets of their organization. Where an organization and a user allow different things, the
/// wider one counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sharing {
    /// Only their own tickets.
    Own,
    /// All tickets, without writing in those of others.
    View,
    /// All tickets, in which they may write.
    Comment,
}

impl Sharing {
    /// The name under which the store keeps it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::View => "view",
            Self::Comment => "comment",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The organization of an account.
#[derive(Debug, Clone, Copy)]
pub struct Organization {
    /// The service's id.
    pub id: i64,
    /// Its name.
    pub name: &'static str,
}

/// A fixed user.
#[derive(Debug, Clone, Copy)]
pub struct Person {
    /// The user's name in calls under `/sandbox`: `ada`, `ben`, ….
    pub key: &'static str,
    /// The service's id.
    pub id: i64,
    /// Full name.
    pub name: &'static str,
    /// E-mail address, in lower case.
    pub email: &'static str,
    /// What this user may do.
    pub role: Role,
    /// The organization of the account; `None` for agents.
    pub organization: Option<i64>,
    /// BCP 47 tag.
    pub locale: &'static str,
    /// The bearer token; `None` for agents who only write answers in the seed.
    pub token: Option<&'static str>,
}

/// The account of Ada, Ben and Clara.
pub const NORDLICHT: Organization = Organization { id: 360_004_512_301, name: "Nordlicht Reisen" };
/// Another account.
pub const SONNENHOF: Organization = Organization { id: 360_004_512_377, name: "Sonnenhof Versand" };
/// Both accounts.
pub const ORGANIZATIONS: [Organization; 2] = [NORDLICHT, SONNENHOF];

const fn end_user(key: &'static str, id: i64, name: &'static str, email: &'static str, locale: &'static str) -> Person {
    Person { key, id, name, email, role: Role::EndUser, organization: Some(NORDLICHT.id), locale, token: None }
}

const fn agent(key: &'static str, id: i64, name: &'static str, email: &'static str) -> Person {
    Person { key, id, name, email, role: Role::Agent, organization: None, locale: "en-US", token: None }
}

/// An end user; 300 tickets are visible to her by default.
pub const ADA: Person = Person {
    token: Some("ada-token"),
    ..end_user("ada", 361_882_440_112, "Ada Lindqvist", "ada.lindqvist@nordlicht-reisen.example", "en-US")
};
/// A colleague of Ada.
pub const BEN: Person = Person {
    token: Some("ben-token"),
    ..end_user("ben", 361_882_440_137, "Ben Okafor", "ben.okafor@nordlicht-reisen.example", "en-GB")
};
/// The administrator of Ada's account.
pub const CLARA: Person = Person {
    token: Some("clara-token"),
    role: Role::Administrator,
    ..end_user("clara", 361_882_440_158, "Clara Núñez", "clara.nunez@nordlicht-reisen.example", "es")
};
/// A user of another account.
pub const ZOE: Person = Person {
    token: Some("zoe-token"),
    organization: Some(SONNENHOF.id),
    ..end_user("zoe", 361_882_441_003, "Zoë Brandt", "zoe.brandt@sonnenhof-versand.example", "de")
};
/// The agent who can sign in.
pub const MARTA: Person =
    Person { token: Some("agent-token"), ..agent("marta", 361_700_020_001, "Marta Feld", "marta.feld@desk.example") };

/// All fixed users, agents last.
pub const PEOPLE: [Person; 9] = [
    ADA,
    BEN,
    CLARA,
    ZOE,
    MARTA,
    agent("tom", 361_700_020_014, "Tom Ashby", "tom.ashby@desk.example"),
    agent("ines", 361_700_020_022, "Inés Prado", "ines.prado@desk.example"),
    agent("jonas", 361_700_020_035, "Jonas Keller", "jonas.keller@desk.example"),
    agent("priya", 361_700_020_041, "Priya Raman", "priya.raman@desk.example"),
];

/// Finds a fixed user by key (`ada`), token or id.
#[must_use]
pub fn find(name: &str) -> Option<&'static Person> {
    PEOPLE.iter().find(|person| person.key == name || person.token == Some(name) || person.id.to_string() == name)
}

/// Whether this is the id of an agent.
#[must_use]
pub fn is_agent(id: i64) -> bool {
    PEOPLE.iter().any(|person| person.id == id && person.role == Role::Agent)
}
