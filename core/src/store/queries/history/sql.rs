//! The queries of the history's parts.

use crate::query::{EntryFilter, Relation, Relations, Walk, WalkStart};
use crate::store::outbox::operations::WAITING;

use super::rows::{select, select_entries};

/// A query of rows in one order. Its parameters are the two numbers of the row beyond which it continues, and how many
/// rows it reads at most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Query {
    pub(super) sql: String,
    /// The largest comes first.
    pub(super) descending: bool,
}

impl Query {
    /// The rows of `from` under `conditions`, in the order of two columns.
    fn of(from: &str, columns: [&str; 2], conditions: &str, descending: bool) -> Self {
        let (key, rest) = Self::rest(columns, true, conditions, descending);
        Self { sql: select(from, &key, &rest), descending }
    }

    /// The same, where no two rows have the same first number. The index has it alone.
    fn unique(from: &str, columns: [&str; 2], conditions: &str, descending: bool) -> Self {
        let (key, rest) = Self::rest(columns, false, conditions, descending);
        Self { sql: select(from, &key, &rest), descending }
    }

    /// The same as [`of`](Self::of), of tickets with their entries.
    fn of_entries(from: &str, columns: [&str; 2], conditions: &str, descending: bool) -> Self {
        let (key, rest) = Self::rest(columns, true, conditions, descending);
        Self { sql: select_entries(from, &key, &rest), descending }
    }

    /// The columns of the key, and what follows the tables.
    fn rest([first, second]: [&str; 2], by_both: bool, conditions: &str, descending: bool) -> (String, String) {
        let (order, beyond) = direction(descending);
        let then = if by_both { format!(", {second} {order}") } else { String::new() };
        let rest =
            format!("WHERE ({first}, {second}) {beyond} (?1, ?2){conditions} ORDER BY {first} {order}{then} LIMIT ?3");
        (format!("{first}, {second}"), rest)
    }

    /// The numbers with which it begins at its first row.
    pub(super) fn start(&self) -> [i64; 2] {
        if self.descending { [i64::MAX; 2] } else { [i64::MIN; 2] }
    }
}

/// How SQL says an order, and what lies beyond a row in it.
fn direction(descending: bool) -> (&'static str, &'static str) {
    if descending { ("DESC", "<") } else { ("ASC", ">") }
}

/// The first part: tickets that were not sent yet.
pub(super) fn unsent(filter: &EntryFilter, backward: bool) -> Query {
    // Whoever has not sent a ticket created it.
    let tests = tests(&EntryFilter { relations: Relations::ALL, ..filter.clone() }, "e");
    let join = if tests.is_empty() { "" } else { " CROSS JOIN history_entries e ON e.ticket = t.id" };
    Query::unique(&format!("tickets t{join}"), ["t.unsent", "t.id"], &format!(" AND t.unsent > 0{tests}"), !backward)
}

/// The second part: tickets in which something waits. They are shown however old they are, and there are few of them.
/// What this user is to a ticket is asked of the ticket itself, because nothing that the user wrote may be missing
/// while entries are computed anew.
pub(super) fn waiting(filter: &EntryFilter, backward: bool) -> Query {
    let of_view = match filter.relations {
        Relations::ALL => String::new(),
        relations => format!(" AND {} IN ({})", now("relation"), numbers(relations)),
    };
    let tests = tests(&EntryFilter { relations: Relations::ALL, ..filter.clone() }, "e");
    let join = if tests.is_empty() { "" } else { " CROSS JOIN history_entries e ON e.ticket = t.id" };
    let from = format!(
        "(SELECT o.ticket, max(o.id) AS newest FROM outbox o WHERE {WAITING} GROUP BY o.ticket) w
         CROSS JOIN tickets t ON t.id = w.ticket{join}"
    );
    Query::unique(&from, ["w.newest", "t.id"], &format!(" AND t.unsent = 0{of_view}{tests}"), !backward)
}

/// A column of the ticket's entry as it should be.
fn now(column: &str) -> String {
    format!("(SELECT n.{column} FROM history_entries_now n WHERE n.ticket = t.id)")
}

/// What the third part leaves out, because it stands in the second one.
fn nothing_waits(ticket: &str) -> String {
    format!(" AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.ticket = {ticket} AND {WAITING})")
}

/// A walk of the third part. `by_creation`: in the order of creation, which only a walk of all tickets has.
pub(super) fn walk(walk: &Walk, by_creation: bool, descending: bool) -> Query {
    let (index, start) = match walk.start {
        WalkStart::All if by_creation => ("entries_created", String::new()),
        WalkStart::All => ("entries_activity", String::new()),
        WalkStart::Relation(relation) => ("entries_relation", format!(" AND e.relation = {}", relation.number())),
        WalkStart::Status(status) => ("entries_status", format!(" AND e.status = {status}")),
        WalkStart::Unread(unread) => ("entries_unread", format!(" AND e.unread = {}", i64::from(unread))),
        WalkStart::TicketType(ticket_type) => ("entries_type", format!(" AND e.ticket_type = {ticket_type}")),
        WalkStart::Marked(bits) => ("entries_marked", format!(" AND e.marks > 0 AND e.marks & {bits} <> 0")),
    };
    let mut more = Vec::new();
    if walk.without_marks != 0 {
        more.push(format!("e.marks & {} = 0", walk.without_marks));
    }
    if !walk.without_statuses.is_empty() {
        more.push(format!("e.status NOT IN ({})", list(&walk.without_statuses)));
    }
    let tests = tests(&walk.filter, "e") + &all_hold(&more);
    let first = if by_creation { "e.created_at" } else { "e.last_activity" };
    entries(index, first, &format!("{start}{tests}"), descending)
}

/// The tickets of one creator, newest activity first.
pub(super) fn of_creator(creator: i64, filter: &EntryFilter, descending: bool) -> Query {
    let conditions = format!(" AND e.creator = {creator}{}", tests(filter, "e"));
    entries("entries_creator", "e.last_activity", &conditions, descending)
}

fn entries(index: &str, first: &str, conditions: &str, descending: bool) -> Query {
    let from = format!("history_entries e INDEXED BY {index} CROSS JOIN tickets t ON t.id = e.ticket");
    let conditions = format!(" AND e.listed = 1{conditions}{}", nothing_waits("e.ticket"));
    Query::of_entries(&from, [first, "e.sort_number"], &conditions, descending)
}

/// The first creator beyond a name and an id who has a row in the view: `sort_name` and id.
pub(super) fn next_creator(filter: &EntryFilter, descending: bool) -> String {
    let (order, beyond) = direction(descending);
    format!(
        "SELECT c.sort_name, c.person FROM creators c
         WHERE (c.sort_name, c.person) {beyond} (?1, ?2)
           AND EXISTS (SELECT 1 FROM history_entries e INDEXED BY entries_creator
                       WHERE e.listed = 1 AND e.creator = c.person{})
         ORDER BY c.sort_name {order}, c.person {order} LIMIT 1",
        tests(filter, "e")
    )
}

/// The third part from the tickets themselves. By creation it costs as much as there are tickets: this is for the seconds in which
/// entries are computed anew.
pub(super) fn direct(relations: Relations, by_creation: bool, descending: bool) -> Query {
    let of_view = match relations {
        Relations::ALL => String::new(),
        relations => format!(" AND {} IN ({})", now("relation"), numbers(relations)),
    };
    let conditions = format!(" AND t.unsent = 0 AND {}{of_view}{}", now("listed"), nothing_waits("t.id"));
    let first = if by_creation { "t.created_at" } else { "t.last_activity" };
    Query::of("tickets t", [first, "t.sort_number"], &conditions, descending)
}

/// The filter as conditions on an entry, each with AND before it.
pub(in crate::store) fn tests(filter: &EntryFilter, entry: &str) -> String {
    let relation = || format!("{entry}.relation IN ({})", numbers(filter.relations));
    let status = || {
        let (statuses, marks) = (list(&filter.statuses), filter.marks);
        format!("({entry}.status IN ({statuses}) OR {entry}.marks & {marks} <> 0)")
    };
    let conditions = [
        (filter.relations != Relations::ALL).then(relation),
        filter.by_status.then(status),
        filter.read.map(|read| format!("{entry}.unread = {}", i64::from(!read))),
        filter.ticket_types.as_ref().map(|types| format!("{entry}.ticket_type IN ({})", list(types))),
        filter.created_from.map(|from| format!("{entry}.created_at >= {from}")),
        filter.created_until.map(|until| format!("{entry}.created_at < {until}")),
    ];
    all_hold(&conditions.into_iter().flatten().collect::<Vec<_>>())
}

/// Conditions, each with AND before it.
fn all_hold(conditions: &[String]) -> String {
    conditions.iter().flat_map(|condition| [" AND ", condition]).collect()
}

pub(super) fn numbers(set: Relations) -> String {
    set.iter().map(|relation: Relation| relation.number().to_string()).collect::<Vec<_>>().join(", ")
}

fn list(values: &[i64]) -> String {
    values.iter().map(i64::to_string).collect::<Vec<_>>().join(", ")
}
