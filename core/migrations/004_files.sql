-- Files: on their way to the desk, and copies of the desk's.

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
    token           TEXT,                       -- what the desk gave for it; named once, by the message
    token_until     INTEGER,                    -- ms, the desk's clock
    CHECK ((draft IS NULL) <> (message IS NULL))
) STRICT;

CREATE INDEX files_draft ON files (draft) WHERE draft IS NOT NULL;
CREATE INDEX files_message ON files (message) WHERE message IS NOT NULL;

-- How often the uploads of a message were made again because the desk did not know them.
ALTER TABLE outbox ADD COLUMN renewals INTEGER NOT NULL DEFAULT 0;

-- Which of the desk's files were asked for. The bytes lie in the folder `cache`.
CREATE TABLE downloads (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    message         INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    place           INTEGER NOT NULL,           -- among the message's attachments
    attachment      INTEGER NOT NULL,           -- the desk's id
    size            INTEGER NOT NULL,           -- as the desk says
    stored_as       TEXT    NOT NULL UNIQUE,    -- never a user's word
    state           TEXT    NOT NULL,           -- wanted | here | failed
    problem         TEXT,                       -- why it failed
    attempts        INTEGER NOT NULL DEFAULT 0,
    sha256          BLOB,                       -- of what came
    opened          INTEGER NOT NULL,           -- ascending with every opening: the least goes first
    UNIQUE (message, place)
) STRICT;

CREATE INDEX downloads_wanted ON downloads (state) WHERE state = 'wanted';
CREATE INDEX downloads_opened ON downloads (opened);

-- Files whose row is gone, whatever took it. They are removed after the commit, or at the next opening.
CREATE TABLE doomed (
    stored_as       TEXT    PRIMARY KEY
) STRICT;

CREATE TRIGGER files_gone AFTER DELETE ON files BEGIN
    INSERT OR IGNORE INTO doomed (stored_as) VALUES (OLD.stored_as);
END;

CREATE TRIGGER downloads_gone AFTER DELETE ON downloads BEGIN
    INSERT OR IGNORE INTO doomed (stored_as) VALUES (OLD.stored_as);
END;

-- What the desk took away or replaced in a comment is no longer kept here: a redaction changes name or size, or the file.
CREATE TRIGGER attachments_changed AFTER UPDATE OF attachments ON messages WHEN OLD.attachments <> NEW.attachments BEGIN
    DELETE FROM downloads
    WHERE message = NEW.id
      AND NOT EXISTS (SELECT 1 FROM json_each(NEW.attachments) AS now JOIN json_each(OLD.attachments) AS before USING (key)
                      WHERE now.key = downloads.place AND now.value ->> 'id' = downloads.attachment
                        AND now.value ->> 'size' = downloads.size
                        AND now.value ->> 'name' = before.value ->> 'name');
END;
