-- What products need: the product's status of every ticket beside the server's, so that SQL can filter, count and sort by it; values of
-- the product's own fields; labels that the company has written; actions.
--
-- Which status a ticket has is decided by the product definition. The table status_map holds its decisions, and triggers keep
-- ticket_statuses up to date with them. A step costs the same for any number of rows, so ticket_statuses starts empty; what
-- stands in rebuilds is filled in the background.

-- The product's statuses, for each state in which the server can have a ticket.
CREATE TABLE status_map (
    server_status   TEXT    NOT NULL,           -- as in tickets
    custom_status   TEXT    NOT NULL,           -- as in tickets; '': any that has no row of its own
    user_spoke_last INTEGER NOT NULL,
    status          TEXT    NOT NULL,           -- the product's id
    PRIMARY KEY (server_status, custom_status, user_spoke_last)
) STRICT;

CREATE TABLE ticket_statuses (
    ticket          INTEGER PRIMARY KEY REFERENCES tickets (id) ON DELETE CASCADE,
    status          TEXT                        -- the product's id; NULL: one that the definition does not know
) STRICT;
CREATE INDEX ticket_statuses_status ON ticket_statuses (status);

-- Which action of the product made an operation, and the change that a message makes as well.
ALTER TABLE outbox ADD COLUMN action TEXT;
ALTER TABLE outbox ADD COLUMN with_change TEXT;

-- The number of the closed ticket that the new one follows; NULL for none.
ALTER TABLE drafts ADD COLUMN follows INTEGER;

-- What is computed anew in the background, and the ticket with which it continues.
CREATE TABLE rebuilds (
    what            TEXT    PRIMARY KEY,        -- statuses
    next_ticket     INTEGER NOT NULL
) STRICT;

-- The server's custom statuses: those that tickets have or had, and those that it listed.
CREATE TABLE custom_statuses (
    id              TEXT    PRIMARY KEY,        -- as in tickets.custom_status
    label           TEXT,                       -- what end users read; NULL if the company wrote nothing, or while it is not listed
    is_default      INTEGER NOT NULL DEFAULT 0, -- tickets have it unless an agent chooses another
    listed          INTEGER NOT NULL DEFAULT 0  -- the server's list had it
) STRICT;

-- The values of the product's own fields. One that is not here has none.
CREATE TABLE field_values (
    ticket          INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    field           TEXT    NOT NULL,           -- the product's id
    value           TEXT    NOT NULL,           -- JSON, with its type
    PRIMARY KEY (ticket, field)
) STRICT;
CREATE TRIGGER field_values_taken_back AFTER DELETE ON field_values
BEGIN UPDATE account SET secure_delete_from = 1; END;
CREATE TRIGGER field_values_redacted AFTER UPDATE OF value ON field_values WHEN OLD.value <> NEW.value
BEGIN UPDATE account SET secure_delete_from = 1; END;

-- The labels of options that fields with a fixed choice have, as the server last listed them.
CREATE TABLE option_labels (
    field           TEXT    NOT NULL,           -- the product's id
    value           TEXT    NOT NULL,           -- the server's
    label           TEXT    NOT NULL,
    PRIMARY KEY (field, value)
) STRICT;

-- What was read of the company's set-up.
CREATE TABLE set_up (
    id              INTEGER PRIMARY KEY CHECK (id = 1),
    read_at         INTEGER,                    -- ms, the device's clock: the last attempt; NULL: none yet
    language        TEXT,                       -- of the labels
    field_sources   TEXT                        -- what on the server feeds the fields, as of which field_values was read; NULL: nothing
) STRICT;
INSERT INTO set_up (id) VALUES (1);

-- The large table gets its column by a change of the schema's text alone, as in 007_real_servers.sql. custom_status: the server's
-- finer status as it came, its id or its name. follows: the number of the closed ticket that a new one follows.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema
SET sql = substr(sql, 1, length(sql) - length(') STRICT')) || ', custom_status TEXT, follows INTEGER) STRICT'
WHERE type = 'table' AND name = 'tickets' AND sql LIKE '%) STRICT';
PRAGMA writable_schema = RESET;

CREATE TRIGGER tickets_status_new AFTER INSERT ON tickets BEGIN
    INSERT OR IGNORE INTO custom_statuses (id) SELECT NEW.custom_status WHERE NEW.custom_status IS NOT NULL;
    INSERT OR REPLACE INTO ticket_statuses (ticket, status) VALUES (NEW.id, (
        SELECT status FROM status_map
        WHERE server_status = NEW.server_status AND custom_status IN ('', ifnull(NEW.custom_status, ''))
          AND user_spoke_last = (NEW.user_spoke_last IS NOT 0)
        ORDER BY custom_status DESC LIMIT 1));
END;
CREATE TRIGGER tickets_status_changed AFTER UPDATE OF server_status, custom_status, user_spoke_last ON tickets
WHEN (OLD.server_status, OLD.custom_status, OLD.user_spoke_last IS NOT 0)
     IS NOT (NEW.server_status, NEW.custom_status, NEW.user_spoke_last IS NOT 0)
BEGIN
    INSERT OR IGNORE INTO custom_statuses (id) SELECT NEW.custom_status WHERE NEW.custom_status IS NOT NULL;
    INSERT OR REPLACE INTO ticket_statuses (ticket, status) VALUES (NEW.id, (
        SELECT status FROM status_map
        WHERE server_status = NEW.server_status AND custom_status IN ('', ifnull(NEW.custom_status, ''))
          AND user_spoke_last = (NEW.user_spoke_last IS NOT 0)
        ORDER BY custom_status DESC LIMIT 1));
END;
