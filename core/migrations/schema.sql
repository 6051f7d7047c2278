-- The whole schema as of the newest step. A new file is made from this script alone; the numbered steps beside it bring an
-- existing file here. One file holds one account; every screen is a query over these tables. Times are in ms: the server's clock
-- where nothing else is said.

-- To whom this file belongs. One row, made when the file is made; server and user are filled in at first contact.
CREATE TABLE account (
    id              INTEGER PRIMARY KEY CHECK (id = 1),
    account         TEXT    NOT NULL,           -- the host app's own stable id; '': the file of nobody, for tickets without an account
    server          TEXT,                       -- the server's origin
    person          INTEGER,                    -- the server's id of this user
    email           TEXT,                       -- the user's own address, as the server knows it
    last_sync_at    INTEGER,                    -- device's clock: the last complete sync
    installation    TEXT,                       -- that this file belongs to; NULL until the host app names one
    secure_delete_from INTEGER NOT NULL DEFAULT 0, -- the page from which on the file is to be overwritten; 0: clean
    salvaged        INTEGER,                    -- how many writes and drafts a salvage kept; NULL: nothing to tell
    salvage_lost    INTEGER                     -- whether it could not read some
) STRICT;

CREATE TABLE people (
    id              INTEGER PRIMARY KEY,        -- the server's id
    name            TEXT    NOT NULL,
    agent           INTEGER NOT NULL,           -- works for the help desk
    photo           TEXT                        -- the address of an agent's photo on the server; NULL for none
) STRICT;

CREATE TABLE tickets (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    number          INTEGER UNIQUE,             -- the server's; NULL until the server has it
    reference       TEXT,                       -- given at creation, recognised after a lost answer
    subject         TEXT    NOT NULL,
    server_status   TEXT    NOT NULL,           -- the server's own word
    user_spoke_last INTEGER,                    -- of the newest public comment; NULL while no thread was read
    issue_type      TEXT,                       -- the server's value
    access          INTEGER,
    cc              TEXT    NOT NULL DEFAULT '[]', -- JSON: addresses that this device knows of
    requester       INTEGER,                    -- NULL: this user, not yet bound
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,           -- private notes move it, too
    last_activity   INTEGER NOT NULL,           -- newest public comment or change of status by somebody else
    read_through    INTEGER NOT NULL DEFAULT 0, -- what was there at the first sync counts as read
    unread          INTEGER NOT NULL DEFAULT 0,
    has_attachments INTEGER NOT NULL DEFAULT 0,
    thread_as_of    INTEGER,                    -- the updated_at for which the whole thread was last read; 0: known, but not as of now
    thread_settled  INTEGER NOT NULL DEFAULT 0, -- that reading was late enough to have everything up to there
    update_seen_at  INTEGER NOT NULL DEFAULT 0, -- device's clock: when this updated_at was first seen
    thread_requested INTEGER NOT NULL DEFAULT 0, -- somebody opened it: read its thread first
    visible         INTEGER NOT NULL DEFAULT 1, -- 0: revoked; only the number is left
    unsent          INTEGER NOT NULL,           -- local sequence while unsent, then 0
    sort_number     INTEGER NOT NULL GENERATED ALWAYS AS (ifnull(number, 0)) VIRTUAL,
    shared_through  INTEGER NOT NULL DEFAULT 0, -- the newest comment that some user of the account has read
    revoked_at      INTEGER,                    -- when the server said that it is not there; NULL if it told no time
    known_through   INTEGER,                    -- the newest comment known of a thread that was let go
    can_solve       INTEGER,                    -- whether the server lets this user solve it; NULL if it does not say
    cc_people       TEXT    NOT NULL DEFAULT '[]', -- JSON: ids of the people in copy that the server shows
    left_out        INTEGER NOT NULL DEFAULT 0, -- comments of the thread that could not be read
    nonsense_time   INTEGER,                    -- ms: what the server gave as updated_at, which is the answer's time instead
    custom_status   TEXT,                       -- the server's finer status as it came: its id or its name; NULL if it has none
    follows         INTEGER                     -- the number of the closed ticket that it follows; NULL for none
) STRICT;

-- The history's order: unsent on top, then newest activity; the number breaks ties, so that the order in which rows
-- arrived never shows. A page continues behind its last row's three values.
CREATE INDEX tickets_history ON tickets (unsent DESC, last_activity DESC, sort_number DESC);
CREATE INDEX tickets_thread ON tickets (thread_as_of, updated_at) WHERE NOT thread_settled;
CREATE INDEX tickets_updated ON tickets (updated_at) WHERE number IS NOT NULL;
-- Threads that may be due for another reason than a late update; a query repeats these words to use it.
CREATE INDEX tickets_wanted ON tickets (updated_at)
WHERE NOT thread_settled AND number IS NOT NULL AND visible
  AND (thread_requested OR unread OR server_status NOT IN ('solved', 'closed'));

-- Who wrote a ticket without an account, and where the answer goes. Every ticket of nobody's file has a row, and no other ticket.
CREATE TABLE requesters (
    ticket          INTEGER PRIMARY KEY REFERENCES tickets (id) ON DELETE CASCADE,
    name            TEXT    NOT NULL,
    email           TEXT    NOT NULL
) STRICT;
CREATE TRIGGER requesters_gone AFTER DELETE ON requesters
BEGIN UPDATE account SET secure_delete_from = 1; END;

-- What is computed anew in the background, and the ticket with which it continues.
CREATE TABLE rebuilds (
    what            TEXT    PRIMARY KEY,        -- entries | unread | follow_ups | search | search_articles
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
    field           TEXT    NOT NULL,           -- the product's id; @via, @assignee: what any server can say, if the product asks
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

-- What the server has for this user beside a ticket itself (docs/product.md, S14, S15), as it was last asked.
CREATE TABLE extras (
    ticket          INTEGER PRIMARY KEY REFERENCES tickets (id) ON DELETE CASCADE,
    feedback        TEXT,                       -- not_offered | offered | given; NULL: not asked for
    as_of           INTEGER NOT NULL,           -- the ticket's updated_at at that time
    read_at         INTEGER NOT NULL            -- device's clock
) STRICT;

-- The toggles that the server offers to this user.
CREATE TABLE toggles (
    ticket          INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    field           TEXT    NOT NULL,           -- the product's id
    value           INTEGER,                    -- NULL: never set
    settled_at      INTEGER NOT NULL DEFAULT 0, -- device's clock: when the server confirmed this user's value
    PRIMARY KEY (ticket, field)
) STRICT;
CREATE INDEX toggles_field ON toggles (field);

-- What was read of the company's set-up.
CREATE TABLE set_up (
    id              INTEGER PRIMARY KEY CHECK (id = 1),
    read_at         INTEGER,                    -- device's clock: the last attempt; NULL: none yet
    language        TEXT,                       -- of the labels
    field_sources   TEXT                        -- what on the server feeds the fields, as of which field_values was read; NULL: nothing
) STRICT;
INSERT INTO set_up (id) VALUES (1);

CREATE TRIGGER tickets_custom_status_new AFTER INSERT ON tickets WHEN NEW.custom_status IS NOT NULL BEGIN
    INSERT INTO custom_statuses (id) SELECT NEW.custom_status WHERE NEW.custom_status NOT IN (SELECT id FROM custom_statuses);
END;
CREATE TRIGGER tickets_custom_status_changed AFTER UPDATE OF custom_status ON tickets
WHEN NEW.custom_status IS NOT NULL AND OLD.custom_status IS NOT NEW.custom_status BEGIN
    INSERT INTO custom_statuses (id) SELECT NEW.custom_status WHERE NEW.custom_status NOT IN (SELECT id FROM custom_statuses);
END;

-- The description and every comment. One row for life: what the user wrote keeps its row when it is sent.
CREATE TABLE messages (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    ticket          INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    comment         INTEGER,                    -- the server's id; NULL until it was seen in the thread
    author          INTEGER,                    -- NULL: this user, not yet bound
    mine            INTEGER NOT NULL,
    body            TEXT    NOT NULL,
    created_at      INTEGER NOT NULL,
    description     INTEGER NOT NULL DEFAULT 0, -- the description is also the first comment
    attachments     TEXT    NOT NULL DEFAULT '[]', -- JSON
    unsent          INTEGER NOT NULL,           -- local sequence until its place in the thread is known, then 0
    sort_comment    INTEGER NOT NULL GENERATED ALWAYS AS (ifnull(comment, 0)) VIRTUAL,
    shortened       INTEGER NOT NULL DEFAULT 0, -- the text was too long to keep, and its end is missing
    channel         TEXT,                       -- how the comment came, in the server's word; NULL if not known
    structure       TEXT,                       -- JSON: which part of the text is what; NULL for plain text
    UNIQUE (ticket, comment)
) STRICT;

CREATE INDEX messages_thread ON messages (ticket, unsent, created_at, sort_comment);

-- What is on its way to the server. A row leaves when its result was seen at the server.
CREATE TABLE outbox (
    id              INTEGER PRIMARY KEY AUTOINCREMENT, -- ascending in the order of writing
    ticket          INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    kind            TEXT    NOT NULL,           -- create | reply | upload | add_cc | solve | feedback | toggle | mark_read
    message         INTEGER REFERENCES messages (id) ON DELETE CASCADE, -- what is sent; for an upload: what will name it
    file            INTEGER,                    -- an upload's file
    addresses       TEXT,                       -- JSON: of add_cc
    through         INTEGER,                    -- of mark_read: the newest comment that was read
    key             TEXT    NOT NULL,           -- idempotency key, the same for every attempt; an edit gives a new one
    body            BLOB,                       -- the exact bytes, made once before the first attempt
    high_water_mark INTEGER,                    -- newest comment known when the attempt began; NULL: nothing of it can have arrived
    ever_attempted  INTEGER NOT NULL DEFAULT 0, -- an attempt was made since this text was written
    restored        INTEGER NOT NULL DEFAULT 0, -- came with a copy of the file: is not sent without the user
    state           TEXT    NOT NULL,
    attempts        INTEGER NOT NULL DEFAULT 0,
    ambiguous_attempts INTEGER NOT NULL DEFAULT 0,
    empty_reads     INTEGER NOT NULL DEFAULT 0, -- how often it was looked for in vain since the last attempt
    ended_at        INTEGER,                    -- device's clock: when the last ambiguous attempt ended
    first_missed_at INTEGER,                    -- the first look in vain after the last attempt
    wait_start      INTEGER,
    wait_length     INTEGER,
    wait_server_imposed INTEGER NOT NULL DEFAULT 0, -- a returning network does not end the wait
    reason          TEXT,
    server_message  TEXT,
    renewals        INTEGER NOT NULL DEFAULT 0, -- how often its uploads were made again because the server did not know them
    refusals        INTEGER NOT NULL DEFAULT 0, -- attempts refused in words that are not the server's own, proven not to have arrived
    refusal         TEXT,                       -- the words of the last one
    asked_through   INTEGER,                    -- newest comment that the user knew when deciding that it is not this message
    action          TEXT,                       -- the product's id of the action that made it; NULL for what no action made
    with_change     TEXT,                       -- the change that is sent with a message: solve
    content         TEXT                        -- JSON: of feedback and of a toggle
) STRICT;

CREATE INDEX outbox_ticket ON outbox (ticket, id);
CREATE UNIQUE INDEX outbox_message ON outbox (message) WHERE kind IN ('create', 'reply');

-- What is being typed: one new ticket (ticket IS NULL), and one reply a ticket.
CREATE TABLE drafts (
    id              TEXT    PRIMARY KEY,
    ticket          INTEGER REFERENCES tickets (id) ON DELETE CASCADE,
    subject         TEXT    NOT NULL DEFAULT '',
    issue_type      TEXT    NOT NULL DEFAULT '',
    cc              TEXT    NOT NULL DEFAULT '[]',
    cc_entry        TEXT    NOT NULL DEFAULT '',
    body            TEXT    NOT NULL,
    access          INTEGER NOT NULL DEFAULT 0,
    follows         INTEGER,                    -- the number of the closed ticket that the new one follows; NULL for none
    name            TEXT    NOT NULL DEFAULT '', -- of a ticket without an account: as in requesters
    email           TEXT    NOT NULL DEFAULT '',
    formats         TEXT                        -- what of a reply's body is bold, italic or a link, as JSON; NULL for plain text
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
    watermark       INTEGER,                    -- everything up to here was seen; NULL: no complete backfill yet
    backfill_watermark INTEGER,                 -- that the running backfill will set
    backfill_cursor TEXT,                       -- where the running backfill continues
    backfill_rows   INTEGER NOT NULL DEFAULT 0, -- that the running backfill has read
    expected_rows   INTEGER,                    -- that the list has, as the server last said
    reconciliation_cursor TEXT,                 -- where the running full reconciliation continues
    reconciled      INTEGER NOT NULL DEFAULT 0, -- the last full reconciliation that read this list to its end
    failures        INTEGER NOT NULL DEFAULT 0, -- in a row
    wait_start      INTEGER,                    -- device's clock
    wait_length     INTEGER,
    wait_server_imposed INTEGER NOT NULL DEFAULT 0,
    by_number       INTEGER NOT NULL DEFAULT 0, -- its cursors failed, so it is read by page numbers
    failed_rows     INTEGER NOT NULL DEFAULT 0  -- that the backfill had read when it last failed
) STRICT;

-- The full reconciliation that runs, or the last one.
CREATE TABLE reconciliation (
    id              INTEGER PRIMARY KEY CHECK (id = 1),
    number          INTEGER NOT NULL DEFAULT 0,
    state           TEXT    NOT NULL DEFAULT 'idle', -- idle | walking | asking
    since           INTEGER,                    -- device's clock: when this state began; NULL: none yet, and no first sync
    early           INTEGER NOT NULL DEFAULT 0, -- a list became shorter: do not wait for the next one's time
    history_missing INTEGER NOT NULL DEFAULT 0, -- the last one missed too much to believe it
    inconclusive    INTEGER NOT NULL DEFAULT 0  -- not even the ids of some rows could be read
) STRICT;
INSERT INTO reconciliation (id) VALUES (1);

-- The last full reconciliation during which the server showed a ticket. Beside the tickets, because it touches every row.
CREATE TABLE reconciliation_marks (
    ticket          INTEGER PRIMARY KEY REFERENCES tickets (id) ON DELETE CASCADE,
    reconciliation  INTEGER NOT NULL
) STRICT;

-- What was spent on reading threads in the running hour.
CREATE TABLE request_budget (
    id              INTEGER PRIMARY KEY CHECK (id = 1),
    since           INTEGER NOT NULL DEFAULT 0, -- device's clock
    requests        INTEGER NOT NULL DEFAULT 0,
    bytes           INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO request_budget (id) VALUES (1);

-- Threads that could not be read, and when each may be tried again.
CREATE TABLE thread_pauses (
    ticket          INTEGER PRIMARY KEY REFERENCES tickets (id) ON DELETE CASCADE,
    failures        INTEGER NOT NULL,           -- in a row
    wait_start      INTEGER NOT NULL,           -- device's clock
    wait_length     INTEGER NOT NULL,
    wait_server_imposed INTEGER NOT NULL DEFAULT 0 -- a returning network does not end the wait
) STRICT;

-- Threads with more pages than one run reads: where the reading continues. Newest first, so the rest is older.
CREATE TABLE thread_walks (
    ticket          INTEGER PRIMARY KEY REFERENCES tickets (id) ON DELETE CASCADE,
    cursor          TEXT,                       -- the server's, of the next page
    of              INTEGER,                    -- the update that the reading is for
    as_of           INTEGER,                    -- the time of the first page
    pages           INTEGER NOT NULL DEFAULT 0, -- that were read
    newest_first    INTEGER NOT NULL DEFAULT 0, -- the pages come newest first, so the newest comments are known
    read_at         INTEGER NOT NULL DEFAULT 0  -- device's clock: when the last page was read
) STRICT;

-- How far each thread was read on this device: what is above it is new to the user. A thread that was never opened here has no row.
CREATE TABLE read_positions (
    ticket          INTEGER PRIMARY KEY REFERENCES tickets (id) ON DELETE CASCADE,
    through         INTEGER NOT NULL            -- the newest comment that was on this device while the thread was last on screen; 0: none
) STRICT;

-- The unread tickets, so that a badge can count them. Triggers keep them up to date; what stands in rebuilds is filled in in the
-- background.
CREATE TABLE unread_tickets (
    ticket          INTEGER PRIMARY KEY REFERENCES tickets (id) ON DELETE CASCADE,
    reminder        INTEGER NOT NULL DEFAULT 0  -- the user marked it on this device: no read mark of another device ends it
) STRICT;

CREATE TRIGGER tickets_unread_new AFTER INSERT ON tickets WHEN NEW.unread BEGIN
    INSERT OR IGNORE INTO unread_tickets (ticket) VALUES (NEW.id);
END;
CREATE TRIGGER tickets_unread_begins AFTER UPDATE OF unread ON tickets WHEN NEW.unread AND NOT OLD.unread BEGIN
    INSERT OR IGNORE INTO unread_tickets (ticket) VALUES (NEW.id);
END;
CREATE TRIGGER tickets_unread_ends AFTER UPDATE OF unread ON tickets WHEN NOT NEW.unread AND OLD.unread BEGIN
    DELETE FROM unread_tickets WHERE ticket = NEW.id;
END;

-- The tickets that follow another one, by its number: what their screens say changes when that ticket appears or is revoked. Triggers
-- keep them up to date; what stands in rebuilds is filled in in the background.
CREATE TABLE follow_ups (
    ticket          INTEGER PRIMARY KEY REFERENCES tickets (id) ON DELETE CASCADE,
    follows         INTEGER NOT NULL            -- as in tickets
) STRICT;
CREATE INDEX follow_ups_follows ON follow_ups (follows);

CREATE TRIGGER tickets_follow_new AFTER INSERT ON tickets WHEN NEW.follows IS NOT NULL BEGIN
    INSERT OR REPLACE INTO follow_ups (ticket, follows) VALUES (NEW.id, NEW.follows);
END;
CREATE TRIGGER tickets_follow_changed AFTER UPDATE OF follows ON tickets WHEN OLD.follows IS NOT NEW.follows BEGIN
    DELETE FROM follow_ups WHERE ticket = NEW.id;
    INSERT INTO follow_ups (ticket, follows) SELECT NEW.id, NEW.follows WHERE NEW.follows IS NOT NULL;
END;

-- What the user attached. The bytes lie in the folder `outgoing`; the row comes after the file, and goes before it.
CREATE TABLE files (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    draft           TEXT,                       -- while it is being written
    message         INTEGER REFERENCES messages (id) ON DELETE CASCADE, -- once it was submitted
    stored_as       TEXT    NOT NULL UNIQUE,    -- never a user's word
    name            TEXT    NOT NULL,
    content_type    TEXT    NOT NULL,
    size            INTEGER NOT NULL,
    sha256          BLOB    NOT NULL,
    token           TEXT,                       -- what the server gave for it; named once, by the message
    token_until     INTEGER,
    CHECK ((draft IS NULL) <> (message IS NULL))
) STRICT;

CREATE INDEX files_draft ON files (draft) WHERE draft IS NOT NULL;
CREATE INDEX files_message ON files (message) WHERE message IS NOT NULL;

-- Which of the server's files were asked for: a message's, pictures in an article, and the small pictures beside both. The bytes lie in
-- the folder `cache`.
CREATE TABLE downloads (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    message         INTEGER REFERENCES messages (id) ON DELETE CASCADE,
    attachment_index INTEGER NOT NULL,          -- among the message's attachments, or the article's pictures
    attachment      INTEGER NOT NULL,           -- the server's id
    size            INTEGER NOT NULL,           -- as the server announced it; only a hint
    stored_as       TEXT    NOT NULL UNIQUE,    -- never a user's word
    state           TEXT    NOT NULL,           -- wanted | here | failed
    problem         TEXT,                       -- why it failed
    attempts        INTEGER NOT NULL DEFAULT 0,
    sha256          BLOB,                       -- of what came
    opened          INTEGER NOT NULL,           -- ascending with every opening: the least goes first
    length          INTEGER,                    -- of the copy, in bytes
    article         INTEGER REFERENCES articles (id) ON DELETE CASCADE,
    thumbnail_of    INTEGER REFERENCES messages (id) ON DELETE CASCADE,
    person          INTEGER REFERENCES people (id) ON DELETE CASCADE, -- whose photo it is
    asked_in        INTEGER,                    -- the ticket in whose thread a photo was asked for
    UNIQUE (message, attachment_index)
) STRICT;

CREATE INDEX downloads_wanted ON downloads (state) WHERE state = 'wanted';
CREATE INDEX downloads_opened ON downloads (opened);
CREATE UNIQUE INDEX downloads_article ON downloads (article, attachment_index);
CREATE UNIQUE INDEX downloads_thumbnail ON downloads (thumbnail_of, attachment_index);
CREATE UNIQUE INDEX downloads_person ON downloads (person);
CREATE INDEX downloads_failed ON downloads (state) WHERE state = 'failed';

-- Files whose row is gone, whatever took it. They are removed after the commit, or at the next opening.
CREATE TABLE pending_deletes (
    stored_as       TEXT    PRIMARY KEY
) STRICT;

CREATE TRIGGER files_gone AFTER DELETE ON files BEGIN
    INSERT OR IGNORE INTO pending_deletes (stored_as) VALUES (OLD.stored_as);
END;

CREATE TRIGGER downloads_gone AFTER DELETE ON downloads BEGIN
    INSERT OR IGNORE INTO pending_deletes (stored_as) VALUES (OLD.stored_as);
END;

-- What the server took away or replaced in a comment is no longer kept here: a redaction changes name or size, or the file.
-- A text that is not JSON names no file.
CREATE TRIGGER attachments_changed AFTER UPDATE OF attachments ON messages WHEN OLD.attachments <> NEW.attachments BEGIN
    DELETE FROM downloads
    WHERE message = NEW.id
      AND NOT EXISTS (SELECT 1 FROM json_each(CASE WHEN json_valid(NEW.attachments) THEN NEW.attachments ELSE '[]' END) AS now
                      JOIN json_each(CASE WHEN json_valid(OLD.attachments) THEN OLD.attachments ELSE '[]' END) AS before USING (key)
                      WHERE now.key = downloads.attachment_index AND now.value ->> 'id' = downloads.attachment
                        AND now.value ->> 'size' = downloads.size
                        AND now.value ->> 'name' = before.value ->> 'name'
                        AND NOT ifnull(now.value ->> 'deleted', 0));
END;

-- A small picture of what the server took away, and a photo that it replaced, are not kept.
CREATE TRIGGER thumbnails_changed AFTER UPDATE OF attachments ON messages WHEN OLD.attachments <> NEW.attachments BEGIN
    DELETE FROM downloads
    WHERE thumbnail_of = NEW.id
      AND NOT EXISTS (SELECT 1 FROM json_each(CASE WHEN json_valid(NEW.attachments) THEN NEW.attachments ELSE '[]' END) AS now
                      JOIN json_each(CASE WHEN json_valid(OLD.attachments) THEN OLD.attachments ELSE '[]' END) AS before USING (key)
                      WHERE now.key = downloads.attachment_index AND now.value ->> 'id' = downloads.attachment
                        AND now.value ->> 'thumbnail' = before.value ->> 'thumbnail');
END;
CREATE TRIGGER photo_changed AFTER UPDATE OF photo ON people WHEN OLD.photo IS NOT NEW.photo BEGIN
    DELETE FROM downloads WHERE person = NEW.id;
END;

-- Something of the server's is gone from the tables and may still stand elsewhere in the files: whoever deletes or overwrites
-- it cannot forget to say so. What this user wrote and the server never showed is not meant.
CREATE TRIGGER messages_taken_back AFTER DELETE ON messages WHEN old.comment IS NOT NULL
BEGIN UPDATE account SET secure_delete_from = 1; END;
CREATE TRIGGER messages_redacted AFTER UPDATE OF body, attachments, structure ON messages
WHEN old.comment IS NOT NULL
     AND (old.body, old.attachments, old.structure) IS NOT (new.body, new.attachments, new.structure)
BEGIN UPDATE account SET secure_delete_from = 1; END;
CREATE TRIGGER tickets_redacted AFTER UPDATE OF subject ON tickets WHEN old.number IS NOT NULL AND old.subject <> new.subject
BEGIN UPDATE account SET secure_delete_from = 1; END;

-- In which of the lists the server showed each ticket (docs/product.md, S16). list is '' for a ticket that was in a list which
-- this user no longer has: that explains why it is missing.
CREATE TABLE list_tickets (
    ticket          INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    list            TEXT    NOT NULL,           -- as in lists
    reconciliation  INTEGER NOT NULL,           -- the last full reconciliation that had begun when the list showed it
    PRIMARY KEY (ticket, list)
) STRICT;
CREATE INDEX list_tickets_list ON list_tickets (list, reconciliation);

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

-- Whether there is a help centre for this user, and how far it was read.
CREATE TABLE help_center (
    id              INTEGER PRIMARY KEY CHECK (id = 1),
    state           TEXT    NOT NULL DEFAULT 'unknown', -- unknown | here | absent
    language        TEXT,                       -- the app's, for which locale was chosen
    locale          TEXT,                       -- the help centre's; NULL until it was found
    number          INTEGER NOT NULL DEFAULT 0, -- of the complete read that runs, or of the last one
    reading         INTEGER NOT NULL DEFAULT 0, -- a complete read is under way
    cursor          TEXT,                       -- where it continues; NULL: at the beginning
    pages           INTEGER NOT NULL DEFAULT 0, -- that it has read
    inconclusive    INTEGER NOT NULL DEFAULT 0, -- not even the ids of some rows could be read
    read_at         INTEGER,                    -- device's clock: when the last complete read ended
    asked_at        INTEGER,                    -- device's clock: when the server was last asked what has changed
    takes_votes     INTEGER NOT NULL DEFAULT 1, -- the server has not refused the answer of this user
    failures        INTEGER NOT NULL DEFAULT 0, -- in a row
    wait_start      INTEGER,                    -- device's clock
    wait_length     INTEGER,
    wait_server_imposed INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO help_center (id) VALUES (1);

CREATE TABLE article_categories (
    id              INTEGER PRIMARY KEY,        -- the server's
    name            TEXT    NOT NULL,
    position        INTEGER NOT NULL,
    number          INTEGER NOT NULL            -- the last complete read that had begun when it was shown
) STRICT;

CREATE TABLE article_sections (
    id              INTEGER PRIMARY KEY,        -- the server's
    category        INTEGER,
    parent          INTEGER,                    -- the section in which it is
    name            TEXT    NOT NULL,
    position        INTEGER NOT NULL,
    number          INTEGER NOT NULL            -- as of a category
) STRICT;

CREATE TABLE articles (
    id              INTEGER PRIMARY KEY,        -- the server's
    section         INTEGER NOT NULL,
    title           TEXT    NOT NULL,
    body            TEXT    NOT NULL,           -- as plain text
    structure       TEXT,                       -- what of it is what, as of a message; NULL for plain text
    pictures        TEXT    NOT NULL,           -- JSON: the pictures in it, as the attachments of a message
    shortened       INTEGER NOT NULL,           -- the text was too long to keep, and its end is missing
    locale          TEXT    NOT NULL,
    source_locale   TEXT    NOT NULL,
    updated_at      INTEGER NOT NULL,           -- anything of it
    edited_at       INTEGER NOT NULL,           -- its text in this language
    outdated        INTEGER NOT NULL,           -- the original was changed since
    promoted        INTEGER NOT NULL,
    position        INTEGER NOT NULL,
    number          INTEGER NOT NULL            -- as of a category
) STRICT;
CREATE INDEX articles_section ON articles (section);

-- What the company has taken away or rewritten must not stay in the file.
CREATE TRIGGER articles_gone AFTER DELETE ON articles
BEGIN UPDATE account SET secure_delete_from = 1; END;
CREATE TRIGGER articles_rewritten AFTER UPDATE OF title, body, structure, pictures ON articles
WHEN (OLD.title, OLD.body, OLD.structure, OLD.pictures) IS NOT (NEW.title, NEW.body, NEW.structure, NEW.pictures)
BEGIN UPDATE account SET secure_delete_from = 1; END;

-- A picture that the company has taken out of an article is not kept.
CREATE TRIGGER article_pictures_changed AFTER UPDATE OF pictures ON articles WHEN OLD.pictures <> NEW.pictures BEGIN
    DELETE FROM downloads
    WHERE article = NEW.id
      AND NOT EXISTS (SELECT 1 FROM json_each(CASE WHEN json_valid(NEW.pictures) THEN NEW.pictures ELSE '[]' END) AS now
                      WHERE now.key = downloads.attachment_index AND now.value ->> 'id' = downloads.attachment);
END;

CREATE TRIGGER article_sections_gone AFTER DELETE ON article_sections
BEGIN UPDATE account SET secure_delete_from = 1; END;
CREATE TRIGGER article_sections_renamed AFTER UPDATE OF name ON article_sections WHEN OLD.name <> NEW.name
BEGIN UPDATE account SET secure_delete_from = 1; END;
CREATE TRIGGER article_categories_gone AFTER DELETE ON article_categories
BEGIN UPDATE account SET secure_delete_from = 1; END;
CREATE TRIGGER article_categories_renamed AFTER UPDATE OF name ON article_categories WHEN OLD.name <> NEW.name
BEGIN UPDATE account SET secure_delete_from = 1; END;

-- The user's answers to whether an article was helpful, one for each article. It waits to be sent unless sent is set.
CREATE TABLE article_votes (
    article         INTEGER PRIMARY KEY,        -- the server's id; the answer may outlive the article
    helpful         INTEGER NOT NULL,
    sent            INTEGER NOT NULL DEFAULT 0, -- the server has confirmed it
    failures        INTEGER NOT NULL DEFAULT 0, -- of attempts at this answer
    refusals        INTEGER NOT NULL DEFAULT 0, -- of these, those of which nobody knows who refused
    attempted       INTEGER,                    -- the answer of an attempt that may be applied; NULL: none
    attempt_ended_at INTEGER,                   -- device's clock; NULL while it is under way
    wait_start      INTEGER,                    -- device's clock
    wait_length     INTEGER,
    wait_server_imposed INTEGER NOT NULL DEFAULT 0
) STRICT;

-- The index of every text that a search finds (docs/product.md, W5). core/src/store/search/mod.rs tells its story. Triggers keep it up
-- to date; what stands in rebuilds is filled in in the background.

-- Under which rules the index is kept. No row: it is not kept now, and has to be emptied before it is.
CREATE TABLE search_rules (
    id              INTEGER PRIMARY KEY CHECK (id = 1),
    fold_version    INTEGER NOT NULL,           -- of the words in it
    fields          TEXT    NOT NULL            -- JSON: the product's fields whose values are in it
) STRICT;

-- What the index has. The triggers remove a row, because it says under which rowid the words are.
CREATE TABLE search_documents (
    -- The rowid in search_words. A message has its own id, a subject its ticket's below 0, and values begin at 1 << 62.
    id              INTEGER PRIMARY KEY,
    ticket          INTEGER NOT NULL,
    field           TEXT,                       -- whose value it is; NULL: a message, or the subject with the number
    message         INTEGER AS (CASE WHEN id > 0 AND field IS NULL THEN id END) VIRTUAL
) STRICT;
CREATE INDEX search_documents_ticket ON search_documents (ticket);

-- The ticket of each message that has a document, in few pages. A span begins with its first message and ends where the next span begins.
-- Every message in it that has a document belongs to the span's ticket. A thread that was read at once is one span. A message that loses
-- its document changes no span.
CREATE TABLE search_spans (
    first           INTEGER PRIMARY KEY,        -- a message's id
    ticket          INTEGER NOT NULL
) STRICT;

-- The texts that a transaction has written and that have no document yet. They get theirs together before its commit: FTS5 writes what it
-- has in memory whenever a statement with triggers begins. Empty in every state that a reader can see.
CREATE TABLE new_documents (
    id              INTEGER PRIMARY KEY         -- as in search_documents
) STRICT;

CREATE VIRTUAL TABLE search_words USING fts5 (words, content = '', columnsize = 0, prefix = 1, tokenize = "ascii tokenchars '+#'");
INSERT INTO search_words (search_words, rank) VALUES ('secure-delete', 1);

CREATE TABLE search_articles (
    article         INTEGER PRIMARY KEY         -- the rowid in article_words
) STRICT;

CREATE VIRTUAL TABLE article_words USING fts5 (title, body, content = '', columnsize = 0, prefix = 1, tokenize = "ascii tokenchars '+#'");
INSERT INTO article_words (article_words, rank) VALUES ('secure-delete', 1);

-- What search_documents has, or should have.
CREATE VIEW search_texts AS
SELECT t.id AS ticket, NULL AS message, NULL AS field, t.subject || ' ' || ifnull(t.number, '') AS text
FROM tickets t WHERE t.visible
UNION ALL
SELECT m.ticket, m.id, NULL, m.body FROM messages m WHERE (SELECT t.visible FROM tickets t WHERE t.id = m.ticket)
UNION ALL
SELECT v.ticket, NULL, v.field, CASE WHEN json_valid(v.value) THEN ifnull(v.value ->> '$.value', '') ELSE '' END
FROM field_values v
WHERE (SELECT t.visible FROM tickets t WHERE t.id = v.ticket)
  AND EXISTS (SELECT 1 FROM search_rules r, json_each(r.fields) f WHERE f.value = v.field);

-- The next two triggers do the same: SQLite has no trigger for inserts and updates.
CREATE TRIGGER documents_span_new AFTER INSERT ON search_documents
WHEN NEW.id > 0 AND NEW.field IS NULL
     AND (SELECT s.ticket FROM search_spans s WHERE s.first <= NEW.id ORDER BY s.first DESC LIMIT 1) IS NOT NEW.ticket
BEGIN
    -- The messages behind this one keep their ticket.
    INSERT INTO search_spans (first, ticket)
    SELECT d.id, d.ticket FROM search_documents d
    WHERE d.id = (SELECT min(n.id) FROM search_documents n WHERE n.id > NEW.id) AND d.field IS NULL
      AND NOT EXISTS (SELECT 1 FROM search_spans s WHERE s.first > NEW.id AND s.first <= d.id);
    INSERT INTO search_spans (first, ticket) VALUES (NEW.id, NEW.ticket) ON CONFLICT (first) DO UPDATE SET ticket = NEW.ticket;
END;
CREATE TRIGGER documents_span_moved AFTER UPDATE OF ticket ON search_documents
WHEN NEW.id > 0 AND NEW.field IS NULL
     AND (SELECT s.ticket FROM search_spans s WHERE s.first <= NEW.id ORDER BY s.first DESC LIMIT 1) IS NOT NEW.ticket
BEGIN
    -- The messages behind this one keep their ticket.
    INSERT INTO search_spans (first, ticket)
    SELECT d.id, d.ticket FROM search_documents d
    WHERE d.id = (SELECT min(n.id) FROM search_documents n WHERE n.id > NEW.id) AND d.field IS NULL
      AND NOT EXISTS (SELECT 1 FROM search_spans s WHERE s.first > NEW.id AND s.first <= d.id);
    INSERT INTO search_spans (first, ticket) VALUES (NEW.id, NEW.ticket) ON CONFLICT (first) DO UPDATE SET ticket = NEW.ticket;
END;

-- What has no document yet changes without any of the following.
CREATE TRIGGER tickets_search_new AFTER INSERT ON tickets WHEN EXISTS (SELECT 1 FROM search_rules) BEGIN
    INSERT INTO new_documents (id) SELECT -NEW.id WHERE NOT EXISTS (SELECT 1 FROM new_documents WHERE id = -NEW.id);
END;
CREATE TRIGGER tickets_search_changed AFTER UPDATE OF subject, number ON tickets
WHEN OLD.visible AND NEW.visible AND (OLD.subject, OLD.number) IS NOT (NEW.subject, NEW.number) AND EXISTS (SELECT 1 FROM search_rules)
BEGIN
    INSERT INTO search_words (search_words, rowid, words)
    SELECT 'delete', d.id, search_tokens(OLD.subject || ' ' || ifnull(OLD.number, ''))
    FROM search_documents d WHERE d.id = -NEW.id;
    INSERT INTO search_words (rowid, words)
    SELECT d.id, search_tokens(NEW.subject || ' ' || ifnull(NEW.number, ''))
    FROM search_documents d WHERE d.id = -NEW.id;
END;
CREATE TRIGGER tickets_search_hidden AFTER UPDATE OF visible ON tickets
WHEN OLD.visible AND NOT NEW.visible AND EXISTS (SELECT 1 FROM search_rules)
BEGIN
    INSERT INTO search_words (search_words, rowid, words)
    SELECT 'delete', d.id, search_tokens(OLD.subject || ' ' || ifnull(OLD.number, ''))
    FROM search_documents d WHERE d.id = -NEW.id;
    INSERT INTO search_words (search_words, rowid, words)
    SELECT 'delete', d.id, search_tokens(m.body)
    FROM search_documents d JOIN messages m ON m.id = d.id WHERE d.ticket = NEW.id;
    INSERT INTO search_words (search_words, rowid, words)
    SELECT 'delete', d.id, search_tokens(CASE WHEN json_valid(v.value) THEN ifnull(v.value ->> '$.value', '') ELSE '' END)
    FROM search_documents d JOIN field_values v ON v.ticket = d.ticket AND v.field = d.field WHERE d.ticket = NEW.id AND d.id > 1 << 62;
    DELETE FROM search_documents WHERE ticket = NEW.id;
END;
CREATE TRIGGER tickets_search_shown AFTER UPDATE OF visible ON tickets
WHEN NEW.visible AND NOT OLD.visible AND EXISTS (SELECT 1 FROM search_rules)
BEGIN
    INSERT INTO search_documents (id, ticket, field)
    SELECT CASE WHEN x.message IS NOT NULL THEN x.message
                WHEN x.field IS NULL THEN -x.ticket
                ELSE (SELECT ifnull(max(d.id), 1 << 62) FROM search_documents d WHERE d.id > 1 << 62) + row_number() OVER (PARTITION BY x.field IS NULL) END,
           x.ticket, x.field
    FROM search_texts x WHERE x.ticket = NEW.id;
    INSERT INTO search_words (rowid, words)
    SELECT d.id, search_tokens(x.text)
    FROM search_documents d JOIN search_texts x ON x.ticket = d.ticket AND x.message IS d.message AND x.field IS d.field
    WHERE d.ticket = NEW.id;
END;
CREATE TRIGGER tickets_search_gone AFTER DELETE ON tickets BEGIN
    INSERT INTO search_words (search_words, rowid, words)
    SELECT 'delete', d.id, search_tokens(OLD.subject || ' ' || ifnull(OLD.number, ''))
    FROM search_documents d WHERE d.id = -OLD.id AND EXISTS (SELECT 1 FROM search_rules);
    DELETE FROM search_documents WHERE id = -OLD.id;
END;

CREATE TRIGGER messages_search_new AFTER INSERT ON messages WHEN EXISTS (SELECT 1 FROM search_rules) BEGIN
    INSERT INTO new_documents (id) SELECT NEW.id WHERE NOT EXISTS (SELECT 1 FROM new_documents WHERE id = NEW.id);
END;
CREATE TRIGGER messages_search_changed AFTER UPDATE OF body ON messages
WHEN OLD.body <> NEW.body AND EXISTS (SELECT 1 FROM search_rules)
BEGIN
    INSERT INTO search_words (search_words, rowid, words)
    SELECT 'delete', d.id, search_tokens(OLD.body) FROM search_documents d WHERE d.id = NEW.id;
    INSERT INTO search_words (rowid, words)
    SELECT d.id, search_tokens(NEW.body) FROM search_documents d WHERE d.id = NEW.id;
END;
CREATE TRIGGER messages_search_moved AFTER UPDATE OF ticket ON messages WHEN OLD.ticket <> NEW.ticket BEGIN
    UPDATE search_documents SET ticket = NEW.ticket WHERE id = NEW.id;
END;
CREATE TRIGGER messages_search_gone AFTER DELETE ON messages BEGIN
    INSERT INTO search_words (search_words, rowid, words)
    SELECT 'delete', d.id, search_tokens(OLD.body) FROM search_documents d
    WHERE d.id = OLD.id AND EXISTS (SELECT 1 FROM search_rules);
    DELETE FROM search_documents WHERE id = OLD.id;
END;

CREATE TRIGGER field_values_search_new AFTER INSERT ON field_values
WHEN EXISTS (SELECT 1 FROM search_rules r, json_each(r.fields) f WHERE f.value = NEW.field)
     AND (SELECT t.visible FROM tickets t WHERE t.id = NEW.ticket)
BEGIN
    INSERT INTO search_documents (id, ticket, field)
    SELECT ifnull(max(d.id), 1 << 62) + 1, NEW.ticket, NEW.field FROM search_documents d WHERE d.id > 1 << 62;
    INSERT INTO search_words (rowid, words)
    SELECT d.id, search_tokens(CASE WHEN json_valid(NEW.value) THEN ifnull(NEW.value ->> '$.value', '') ELSE '' END)
    FROM search_documents d WHERE d.ticket = NEW.ticket AND d.id > 1 << 62 AND d.field = NEW.field;
END;
CREATE TRIGGER field_values_search_changed AFTER UPDATE OF value ON field_values
WHEN OLD.value <> NEW.value AND EXISTS (SELECT 1 FROM search_rules r, json_each(r.fields) f WHERE f.value = NEW.field)
BEGIN
    INSERT INTO search_words (search_words, rowid, words)
    SELECT 'delete', d.id, search_tokens(CASE WHEN json_valid(OLD.value) THEN ifnull(OLD.value ->> '$.value', '') ELSE '' END)
    FROM search_documents d WHERE d.ticket = NEW.ticket AND d.id > 1 << 62 AND d.field = NEW.field;
    INSERT INTO search_words (rowid, words)
    SELECT d.id, search_tokens(CASE WHEN json_valid(NEW.value) THEN ifnull(NEW.value ->> '$.value', '') ELSE '' END)
    FROM search_documents d WHERE d.ticket = NEW.ticket AND d.id > 1 << 62 AND d.field = NEW.field;
END;
CREATE TRIGGER field_values_search_gone AFTER DELETE ON field_values BEGIN
    INSERT INTO search_words (search_words, rowid, words)
    SELECT 'delete', d.id, search_tokens(CASE WHEN json_valid(OLD.value) THEN ifnull(OLD.value ->> '$.value', '') ELSE '' END)
    FROM search_documents d
    WHERE d.ticket = OLD.ticket AND d.id > 1 << 62 AND d.field = OLD.field AND EXISTS (SELECT 1 FROM search_rules);
    DELETE FROM search_documents WHERE ticket = OLD.ticket AND id > 1 << 62 AND field = OLD.field;
END;

CREATE TRIGGER articles_search_new AFTER INSERT ON articles WHEN EXISTS (SELECT 1 FROM search_rules) BEGIN
    INSERT INTO search_articles (article) VALUES (NEW.id);
    INSERT INTO article_words (rowid, title, body) VALUES (NEW.id, search_tokens(NEW.title), search_tokens(NEW.body));
END;
CREATE TRIGGER articles_search_changed AFTER UPDATE OF title, body ON articles
WHEN (OLD.title, OLD.body) IS NOT (NEW.title, NEW.body) AND EXISTS (SELECT 1 FROM search_rules)
BEGIN
    INSERT INTO article_words (article_words, rowid, title, body)
    SELECT 'delete', a.article, search_tokens(OLD.title), search_tokens(OLD.body) FROM search_articles a WHERE a.article = NEW.id;
    INSERT INTO article_words (rowid, title, body)
    SELECT a.article, search_tokens(NEW.title), search_tokens(NEW.body) FROM search_articles a WHERE a.article = NEW.id;
END;
CREATE TRIGGER articles_search_gone AFTER DELETE ON articles BEGIN
    INSERT INTO article_words (article_words, rowid, title, body)
    SELECT 'delete', a.article, search_tokens(OLD.title), search_tokens(OLD.body) FROM search_articles a
    WHERE a.article = OLD.id AND EXISTS (SELECT 1 FROM search_rules);
    DELETE FROM search_articles WHERE article = OLD.id;
END;
