//! Filters, orders and counts of the history, beside a model that knows neither SQL nor indexes.

mod plans;

use std::cmp::{Ordering, Reverse};
use std::collections::BTreeSet;

use proptest::test_runner::TestCaseError;

use super::*;
use crate::model::{FieldValue, StatusId, Unreadable};
use crate::product::ServerKind;
use crate::query::{
    CreatorFilter, HistoryCounts, HistoryFilter, HistorySort, HistoryView, Relation, Relations, SortKey,
};

const BEN: PersonId = PersonId(9_002);
const OEZLEM: PersonId = PersonId(9_003);
const NAMELESS: PersonId = PersonId(9_004);
const TYPES: [&str; 4] = ["email", "phone", "chat", "fax"];
const KEYS: [SortKey; 5] = [SortKey::LastActivity, SortKey::Created, SortKey::Status, SortKey::Creator, SortKey::Read];

fn hub_fixture() -> Fixture {
    let folder = tempfile::tempdir().unwrap();
    let store = open_hub(folder.path());
    store.bind("https://desk.example/", ME, Some("ada@reisen.example")).unwrap();
    Fixture { folder, store, hold: Duration::ZERO }
}

fn open_hub(folder: &Path) -> Store {
    let definition = r#"{ "schema": 1, "id": "tested", "version": 1, "extends": "hub@1" }"#;
    let product = Product::from_json(definition, ServerKind::Zendesk).unwrap();
    Store::open(folder, "ada", "https://desk.example/", None, Arc::new(product), Arc::default()).unwrap()
}

/// A ticket as the server has it, and what the user makes of it.
#[derive(Debug, Clone)]
struct Spec {
    number: i64,
    requester: PersonId,
    copied: bool,
    solved: bool,
    escalated: bool,
    ticket_type: usize,
    created: i64,
    updated: i64,
    marked_unread: bool,
    waits: bool,
    revoked: bool,
}

fn specs() -> impl Strategy<Value = Vec<Spec>> {
    let people = prop_oneof![3 => Just(ME), 2 => Just(BEN), 1 => Just(OEZLEM), 1 => Just(NAMELESS)];
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), 0..12_u8);
    let one = (people, flags, 0..TYPES.len(), 0..6_i64, 0..6_i64);
    proptest::collection::vec(one, 0..24).prop_map(|rows| {
        let of = |(index, (requester, flags, ticket_type, created, updated))| {
            let (copied, solved, escalated, marked_unread, rare) = flags;
            let (waits, revoked) = (rare == 0, rare == 1);
            let number = i64::try_from(index).unwrap_or_default() + 1;
            Spec {
                number,
                requester,
                copied,
                solved,
                escalated,
                ticket_type,
                created,
                updated,
                marked_unread,
                waits,
                revoked,
            }
        };
        rows.into_iter().enumerate().map(of).collect()
    })
}

fn filters() -> impl Strategy<Value = HistoryFilter> {
    let statuses = proptest::collection::btree_set(prop_oneof!["open", "closed", "elsewhere"], 0..3);
    let marks = proptest::collection::btree_set(prop_oneof![3 => "escalated", 1 => "starred"], 0..2);
    let types = proptest::collection::btree_set(proptest::sample::select(&TYPES[..]), 0..3);
    let days = (proptest::option::weighted(0.3, 0..6_i64), proptest::option::weighted(0.3, 0..7_i64));
    (statuses, marks, any::<bool>(), proptest::option::weighted(0.4, any::<bool>()), types, days).prop_map(
        |(statuses, marks, mine, read, types, (from, until))| HistoryFilter {
            statuses: statuses.into_iter().map(StatusId).collect(),
            marks,
            creator: if mine { CreatorFilter::Me } else { CreatorFilter::Anyone },
            read,
            ticket_types: types.into_iter().map(str::to_owned).collect(),
            created_from: from.map(created),
            created_until: until.map(created),
        },
    )
}

fn created(day: i64) -> Timestamp {
    Timestamp(NOW.0 - 900_000_000 + day * 86_400_000)
}

impl Spec {
    fn remote(&self) -> RemoteTicket {
        let mut fields =
            BTreeMap::from([("ticket_type".to_owned(), FieldValue::Text(TYPES[self.ticket_type].to_owned()))]);
        if self.escalated {
            fields.insert("escalation_state".to_owned(), FieldValue::Text("review".to_owned()));
        }
        RemoteTicket {
            requester: Some(self.requester),
            cc: if self.copied { vec![AGENT, ME] } else { Vec::new() },
            status: if self.solved { ServerStatus::Solved } else { ServerStatus::Open },
            created_at: created(self.created),
            fields,
            ..remote(self.number, self.updated)
        }
    }

    fn relation(&self) -> Relation {
        match (self.requester == ME, self.copied) {
            (true, _) => Relation::Own,
            (false, true) => Relation::Linked,
            (false, false) => Relation::None,
        }
    }

    /// What the model says of a revoked ticket: the store keeps its place, and nothing else.
    fn now(&self) -> Self {
        if !self.revoked {
            return self.clone();
        }
        Self { escalated: false, marked_unread: false, waits: false, ..self.clone() }
    }
}

/// What the history should have, of a view and a filter, in an order.
struct Model<'a> {
    specs: &'a [Spec],
    view: HistoryView,
}

impl Model<'_> {
    fn has(&self, spec: &Spec, filter: &HistoryFilter) -> bool {
        let status = if spec.revoked { None } else { Some(if spec.solved { "closed" } else { "open" }) };
        let has_status = status.is_some_and(|status| filter.statuses.contains(&StatusId(status.to_owned())));
        let has_mark = spec.escalated && filter.marks.contains("escalated");
        let has_type =
            !spec.revoked && filter.ticket_types.contains(TYPES[spec.ticket_type]) && TYPES[spec.ticket_type] != "fax";
        let relations = if spec.waits { self.view.unsent } else { self.view.relations };
        relations.has(spec.relation())
            && (filter.statuses.is_empty() && filter.marks.is_empty() || has_status || has_mark)
            && (filter.creator == CreatorFilter::Anyone || spec.relation() == Relation::Own)
            && filter.read.is_none_or(|read| read != spec.marked_unread)
            && (filter.ticket_types.is_empty() || has_type)
            && filter.created_from.is_none_or(|from| created(spec.created) >= from)
            && filter.created_until.is_none_or(|until| created(spec.created) < until)
    }

    fn numbers(&self, filter: &HistoryFilter, sort: HistorySort) -> Vec<i64> {
        let mut found: Vec<&Spec> = self.specs.iter().filter(|spec| self.has(spec, filter)).collect();
        found.sort_by(|a, b| {
            let newest_first = (Reverse(a.updated), Reverse(a.number)).cmp(&(Reverse(b.updated), Reverse(b.number)));
            let by_key = match sort.key {
                SortKey::LastActivity => (a.updated, a.number).cmp(&(b.updated, b.number)),
                SortKey::Created => (a.created, a.number).cmp(&(b.created, b.number)),
                SortKey::Status => rank(a).cmp(&rank(b)),
                SortKey::Creator => name(a).cmp(&name(b)),
                SortKey::Read => b.marked_unread.cmp(&a.marked_unread),
            };
            let by_key = if sort.descending { by_key.reverse() } else { by_key };
            // What waits is on top in every order, the one written last first.
            match (a.waits, b.waits) {
                (true, true) => b.number.cmp(&a.number),
                (true, false) => Ordering::Less,
                (false, true) => Ordering::Greater,
                (false, false) => by_key.then(newest_first),
            }
        });
        found.iter().map(|spec| spec.number).collect()
    }
}

/// Escalated, open, closed, unknown.
fn rank(spec: &Spec) -> u8 {
    match spec {
        Spec { revoked: true, .. } => 3,
        Spec { escalated: true, .. } => 0,
        Spec { solved: false, .. } => 1,
        Spec { solved: true, .. } => 2,
    }
}

/// By which a creator is sorted. Of a revoked ticket nobody knows who created it.
fn name(spec: &Spec) -> (&'static str, i64) {
    match spec.requester {
        _ if spec.revoked => ("\u{10ffff}", 0),
        ME => ("ada", ME.0),
        BEN => ("ben", BEN.0),
        OEZLEM => ("ozlem", OEZLEM.0),
        other => ("\u{10ffff}", other.0),
    }
}

fn fill(fixture: &Fixture, specs: &[Spec]) {
    let store = &fixture.store;
    let person = |id, name: &str| RemotePerson { id, name: name.to_owned(), agent: false, photo: None };
    let people = [person(ME, "Ada"), person(BEN, "ben"), person(OEZLEM, "Özlem")];
    let tickets: Vec<RemoteTicket> = specs.iter().map(Spec::remote).collect();
    let list = TicketList("organization:7".to_owned());
    let page = PulledPage { list: &list, tickets: &tickets, step: PageStep::Incremental, seen: SEEN };
    store.apply_page_with(&page, &Unreadable::default(), &people).unwrap();
    store.mark_all_read(HistoryView::WHOLE).unwrap();
    for spec in specs {
        let ticket = store.ticket_by_number(TicketNumber(spec.number)).unwrap().unwrap();
        if spec.waits {
            let key = id(1_000 + u128::try_from(spec.number).unwrap());
            store.change(ticket, &NewChange { key, ..solve(key) }).unwrap();
        }
        if spec.marked_unread {
            store.mark_unread(ticket).unwrap();
        }
        if spec.revoked && !spec.waits {
            store.revoke(ticket, silent(NOW)).unwrap();
        }
    }
}

/// The numbers of a view, read downwards in pages of `limit`; then upwards again from the last row. Both have to agree.
fn read(store: &Store, query: &HistoryQuery, limit: u32) -> Vec<i64> {
    let numbers = |page: &HistoryPage| -> Vec<i64> {
        page.tickets.iter().map(|row| row.number.map_or(0, |number| number.0)).collect()
    };
    let (mut down, mut from, mut last) = (Vec::new(), None, None);
    loop {
        let page = store.history_page(query, from.as_deref().map_or(PageFrom::Top, PageFrom::After), limit).unwrap();
        assert!(!page.preparing);
        down.extend(numbers(&page));
        assert_eq!(page.previous.is_some(), from.is_some() && !page.tickets.is_empty());
        last = if page.tickets.is_empty() { last } else { page.previous.clone().or(last) };
        match page.next {
            Some(next) => from = Some(next),
            None => break,
        }
    }
    let Some(mut before) = last else { return down };
    let mut up = Vec::new();
    loop {
        let page = store.history_page(query, PageFrom::Before(&before), limit).unwrap();
        let mut rows = numbers(&page);
        rows.extend(up);
        up = rows;
        match page.previous {
            Some(previous) => before = previous,
            None => break,
        }
    }
    assert_eq!(up, down[..up.len()], "read upwards");
    down
}

fn views() -> [HistoryView; 3] {
    let mine = Relations::of(|relation| relation != Relation::None);
    [
        HistoryView::WHOLE,
        HistoryView { relations: mine, unsent: Relations::ALL },
        HistoryView { relations: mine.others(), unsent: mine.others() },
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Every filter in every order, downwards and upwards, and its counts.
    #[test]
    fn every_view_has_what_its_filter_says_in_its_order(specs in specs(), filter in filters(), limit in 1..9_u32) {
        let fixture = hub_fixture();
        fill(&fixture, &specs);
        let now: Vec<Spec> = specs.iter().map(|spec| Spec { revoked: spec.revoked && !spec.waits, ..spec.clone() })
            .map(|spec| spec.now()).collect();
        for view in views() {
            let model = Model { specs: &now, view };
            for key in KEYS {
                for descending in [false, true] {
                    let sort = HistorySort { key, descending };
                    let query = HistoryQuery { view, filter: filter.clone(), sort };
                    prop_assert_eq!(read(&fixture.store, &query, limit), model.numbers(&filter, sort), "{:?}", sort);
                }
            }
            counts_agree(&fixture.store, &model, &filter)?;
        }
        prop_assert_eq!(recounted(&fixture.store), 0);
        // What an entry says of its ticket is what the ticket says.
        for row in fixture.store.history(None, 200).unwrap().tickets {
            prop_assert_eq!(&row, &fixture.store.ticket(row.id).unwrap().row);
        }
    }
}

fn counts_agree(store: &Store, model: &Model<'_>, filter: &HistoryFilter) -> Result<(), TestCaseError> {
    let query = HistoryQuery { filter: filter.clone(), ..HistoryQuery::of(model.view) };
    let HistoryCounts { total, statuses, marks, ticket_types, unread, read, mine, anyone } =
        store.history_counts(&query).unwrap();
    let count = |filter: &HistoryFilter| u64::try_from(model.numbers(filter, HistorySort::default()).len()).unwrap();
    prop_assert_eq!(total, count(filter));
    prop_assert_eq!(total, store.history_page(&query, PageFrom::Top, 1).unwrap().total);
    let by_status = HistoryFilter { statuses: BTreeSet::new(), marks: BTreeSet::new(), ..filter.clone() };
    for (status, found) in statuses {
        prop_assert_eq!(found, count(&HistoryFilter { statuses: [status].into(), ..by_status.clone() }));
    }
    for (mark, found) in marks {
        prop_assert_eq!(found, count(&HistoryFilter { marks: [mark].into(), ..by_status.clone() }));
    }
    for (known, found) in ticket_types {
        prop_assert_eq!(found, count(&HistoryFilter { ticket_types: [known].into(), ..filter.clone() }));
    }
    for (asked, found) in [(false, unread), (true, read)] {
        prop_assert_eq!(found, count(&HistoryFilter { read: Some(asked), ..filter.clone() }));
    }
    prop_assert_eq!(mine, count(&HistoryFilter { creator: CreatorFilter::Me, ..filter.clone() }));
    prop_assert_eq!(anyone, count(&HistoryFilter { creator: CreatorFilter::Anyone, ..filter.clone() }));
    Ok(())
}

/// How many rows of `history_counts` differ from what the entries say, and how many entries from what they should be.
fn recounted(store: &Store) -> i64 {
    let columns = "listed, relation, status, marks, unread, ticket_type";
    let sql = format!(
        "SELECT (SELECT count(*) FROM (SELECT {columns}, count(*) FROM history_entries GROUP BY {columns}
                                       EXCEPT SELECT {columns}, tickets FROM history_counts))
                + (SELECT count(*) FROM (SELECT {columns}, tickets FROM history_counts WHERE tickets <> 0
                                         EXCEPT SELECT {columns}, count(*) FROM history_entries GROUP BY {columns}))
                + (SELECT count(*) FROM (SELECT ticket, listed, relation, unread, last_activity FROM history_entries_now
                                         EXCEPT SELECT ticket, listed, relation, unread, last_activity FROM history_entries))
                + (SELECT count(*) FROM stale_entries) + (SELECT count(*) FROM stale_creators)"
    );
    store.read(|db| Ok(db.query_row(&sql, [], |row| row.get(0))?)).unwrap()
}

#[test]
fn a_view_says_while_what_it_asks_for_is_computed() {
    let fixture = hub_fixture();
    let spec = |number| Spec {
        number,
        requester: ME,
        copied: false,
        solved: number % 2 == 0,
        escalated: number == 3,
        ticket_type: 1,
        created: number % 5,
        updated: number,
        marked_unread: false,
        waits: false,
        revoked: false,
    };
    let specs: Vec<Spec> = (1..=150).map(spec).collect();
    fill(&fixture, &specs);
    let Fixture { folder, store, .. } = fixture;
    let other = "UPDATE history_rules SET decides = 'another version'";
    store.write(Priority::User, |edit| Ok(edit.tx.execute(other, [])?)).unwrap();
    drop(store);
    let store = open_hub(folder.path());
    let open: BTreeSet<StatusId> = [StatusId("open".to_owned())].into();
    let filtered = HistoryQuery {
        filter: HistoryFilter { statuses: open, ..HistoryFilter::default() },
        ..HistoryQuery::of(HistoryView::WHOLE)
    };
    let page = |query: &HistoryQuery| store.history_page(query, PageFrom::Top, 200).unwrap();
    assert!(page(&filtered).preparing);
    // The two orders in which a product begins are complete at once.
    for key in [SortKey::LastActivity, SortKey::Created] {
        let sort = HistorySort { key, descending: true };
        let whole = page(&HistoryQuery { sort, ..HistoryQuery::of(HistoryView::WHOLE) });
        let numbers: Vec<i64> = whole.tickets.iter().map(|row| row.number.unwrap().0).collect();
        let model = Model { specs: &specs, view: HistoryView::WHOLE };
        assert_eq!(
            (whole.preparing, whole.total, numbers),
            (false, 150, model.numbers(&HistoryFilter::default(), sort))
        );
    }
    while store.rebuild_step().unwrap() {}
    let page = page(&filtered);
    assert_eq!((page.preparing, page.total, page.tickets.len()), (false, 75, 75));
}

#[test]
fn a_cursor_of_something_else_is_no_cursor() {
    let fixture = hub_fixture();
    let query = HistoryQuery::of(HistoryView::WHOLE);
    for cursor in
        ["", "1", "1.2.3", "1.2.3.4.5", "7.0.0.0", "-1.0.0.0", "2.5.0.0", "2.0.x.0", "9223372036854775808.0.0.0", "🧾"]
    {
        for from in [PageFrom::After(cursor), PageFrom::Before(cursor)] {
            let refused = fixture.store.history_page(&query, from, 10);
            assert_eq!(refused.map(|page| page.total), Err(StoreError::InvalidCursor), "{cursor:?}");
        }
    }
}
