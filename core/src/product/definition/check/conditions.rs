//! Conditions: that what they compare exists, and that they are asked where their facts are known.

use super::fault::{Checked, at, fault};
use crate::product::condition::{Atom, Condition};
use crate::product::definition::Definition;
use crate::product::definition::parts::actions::Role;
use crate::product::definition::parts::fields::FieldType;
use crate::product::definition::place::Place;

/// Where a condition stands, which decides what is known.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    /// About a ticket: everything but the form.
    Ticket,
    /// Decides what a user is to a ticket, so roles themselves are not known.
    Role,
    /// In the form of a new ticket.
    Draft,
    /// About the user alone: there is no ticket.
    User,
    /// Which tickets a scope has: what the store knows of every ticket, so that it finds them in order.
    Scope,
}

pub(super) fn check(definition: &Definition) -> Checked {
    let each = |conditions: &[Condition], place: &Place, context| {
        for (index, condition) in conditions.iter().enumerate() {
            one(definition, condition, &place.clone().index(index), context)?;
        }
        Ok(())
    };
    let roles = &definition.roles;
    for (name, conditions) in
        [("owner", Some(&roles.owner)), ("linked", roles.linked.as_ref()), ("admin", roles.admin.as_ref())]
    {
        if let Some(conditions) = conditions {
            each(&conditions.0, &at("roles").key(name), Context::Role)?;
        }
    }
    for (index, mark) in definition.marks.iter().enumerate() {
        each(&mark.when.0, &at("marks").index(index).key("when"), Context::Ticket)?;
    }
    if let Some(access) = &definition.create.access {
        one(definition, &access.needs, &at("create").key("access").key("needs"), Context::Draft)?;
    }
    if let Some(cc) = &definition.create.cc {
        each(&cc.when.0, &at("create").key("cc").key("when"), Context::Draft)?;
    }
    each(&definition.reply.when.0, &at("reply").key("when"), Context::Ticket)?;
    for (index, blocked) in definition.reply.blocked.iter().enumerate() {
        each(&blocked.when.0, &at("reply").key("blocked").index(index).key("when"), Context::Ticket)?;
    }
    for (index, column) in definition.history.columns.iter().enumerate() {
        each(&column.when.0, &at("history").key("columns").index(index).key("when"), Context::User)?;
    }
    for (index, scope) in definition.history.scopes.iter().enumerate() {
        each(&scope.is, &at("history").key("scopes").index(index).key("is"), Context::Scope)?;
    }
    if let Some(unavailable) = &definition.history.unavailable {
        each(&unavailable.when.0, &at("history").key("unavailable").key("when"), Context::User)?;
    }
    for (id, section) in &definition.sections {
        each(&section.when.0, &at("sections").key(id).key("when"), Context::Ticket)?;
    }
    for (index, action) in definition.actions.iter().enumerate() {
        each(&action.when.0, &at("actions").index(index).key("when"), Context::Ticket)?;
    }
    for (index, entry) in definition.entries.iter().enumerate() {
        each(&entry.when.0, &at("entries").index(index).key("when"), Context::User)?;
    }
    Ok(())
}

fn one(definition: &Definition, condition: &Condition, place: &Place, context: Context) -> Checked {
    for atom in condition.atoms() {
        let missing = match atom {
            Atom::Field(field) if !definition.fields.contains_key(field) && field != "access" => {
                Some(format!("field `{field}`"))
            }
            Atom::Draft(field) if !definition.create.order.contains(field) => {
                Some(format!("field `{field}` in the form"))
            }
            _ => None,
        };
        if let Some(missing) = missing {
            return fault(place.clone(), format!("there is no {missing}"));
        }
        if !is_known(atom, context) {
            return fault(place.clone(), "this asks for something that is not known here");
        }
    }
    for (atom, value) in condition.compared() {
        let exists = match atom {
            Atom::Status => definition.statuses.iter().any(|status| status.id.0 == value),
            Atom::Role => Role::named(value).is_some(),
            Atom::Scope => definition.history.scopes.iter().any(|scope| scope.id == value),
            Atom::TicketType => definition.ticket_types.iter().any(|known| known.id == value),
            Atom::Requester | Atom::Linked => value == "me",
            Atom::Field(field) => match definition.fields.get(field) {
                Some(field) if field.kind == FieldType::Enum => field.values.iter().any(|known| known == value),
                _ => true,
            },
            _ => true,
        };
        if !exists {
            return fault(place.clone(), format!("`{value}` does not exist there"));
        }
    }
    Ok(())
}

fn is_known(atom: &Atom, context: Context) -> bool {
    match atom {
        Atom::Any | Atom::Claim(_) | Atom::Can(_) | Atom::Connector(_) => true,
        Atom::SignedOut | Atom::Scope => {
            context == Context::User || (context == Context::Ticket && *atom == Atom::Scope)
        }
        Atom::Draft(_) => context == Context::Draft,
        Atom::Role => matches!(context, Context::Ticket | Context::Scope),
        Atom::Requester | Atom::Linked => matches!(context, Context::Ticket | Context::Role | Context::Scope),
        Atom::Status | Atom::StatusKind | Atom::StatusActive | Atom::MailThread | Atom::TicketType | Atom::Field(_) => {
            matches!(context, Context::Ticket | Context::Role)
        }
    }
}
