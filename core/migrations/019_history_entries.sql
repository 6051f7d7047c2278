-- Filters, sorts and counts of the history (docs/decisions/0085): one row for each ticket has what they ask, for every product. The
-- earlier tables with the product's status and the place of a ticket are replaced. Old rows are small, and they are computed anew in
-- the background.
DROP TRIGGER tickets_status_new;
DROP TRIGGER tickets_status_changed;
DROP TABLE ticket_statuses;
DROP TABLE status_map;
DROP TRIGGER tickets_place_new;
DROP TRIGGER tickets_place_changed;
DROP TRIGGER copied_place_new;
DROP TRIGGER copied_place_gone;
DROP TRIGGER dates_place_new;
DROP TRIGGER dates_place_changed;
DROP TRIGGER dates_place_gone;
DROP VIEW history_places_now;
DROP TABLE history_places;
DROP TABLE history_rules;
DELETE FROM rebuilds WHERE what IN ('statuses', 'places');

CREATE TRIGGER tickets_custom_status_new AFTER INSERT ON tickets WHEN NEW.custom_status IS NOT NULL BEGIN
    INSERT INTO custom_statuses (id) SELECT NEW.custom_status WHERE NEW.custom_status NOT IN (SELECT id FROM custom_statuses);
END;
CREATE TRIGGER tickets_custom_status_changed AFTER UPDATE OF custom_status ON tickets
WHEN NEW.custom_status IS NOT NULL AND OLD.custom_status IS NOT NEW.custom_status BEGIN
    INSERT INTO custom_statuses (id) SELECT NEW.custom_status WHERE NEW.custom_status NOT IN (SELECT id FROM custom_statuses);
END;

-- What the product definition decides about the history's entries.
CREATE TABLE history_rules (
    id              INTEGER PRIMARY KEY CHECK (id = 1),
    since_ticket    INTEGER NOT NULL,           -- tickets that were created earlier are not shown
    since_escalation INTEGER,                   -- unless they were escalated at this time or later; NULL: that changes nothing
    dates_field     TEXT,                       -- the field with the times of the escalation's steps
    decides         TEXT                        -- stands for everything else that it decides about an entry; NULL: not known
) STRICT;

-- What filters, sorts and counts of the history ask of every ticket, as numbers. The tickets in stale_entries are computed anew
-- before each commit, so a row is right in every state that a reader can see. What stands in rebuilds is filled in in the background.
CREATE TABLE history_entries (
    ticket          INTEGER PRIMARY KEY REFERENCES tickets (id) ON DELETE CASCADE,
    listed          INTEGER NOT NULL,           -- 0: the history does not show it, 1: in the order of the history, 2: on top, not sent yet
    relation        INTEGER NOT NULL,           -- 2: this user's own, 1: this user is a further user of it, 0: neither
    status          INTEGER NOT NULL,           -- its place among the definition's statuses; 1000: none of these
    marks           INTEGER NOT NULL,           -- a bit for each of the definition's marks
    unread          INTEGER NOT NULL,
    ticket_type     INTEGER NOT NULL,           -- its place among the definition's types; 1000: none of these
    creator         INTEGER NOT NULL,           -- as requester in tickets; 0: this user, not yet bound
    created_at      INTEGER NOT NULL,           -- as in tickets
    last_activity   INTEGER NOT NULL,           -- as in tickets
    sort_number     INTEGER NOT NULL,           -- as in tickets
    snippet         TEXT,                       -- the beginning of the last message; NULL if none is here
    snippet_mine    INTEGER                     -- whether this user wrote that message
) STRICT;
-- One index for each filter and sort, newest activity first. Each has all columns that can be filtered, so that a walk along it tests
-- a second filter without reading another row.
CREATE INDEX entries_activity ON history_entries (listed, last_activity DESC, sort_number DESC, relation, status, marks, unread, ticket_type, created_at);
CREATE INDEX entries_relation ON history_entries (listed, relation, last_activity DESC, sort_number DESC, status, marks, unread, ticket_type, created_at);
CREATE INDEX entries_status ON history_entries (listed, status, last_activity DESC, sort_number DESC, relation, marks, unread, ticket_type, created_at);
CREATE INDEX entries_unread ON history_entries (listed, unread, last_activity DESC, sort_number DESC, relation, status, marks, ticket_type, created_at);
CREATE INDEX entries_type ON history_entries (listed, ticket_type, last_activity DESC, sort_number DESC, relation, status, marks, unread, created_at);
CREATE INDEX entries_created ON history_entries (listed, created_at DESC, sort_number DESC, relation, status, marks, unread, ticket_type, last_activity);
CREATE INDEX entries_creator ON history_entries (listed, creator, last_activity DESC, sort_number DESC, relation, status, marks, unread, ticket_type, created_at);
CREATE INDEX entries_marked ON history_entries (listed, last_activity DESC, sort_number DESC, relation, status, marks, unread, ticket_type, created_at) WHERE marks > 0;

-- The tickets whose entry is to be computed anew before the commit. Empty in every state that a reader can see. No trigger relies on OR
-- IGNORE here: the statement that fires it has the last word about conflicts.
CREATE TABLE stale_entries (
    ticket          INTEGER PRIMARY KEY
) STRICT;

-- How many entries have the same values. Triggers keep it up to date.
CREATE TABLE history_counts (
    listed          INTEGER NOT NULL,
    relation        INTEGER NOT NULL,
    status          INTEGER NOT NULL,
    marks           INTEGER NOT NULL,
    unread          INTEGER NOT NULL,
    ticket_type     INTEGER NOT NULL,
    tickets         INTEGER NOT NULL,
    PRIMARY KEY (listed, relation, status, marks, unread, ticket_type)
) STRICT;
CREATE TRIGGER entries_counted_new AFTER INSERT ON history_entries BEGIN
    INSERT INTO history_counts (listed, relation, status, marks, unread, ticket_type, tickets)
    VALUES (NEW.listed, NEW.relation, NEW.status, NEW.marks, NEW.unread, NEW.ticket_type, 1)
    ON CONFLICT DO UPDATE SET tickets = tickets + 1;
END;
CREATE TRIGGER entries_counted_gone AFTER DELETE ON history_entries BEGIN
    UPDATE history_counts SET tickets = tickets - 1
    WHERE (listed, relation, status, marks, unread, ticket_type)
          = (OLD.listed, OLD.relation, OLD.status, OLD.marks, OLD.unread, OLD.ticket_type);
END;
CREATE TRIGGER entries_counted_changed AFTER UPDATE OF listed, relation, status, marks, unread, ticket_type ON history_entries
WHEN (OLD.listed, OLD.relation, OLD.status, OLD.marks, OLD.unread, OLD.ticket_type)
     IS NOT (NEW.listed, NEW.relation, NEW.status, NEW.marks, NEW.unread, NEW.ticket_type)
BEGIN
    UPDATE history_counts SET tickets = tickets - 1
    WHERE (listed, relation, status, marks, unread, ticket_type)
          = (OLD.listed, OLD.relation, OLD.status, OLD.marks, OLD.unread, OLD.ticket_type);
    INSERT INTO history_counts (listed, relation, status, marks, unread, ticket_type, tickets)
    VALUES (NEW.listed, NEW.relation, NEW.status, NEW.marks, NEW.unread, NEW.ticket_type, 1)
    ON CONFLICT DO UPDATE SET tickets = tickets + 1;
END;

-- By which name the tickets of a creator are sorted: the name in people without case and accents. A person who created no ticket may
-- have a row.
CREATE TABLE creators (
    person          INTEGER PRIMARY KEY,        -- as creator in history_entries
    sort_name       TEXT    NOT NULL            -- the last in the order if no name is known
) STRICT;
CREATE INDEX creators_name ON creators (sort_name, person);
CREATE TABLE stale_creators (
    person          INTEGER PRIMARY KEY
) STRICT;
CREATE TRIGGER people_creator_new AFTER INSERT ON people BEGIN
    INSERT INTO stale_creators (person) SELECT person FROM creators WHERE person = NEW.id AND person NOT IN (SELECT person FROM stale_creators);
END;
CREATE TRIGGER people_creator_renamed AFTER UPDATE OF name ON people WHEN OLD.name <> NEW.name BEGIN
    INSERT INTO stale_creators (person) SELECT person FROM creators WHERE person = NEW.id AND person NOT IN (SELECT person FROM stale_creators);
END;
CREATE TRIGGER people_creator_gone AFTER DELETE ON people BEGIN
    INSERT INTO stale_creators (person) SELECT person FROM creators WHERE person = OLD.id AND person NOT IN (SELECT person FROM stale_creators);
END;

-- What of an entry follows from the rows alone. What is left of a revoked ticket stays where it was.
CREATE VIEW history_entries_now AS
SELECT t.id AS ticket,
       CASE WHEN t.unsent > 0 THEN 2
            WHEN NOT t.visible THEN ifnull((SELECT e.listed FROM history_entries e WHERE e.ticket = t.id AND e.listed < 2), 1)
            WHEN t.created_at >= r.since_ticket THEN 1
            ELSE ifnull((SELECT min(d.value ->> 'value') >= r.since_escalation
                         FROM field_values f, json_each(CASE WHEN json_valid(f.value) THEN f.value ELSE '{}' END, '$.value') d
                         WHERE f.ticket = t.id AND f.field = r.dates_field AND d.value ->> 'type' = 'instant'), 0) END AS listed,
       CASE WHEN NOT t.visible THEN ifnull((SELECT e.relation FROM history_entries e WHERE e.ticket = t.id), 2)
            WHEN t.unsent > 0 OR t.requester IS NULL OR t.requester = (SELECT person FROM account) THEN 2
            WHEN EXISTS (SELECT 1 FROM list_tickets l WHERE l.ticket = t.id AND l.list = 'copied') THEN 1
            WHEN EXISTS (SELECT 1 FROM json_each(CASE WHEN json_valid(t.cc_people) THEN t.cc_people ELSE '[]' END) c
                         WHERE c.value = (SELECT person FROM account)) THEN 1
            ELSE 0 END AS relation,
       ifnull(t.requester, 0) AS creator, t.created_at AS created_at, t.unread AS unread,
       t.last_activity AS last_activity, t.sort_number AS sort_number
FROM history_rules r CROSS JOIN tickets t;

CREATE TRIGGER tickets_entry_new AFTER INSERT ON tickets BEGIN
    INSERT INTO stale_entries (ticket) SELECT NEW.id WHERE NOT EXISTS (SELECT 1 FROM stale_entries WHERE ticket = NEW.id);
END;
CREATE TRIGGER tickets_entry_changed
AFTER UPDATE OF number, requester, cc_people, created_at, last_activity, visible, unsent, unread, server_status, custom_status, user_spoke_last
ON tickets
WHEN (OLD.number, OLD.requester, OLD.cc_people, OLD.created_at, OLD.last_activity, OLD.visible, OLD.unsent, OLD.unread,
      OLD.server_status, OLD.custom_status, OLD.user_spoke_last)
     IS NOT (NEW.number, NEW.requester, NEW.cc_people, NEW.created_at, NEW.last_activity, NEW.visible, NEW.unsent, NEW.unread,
             NEW.server_status, NEW.custom_status, NEW.user_spoke_last)
BEGIN
    INSERT INTO stale_entries (ticket) SELECT NEW.id WHERE NOT EXISTS (SELECT 1 FROM stale_entries WHERE ticket = NEW.id);
END;
CREATE TRIGGER copied_entry_new AFTER INSERT ON list_tickets WHEN NEW.list = 'copied' BEGIN
    INSERT INTO stale_entries (ticket) SELECT NEW.ticket WHERE NOT EXISTS (SELECT 1 FROM stale_entries WHERE ticket = NEW.ticket);
END;
CREATE TRIGGER copied_entry_gone AFTER DELETE ON list_tickets WHEN OLD.list = 'copied' BEGIN
    INSERT INTO stale_entries (ticket) SELECT OLD.ticket WHERE NOT EXISTS (SELECT 1 FROM stale_entries WHERE ticket = OLD.ticket);
END;
CREATE TRIGGER message_entry_new AFTER INSERT ON messages BEGIN
    INSERT INTO stale_entries (ticket) SELECT NEW.ticket WHERE NOT EXISTS (SELECT 1 FROM stale_entries WHERE ticket = NEW.ticket);
END;
CREATE TRIGGER message_entry_changed AFTER UPDATE OF comment, mine, body, created_at, attachments, unsent ON messages
WHEN (OLD.comment, OLD.mine, OLD.body, OLD.created_at, OLD.attachments, OLD.unsent)
     IS NOT (NEW.comment, NEW.mine, NEW.body, NEW.created_at, NEW.attachments, NEW.unsent)
BEGIN
    INSERT INTO stale_entries (ticket) SELECT NEW.ticket WHERE NOT EXISTS (SELECT 1 FROM stale_entries WHERE ticket = NEW.ticket);
END;
CREATE TRIGGER message_entry_gone AFTER DELETE ON messages BEGIN
    INSERT INTO stale_entries (ticket) SELECT OLD.ticket WHERE NOT EXISTS (SELECT 1 FROM stale_entries WHERE ticket = OLD.ticket);
END;
CREATE TRIGGER field_entry_new AFTER INSERT ON field_values BEGIN
    INSERT INTO stale_entries (ticket) SELECT NEW.ticket WHERE NOT EXISTS (SELECT 1 FROM stale_entries WHERE ticket = NEW.ticket);
END;
CREATE TRIGGER field_entry_changed AFTER UPDATE OF value ON field_values WHEN OLD.value <> NEW.value BEGIN
    INSERT INTO stale_entries (ticket) SELECT NEW.ticket WHERE NOT EXISTS (SELECT 1 FROM stale_entries WHERE ticket = NEW.ticket);
END;
CREATE TRIGGER field_entry_gone AFTER DELETE ON field_values BEGIN
    INSERT INTO stale_entries (ticket) SELECT OLD.ticket WHERE NOT EXISTS (SELECT 1 FROM stale_entries WHERE ticket = OLD.ticket);
END;

INSERT INTO rebuilds (what, next_ticket) SELECT 'entries', id FROM tickets ORDER BY id LIMIT 1;
