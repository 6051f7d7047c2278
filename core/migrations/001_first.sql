-- The first schema. One file holds one account; every screen is a query over these tables.

-- To whom this file belongs. One row, made when the file is made; the desk and the user are filled in at first contact.
CREATE TABLE account (
    id              INTEGER PRIMARY KEY CHECK (id = 1),
    account         TEXT    NOT NULL,           -- the host app's own stable id
    desk            TEXT,                       -- the desk's origin, bound at first contact
    person          INTEGER,                    -- the desk's id of this user, bound at first contact
    email           TEXT,                       -- the user's own address, as the desk knows it
    last_sync_at    INTEGER                     -- ms, device's clock: the last complete sync
) STRICT;

CREATE TABLE people (
    id              INTEGER PRIMARY KEY,        -- the desk's id
    name            TEXT    NOT NULL,
    agent           INTEGER NOT NULL            -- works for the desk
) STRICT;

CREATE TABLE tickets (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    number          INTEGER UNIQUE,             -- the desk's; NULL until the desk has it
    reference       TEXT,                       -- given at creation, recognised after a lost answer
    subject         TEXT    NOT NULL,
    desk_status     TEXT    NOT NULL,           -- the desk's own word
    user_spoke_last INTEGER,                    -- of the newest public comment; NULL while no thread was read
    issue_type      TEXT,                       -- the desk's value
    access          INTEGER,
    cc              TEXT    NOT NULL DEFAULT '[]', -- JSON: addresses this device knows of
    requester       INTEGER,                    -- NULL: this user, not yet bound
    created_at      INTEGER NOT NULL,           -- ms; the desk's clock once it has a number
    updated_at      INTEGER NOT NULL,           -- ms, the desk's clock; private notes move it, too
    last_activity   INTEGER NOT NULL,           -- ms: newest public comment or change of status by somebody else
    read_through    INTEGER NOT NULL DEFAULT 0, -- ms: what was there at the first sync counts as read
    unread          INTEGER NOT NULL DEFAULT 0,
    has_attachments INTEGER NOT NULL DEFAULT 0,
    thread_of       INTEGER,                    -- the updated_at for which the whole thread was last read; 0: known, but not as of now
    thread_sure     INTEGER NOT NULL DEFAULT 0, -- that reading was late enough to have everything up to there
    noticed_at      INTEGER NOT NULL DEFAULT 0, -- ms, the device's clock: when this updated_at was first seen
    thread_wanted   INTEGER NOT NULL DEFAULT 0, -- somebody opened it: read its thread first
    visible         INTEGER NOT NULL DEFAULT 1, -- 0: the desk no longer shows it to this user; only the number is left
    unsent          INTEGER NOT NULL,           -- local sequence while unsent, then 0
    sort_number     INTEGER NOT NULL GENERATED ALWAYS AS (ifnull(number, 0)) VIRTUAL
) STRICT;

-- The history's order: unsent on top, then newest activity; the number breaks ties, so that the order in which rows
-- arrived never shows. A page continues behind its last row's three values.
CREATE INDEX tickets_history ON tickets (unsent DESC, last_activity DESC, sort_number DESC);
CREATE INDEX tickets_thread ON tickets (thread_of, updated_at) WHERE NOT thread_sure;
CREATE INDEX tickets_updated ON tickets (updated_at) WHERE number IS NOT NULL;
-- Threads that may be wanted for another reason than a late update; a query repeats these words to use it.
CREATE INDEX tickets_wanted ON tickets (updated_at)
WHERE NOT thread_sure AND number IS NOT NULL AND visible
  AND (thread_wanted OR unread OR desk_status NOT IN ('solved', 'closed'));

-- The description and every comment. One row for life: what the user wrote keeps its row when it is sent.
CREATE TABLE messages (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    ticket          INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    comment         INTEGER,                    -- the desk's id; NULL until it was seen in the thread
    author          INTEGER,                    -- NULL: this user, not yet bound
    mine            INTEGER NOT NULL,
    body            TEXT    NOT NULL,
    created_at      INTEGER NOT NULL,
    description     INTEGER NOT NULL DEFAULT 0, -- the description is also the first comment
    attachments     TEXT    NOT NULL DEFAULT '[]', -- JSON
    unsent          INTEGER NOT NULL,           -- local sequence until its place in the thread is known, then 0
    sort_comment    INTEGER NOT NULL GENERATED ALWAYS AS (ifnull(comment, 0)) VIRTUAL,
    UNIQUE (ticket, comment)
) STRICT;

CREATE INDEX messages_thread ON messages (ticket, unsent, created_at, sort_comment);

-- What is on its way to the desk. A row leaves when its message was seen at the desk.
CREATE TABLE outbox (
    id              INTEGER PRIMARY KEY AUTOINCREMENT, -- ascending in the order of writing
    ticket          INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    message         INTEGER NOT NULL UNIQUE REFERENCES messages (id) ON DELETE CASCADE,
    kind            TEXT    NOT NULL,           -- create | reply
    key             TEXT    NOT NULL,           -- idempotency key, the same for every attempt
    body            BLOB,                       -- the exact bytes, made once before the first attempt
    base            INTEGER,                    -- newest comment known when the attempt began; NULL: nothing of it can have arrived
    state           TEXT    NOT NULL,
    attempts        INTEGER NOT NULL DEFAULT 0,
    doubts          INTEGER NOT NULL DEFAULT 0, -- attempts whose outcome was unclear
    reads           INTEGER NOT NULL DEFAULT 0, -- how often it was looked for in vain since the last attempt
    ended_at        INTEGER,                    -- when the last unclear attempt ended
    wait_start      INTEGER,
    wait_length     INTEGER,
    wait_firm       INTEGER NOT NULL DEFAULT 0, -- the desk asked for this wait: a returning network does not end it
    reason          TEXT,
    reason_words    TEXT                        -- the desk's own
) STRICT;

CREATE INDEX outbox_ticket ON outbox (ticket, id);

-- What is being typed: one new ticket (ticket IS NULL), and one reply a ticket.
CREATE TABLE drafts (
    id              TEXT    PRIMARY KEY,
    ticket          INTEGER REFERENCES tickets (id) ON DELETE CASCADE,
    subject         TEXT    NOT NULL DEFAULT '',
    issue_type      TEXT    NOT NULL DEFAULT '',
    cc              TEXT    NOT NULL DEFAULT '[]',
    cc_entry        TEXT    NOT NULL DEFAULT '',
    body            TEXT    NOT NULL,
    access          INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE UNIQUE INDEX drafts_place ON drafts (ifnull(ticket, 0));

-- Which draft became what: two taps, or a kill right after the commit, give one message. A row outlives its message,
-- which may go while a second tap is still to come: it was sent all the same.
CREATE TABLE submissions (
    draft           TEXT    PRIMARY KEY,
    ticket          INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    message         INTEGER NOT NULL
) STRICT;

-- The lists whose union is the history.
CREATE TABLE lists (
    name            TEXT    PRIMARY KEY,
    watermark       INTEGER,                    -- ms, the desk's clock: everything up to here was seen; NULL: no complete walk yet
    walk_from       INTEGER,                    -- the watermark that the running walk will set
    walk_cursor     TEXT                        -- where the running walk goes on
) STRICT;
