-- What a server that misbehaves leaves behind: what was left out, what waits, and where a reading continues.
--
-- `ALTER TABLE … ADD COLUMN` reads every row of a STRICT table. So the large tables, tickets and messages, get their columns
-- by a change of the schema's text alone, which is all that ALTER TABLE writes.

-- Threads that could not be read, and when each may be tried again.
CREATE TABLE thread_pauses (
    ticket          INTEGER PRIMARY KEY REFERENCES tickets (id) ON DELETE CASCADE,
    failures        INTEGER NOT NULL,           -- in a row
    wait_start      INTEGER NOT NULL,           -- ms, the device's clock
    wait_length     INTEGER NOT NULL,           -- ms
    wait_server_imposed INTEGER NOT NULL DEFAULT 0 -- a returning network does not end the wait
) STRICT;

-- Threads with more pages than one run reads: where the reading continues. Newest first, so the rest is older.
CREATE TABLE thread_walks (
    ticket          INTEGER PRIMARY KEY REFERENCES tickets (id) ON DELETE CASCADE,
    cursor          TEXT,                       -- the server's, of the next page
    of              INTEGER,                    -- ms, the server's clock: the update that the reading is for
    as_of           INTEGER,                    -- ms, the server's clock: the time of the first page
    pages           INTEGER NOT NULL DEFAULT 0, -- that were read
    newest_first    INTEGER NOT NULL DEFAULT 0, -- the pages come newest first, so the newest comments are known
    read_at         INTEGER NOT NULL DEFAULT 0  -- ms, the device's clock: when the last page was read
) STRICT;

-- A list whose reading fails: how often in a row, until when it waits, and whether its cursors failed.
ALTER TABLE lists ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
ALTER TABLE lists ADD COLUMN wait_start INTEGER;
ALTER TABLE lists ADD COLUMN wait_length INTEGER;
ALTER TABLE lists ADD COLUMN wait_server_imposed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE lists ADD COLUMN by_number INTEGER NOT NULL DEFAULT 0;
-- How many rows the backfill had read when it last failed. Only a page beyond that place ends the row of failures.
ALTER TABLE lists ADD COLUMN failed_rows INTEGER NOT NULL DEFAULT 0;

-- Some rows of the running full reconciliation could not be read, not even their ids. So it concludes nothing.
ALTER TABLE reconciliation ADD COLUMN inconclusive INTEGER NOT NULL DEFAULT 0;

-- Attempts that the server refused in words that are not its own, each proven not to have arrived.
ALTER TABLE outbox ADD COLUMN refusals INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN refusal TEXT;
-- The newest comment that the user knew when deciding that it is not this message.
ALTER TABLE outbox ADD COLUMN asked_through INTEGER;

-- The length of a cached copy, in bytes. `size` stays what the server announced, and is only a hint.
ALTER TABLE downloads ADD COLUMN length INTEGER;

-- A text that is not JSON names no file. Until now it made every change of its message fail.
DROP TRIGGER attachments_changed;
CREATE TRIGGER attachments_changed AFTER UPDATE OF attachments ON messages WHEN OLD.attachments <> NEW.attachments BEGIN
    DELETE FROM downloads
    WHERE message = NEW.id
      AND NOT EXISTS (SELECT 1 FROM json_each(CASE WHEN json_valid(NEW.attachments) THEN NEW.attachments ELSE '[]' END) AS now
                      JOIN json_each(CASE WHEN json_valid(OLD.attachments) THEN OLD.attachments ELSE '[]' END) AS before USING (key)
                      WHERE now.key = downloads.attachment_index AND now.value ->> 'id' = downloads.attachment
                        AND now.value ->> 'size' = downloads.size
                        AND now.value ->> 'name' = before.value ->> 'name');
END;

PRAGMA writable_schema = ON;
-- can_solve: whether the server lets this user solve the ticket; NULL if it does not say. cc_people: JSON, ids of the people in
-- copy that the server shows. left_out: comments of the thread that could not be read. nonsense_time: what the server gave as
-- updated_at, if that made no sense.
UPDATE sqlite_schema
SET sql = substr(sql, 1, length(sql) - length(') STRICT'))
          || ', can_solve INTEGER, cc_people TEXT NOT NULL DEFAULT ''[]'', left_out INTEGER NOT NULL DEFAULT 0, nonsense_time INTEGER) STRICT'
WHERE type = 'table' AND name = 'tickets' AND sql LIKE '%) STRICT';
-- shortened: the text was too long to keep, and its end is missing.
UPDATE sqlite_schema
SET sql = replace(sql, 'UNIQUE (ticket, comment)', 'shortened INTEGER NOT NULL DEFAULT 0, UNIQUE (ticket, comment)')
WHERE type = 'table' AND name = 'messages';
PRAGMA writable_schema = RESET;
