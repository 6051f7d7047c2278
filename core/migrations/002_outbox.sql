-- The outbox learns every kind of write, the send delay, and what a copied file must not send.
-- The table is made anew, because a row need not have a message any more; it holds only what is unsent, so this is short.

CREATE TABLE outbox_of_every_kind (
    id              INTEGER PRIMARY KEY AUTOINCREMENT, -- ascending in the order of writing
    ticket          INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    kind            TEXT    NOT NULL,           -- create | reply | upload | add_cc | solve | mark_read
    message         INTEGER REFERENCES messages (id) ON DELETE CASCADE, -- what travels; for an upload: what will name it
    file            INTEGER,                    -- an upload's file
    addresses       TEXT,                       -- JSON: of add_cc
    through         INTEGER,                    -- of mark_read: the newest comment that was read
    key             TEXT    NOT NULL,           -- idempotency key, the same for every attempt; an edit gives a new one
    body            BLOB,                       -- the exact bytes, made once before the first attempt
    base            INTEGER,                    -- newest comment known when the attempt began; NULL: nothing of it can have arrived
    begun           INTEGER NOT NULL DEFAULT 0, -- an attempt was made, ever, since this text was written
    restored        INTEGER NOT NULL DEFAULT 0, -- came with a copy of the file: is not sent without the user
    state           TEXT    NOT NULL,
    attempts        INTEGER NOT NULL DEFAULT 0,
    doubts          INTEGER NOT NULL DEFAULT 0, -- attempts whose outcome was unclear
    reads           INTEGER NOT NULL DEFAULT 0, -- how often it was looked for in vain since the last attempt
    ended_at        INTEGER,                    -- ms, the device's clock: when the last unclear attempt ended
    quiet_since     INTEGER,                    -- ms, the desk's clock: the first look in vain after the last attempt
    wait_start      INTEGER,
    wait_length     INTEGER,
    wait_firm       INTEGER NOT NULL DEFAULT 0, -- the desk asked for this wait: a returning network does not end it
    reason          TEXT,
    reason_words    TEXT                        -- the desk's own
) STRICT;

INSERT INTO outbox_of_every_kind (id, ticket, kind, message, key, body, base, begun, state, attempts, doubts, reads,
                                  ended_at, wait_start, wait_length, wait_firm, reason, reason_words)
SELECT id, ticket, kind, message, key, body, base, attempts > 0, state, attempts, doubts, reads,
       ended_at, wait_start, wait_length, wait_firm, reason, reason_words FROM outbox;

DROP TABLE outbox;
ALTER TABLE outbox_of_every_kind RENAME TO outbox;

CREATE INDEX outbox_ticket ON outbox (ticket, id);
CREATE UNIQUE INDEX outbox_message ON outbox (message) WHERE kind IN ('create', 'reply');

-- The installation that this file belongs to; NULL until the host app names one.
ALTER TABLE account ADD COLUMN installation TEXT;

-- The newest comment that some user of the account has read, as the desk or this device knows.
ALTER TABLE tickets ADD COLUMN shared_through INTEGER NOT NULL DEFAULT 0;
