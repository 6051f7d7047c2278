-- Help articles, and the user's answers about them (docs/product.md, W9).

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

-- A cached copy is of a message's file, or of a picture in an article. The first column gets no NOT NULL as in
-- 007_real_servers.sql.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema
SET sql = replace(sql, 'INTEGER NOT NULL REFERENCES messages', 'INTEGER REFERENCES messages')
WHERE type = 'table' AND name = 'downloads';
PRAGMA writable_schema = RESET;
ALTER TABLE downloads ADD COLUMN article INTEGER REFERENCES articles (id) ON DELETE CASCADE;
CREATE UNIQUE INDEX downloads_article ON downloads (article, attachment_index);

-- A picture that the company has taken out of an article is not kept.
CREATE TRIGGER article_pictures_changed AFTER UPDATE OF pictures ON articles WHEN OLD.pictures <> NEW.pictures BEGIN
    DELETE FROM downloads
    WHERE article = NEW.id
      AND NOT EXISTS (SELECT 1 FROM json_each(CASE WHEN json_valid(NEW.pictures) THEN NEW.pictures ELSE '[]' END) AS now
                      WHERE now.key = downloads.attachment_index AND now.value ->> 'id' = downloads.attachment);
END;
