-- What a pull knows beyond its lists' watermarks. Columns with defaults, empty tables and triggers only: opening costs the
-- same for any history.

-- The desk's time, ms, when it said that a ticket is not there for this user; NULL if it told none.
ALTER TABLE tickets ADD COLUMN gone_at INTEGER;

-- How far a walk is, for the user to see; and where the running sweep stands in this list.
ALTER TABLE lists ADD COLUMN walked INTEGER NOT NULL DEFAULT 0;  -- rows that the running walk has read
ALTER TABLE lists ADD COLUMN expected INTEGER;                   -- rows that the desk last said the list has
ALTER TABLE lists ADD COLUMN sweep_cursor TEXT;                  -- where the running sweep goes on
ALTER TABLE lists ADD COLUMN swept INTEGER NOT NULL DEFAULT 0;   -- the last sweep that walked this list to its end

-- The sweep that runs, or the last one.
CREATE TABLE sweep (
    id              INTEGER PRIMARY KEY CHECK (id = 1),
    number          INTEGER NOT NULL DEFAULT 0,
    state           TEXT    NOT NULL DEFAULT 'idle', -- idle | walking | asking
    since           INTEGER,                    -- ms, device's clock: when this state began; NULL: no sweep yet, and no first sync
    early           INTEGER NOT NULL DEFAULT 0, -- a list became shorter: do not wait for the next one's time
    history_missing INTEGER NOT NULL DEFAULT 0  -- the last one missed too much to believe it
) STRICT;
INSERT INTO sweep (id) VALUES (1);

-- The last sweep during which the desk showed a ticket. Beside the tickets, because a sweep touches every row.
CREATE TABLE met (
    ticket          INTEGER PRIMARY KEY REFERENCES tickets (id) ON DELETE CASCADE,
    sweep           INTEGER NOT NULL
) STRICT;

-- What was spent on reading threads in the running hour.
CREATE TABLE spent (
    id              INTEGER PRIMARY KEY CHECK (id = 1),
    since           INTEGER NOT NULL DEFAULT 0, -- ms, device's clock
    requests        INTEGER NOT NULL DEFAULT 0,
    bytes           INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO spent (id) VALUES (1);

-- Something of the desk's is gone from the tables and may still stand elsewhere in the files: whoever deletes or overwrites
-- it cannot forget to say so. What this user wrote and the desk never showed is not meant.
ALTER TABLE account ADD COLUMN scrub INTEGER NOT NULL DEFAULT 0; -- the page from which on the file is to be looked at; 0: clean
CREATE TRIGGER messages_taken_back AFTER DELETE ON messages WHEN old.comment IS NOT NULL
BEGIN UPDATE account SET scrub = 1; END;
CREATE TRIGGER messages_redacted AFTER UPDATE OF body, attachments ON messages
WHEN old.comment IS NOT NULL AND (old.body, old.attachments) IS NOT (new.body, new.attachments)
BEGIN UPDATE account SET scrub = 1; END;
CREATE TRIGGER tickets_redacted AFTER UPDATE OF subject ON tickets WHEN old.number IS NOT NULL AND old.subject <> new.subject
BEGIN UPDATE account SET scrub = 1; END;
