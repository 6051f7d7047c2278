use rusqlite::Connection;
use std::time::Instant;
fn main() {
    let db = Connection::open(std::env::args().nth(1).unwrap()).unwrap();
    db.pragma_update(None, "trusted_schema", false).unwrap();
    let W = "o.state NOT IN ('sent', 'not_shown') AND o.kind NOT IN ('upload', 'mark_read')";
    let base = [
        "t.id",
        "t.number",
        "t.subject",
        "t.server_status",
        "t.user_spoke_last",
        "t.created_at",
        "t.last_activity",
        "t.unread",
        "t.has_attachments",
        "t.visible",
        "t.unsent > 0",
    ];
    let extra: Vec<(&str,String)> = vec![
        ("waiting", format!("(SELECT count(*) FROM outbox o WHERE o.ticket = t.id AND {W})")),
        ("needs", "EXISTS (SELECT 1 FROM outbox o WHERE o.ticket = t.id AND o.state IN ('needs_user', 'may_have_been_sent'))".into()),
        ("msg", "substr(n.body, 1, 2000), n.mine, n.unsent > 0, n.created_at, CASE WHEN trim(n.body, char(32, 10, 13, 9)) = '' THEN n.attachments END".into()),
        ("label", "t.custom_status, (SELECT c.label FROM custom_statuses c WHERE c.id = t.custom_status AND NOT c.is_default)".into()),
        ("fields", "(SELECT json_group_object(v.field, v.value) FROM field_values v WHERE v.ticket = t.id)".into()),
        ("person", "(SELECT p.name FROM people p WHERE p.id = t.requester)".into()),
        ("linked", "(t.visible AND t.requester IS NOT NULL AND t.requester IS NOT (SELECT person FROM account)
                       AND (EXISTS (SELECT 1 FROM list_tickets l WHERE l.ticket = t.id AND l.list = 'copied')
                            OR EXISTS (SELECT 1 FROM json_each(CASE WHEN json_valid(t.cc_people) THEN t.cc_people ELSE '[]' END) c
                                       WHERE c.value = (SELECT person FROM account))))".into()),
        ("reminder", "t.unread AND EXISTS (SELECT 1 FROM unread_tickets u WHERE u.ticket = t.id AND u.reminder)".into()),
    ];
    let join = "LEFT JOIN messages n ON n.id = (SELECT m.id FROM messages m WHERE m.ticket = t.id
                                         ORDER BY m.unsent DESC, m.created_at DESC, m.sort_comment DESC, m.id DESC LIMIT 1)";
    let time = |name: &str, cols: String, join: &str, not: bool| {
        let ne = if not {
            format!("AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.ticket = e.ticket AND {W})")
        } else {
            String::new()
        };
        let sql = format!("SELECT {cols}, e.last_activity, e.sort_number FROM history_entries e INDEXED BY entries_activity CROSS JOIN tickets t ON t.id = e.ticket {join}
            WHERE e.listed = 1 AND (e.last_activity, e.sort_number) < (?1, ?2) {ne} ORDER BY e.last_activity DESC, e.sort_number DESC LIMIT 50");
        let mut best = f64::MAX;
        for _ in 0..200 {
            let s = Instant::now();
            let mut st = db.prepare_cached(&sql).unwrap();
            let mut rows = st.query([i64::MAX, i64::MAX]).unwrap();
            while let Some(r) = rows.next().unwrap() {
                for i in 0..r.as_ref().column_count() {
                    std::hint::black_box(r.get_ref(i).unwrap());
                }
            }
            best = best.min(s.elapsed().as_secs_f64() * 1e6);
        }
        println!("{name}: {best:.1} us");
    };
    let b = base.join(", ");
    time("base", b.clone(), "", false);
    time("base + not exists", b.clone(), "", true);
    for (name, col) in &extra {
        time(name, format!("{b}, {col}"), if *name == "msg" { join } else { "" }, false);
    }
    time("all", format!("{b}, {}", extra.iter().map(|e| e.1.clone()).collect::<Vec<_>>().join(", ")), join, true);
    for sql in ["SELECT ifnull(sum(tickets),0) FROM history_counts WHERE listed = 1", "SELECT count(*) FROM tickets"] {
        let mut best = f64::MAX;
        for _ in 0..100 {
            let s = Instant::now();
            let _: i64 = db.prepare_cached(sql).unwrap().query_row([], |r| r.get(0)).unwrap();
            best = best.min(s.elapsed().as_secs_f64() * 1e6);
        }
        println!("{sql}: {best:.1} us");
    }
}
