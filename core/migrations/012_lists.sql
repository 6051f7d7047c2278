-- Which of the server's lists showed a ticket, and where it stands in the history (docs/product.md, S16, S18).

-- In which of the lists the server showed each ticket (docs/product.md, S16). list is '' for a ticket that was in a list which
-- this user no longer has: that explains why it is missing.
CREATE TABLE list_tickets (
    ticket          INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    list            TEXT    NOT NULL,           -- as in lists
    reconciliation  INTEGER NOT NULL,           -- the last full reconciliation that had begun when the list showed it
    PRIMARY KEY (ticket, list)
) STRICT;
CREATE INDEX list_tickets_list ON list_tickets (list, reconciliation);

-- What the product definition says of which tickets the history shows. No row: it shows all of them in one list.
CREATE TABLE history_rules (
    id              INTEGER PRIMARY KEY CHECK (id = 1),
    since_ticket    INTEGER NOT NULL,           -- tickets that were created earlier are not shown
    since_escalation INTEGER,                   -- unless they were escalated at this time or later; NULL: that changes nothing
    dates_field     TEXT                        -- the field with the times of the escalation's steps
) STRICT;

-- The place of every ticket in the history, where it has rules. Triggers keep it up to date; what stands in rebuilds is filled in
-- the background.
CREATE TABLE history_places (
    ticket          INTEGER PRIMARY KEY REFERENCES tickets (id) ON DELETE CASCADE,
    relation        INTEGER NOT NULL,           -- 2: this user's own, 1: this user is a further user of it, 0: neither
    shown           INTEGER NOT NULL,
    last_activity   INTEGER NOT NULL,           -- as in tickets
    sort_number     INTEGER NOT NULL            -- as in tickets
) STRICT;
CREATE INDEX history_places_order ON history_places (shown, relation, last_activity DESC, sort_number DESC);

-- What history_places has, or should have. What is left of a revoked ticket stays where it was.
CREATE VIEW history_places_now AS
SELECT t.id AS ticket,
       CASE WHEN NOT t.visible THEN ifnull((SELECT p.relation FROM history_places p WHERE p.ticket = t.id), 2)
            WHEN t.requester IS NULL OR t.requester = (SELECT person FROM account) THEN 2
            WHEN EXISTS (SELECT 1 FROM list_tickets l WHERE l.ticket = t.id AND l.list = 'copied') THEN 1
            WHEN EXISTS (SELECT 1 FROM json_each(CASE WHEN json_valid(t.cc_people) THEN t.cc_people ELSE '[]' END) c
                         WHERE c.value = (SELECT person FROM account)) THEN 1
            ELSE 0 END AS relation,
       CASE WHEN NOT t.visible THEN ifnull((SELECT p.shown FROM history_places p WHERE p.ticket = t.id), 1)
            WHEN t.created_at >= r.since_ticket THEN 1
            ELSE ifnull((SELECT min(d.value ->> 'value') >= r.since_escalation
                         FROM field_values f, json_each(CASE WHEN json_valid(f.value) THEN f.value ELSE '{}' END, '$.value') d
                         WHERE f.ticket = t.id AND f.field = r.dates_field AND d.value ->> 'type' = 'instant'), 0) END AS shown,
       t.last_activity AS last_activity, t.sort_number AS sort_number
FROM history_rules r CROSS JOIN tickets t WHERE t.unsent = 0;

CREATE TRIGGER tickets_place_new AFTER INSERT ON tickets BEGIN
    INSERT OR REPLACE INTO history_places SELECT * FROM history_places_now WHERE ticket = NEW.id;
END;
CREATE TRIGGER tickets_place_changed AFTER UPDATE OF number, requester, cc_people, created_at, last_activity, visible, unsent ON tickets
WHEN NEW.visible AND (OLD.number, OLD.requester, OLD.cc_people, OLD.created_at, OLD.last_activity, OLD.visible, OLD.unsent)
     IS NOT (NEW.number, NEW.requester, NEW.cc_people, NEW.created_at, NEW.last_activity, NEW.visible, NEW.unsent)
BEGIN
    INSERT OR REPLACE INTO history_places SELECT * FROM history_places_now WHERE ticket = NEW.id;
END;
CREATE TRIGGER copied_place_new AFTER INSERT ON list_tickets WHEN NEW.list = 'copied' BEGIN
    INSERT OR REPLACE INTO history_places SELECT * FROM history_places_now WHERE ticket = NEW.ticket;
END;
CREATE TRIGGER copied_place_gone AFTER DELETE ON list_tickets WHEN OLD.list = 'copied' BEGIN
    INSERT OR REPLACE INTO history_places SELECT * FROM history_places_now WHERE ticket = OLD.ticket;
END;
CREATE TRIGGER dates_place_new AFTER INSERT ON field_values
WHEN NEW.field = (SELECT dates_field FROM history_rules) BEGIN
    INSERT OR REPLACE INTO history_places SELECT * FROM history_places_now WHERE ticket = NEW.ticket;
END;
CREATE TRIGGER dates_place_changed AFTER UPDATE OF value ON field_values
WHEN NEW.field = (SELECT dates_field FROM history_rules) BEGIN
    INSERT OR REPLACE INTO history_places SELECT * FROM history_places_now WHERE ticket = NEW.ticket;
END;
CREATE TRIGGER dates_place_gone AFTER DELETE ON field_values
WHEN OLD.field = (SELECT dates_field FROM history_rules) BEGIN
    INSERT OR REPLACE INTO history_places SELECT * FROM history_places_now WHERE ticket = OLD.ticket;
END;

-- The next full reconciliation reads every list, and learns which tickets are in which.
UPDATE reconciliation SET early = 1 WHERE EXISTS (SELECT 1 FROM tickets);
