-- Feedback and toggles (docs/product.md, S14, S15).

-- What they write, as JSON.
ALTER TABLE outbox ADD COLUMN content TEXT;

-- What the server has for this user beside a ticket itself, as it was last asked.
CREATE TABLE extras (
    ticket          INTEGER PRIMARY KEY REFERENCES tickets (id) ON DELETE CASCADE,
    feedback        TEXT,
    as_of           INTEGER NOT NULL,
    read_at         INTEGER NOT NULL
) STRICT;

-- The toggles that the server offers to this user.
CREATE TABLE toggles (
    ticket          INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    field           TEXT    NOT NULL,
    value           INTEGER,
    settled_at      INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (ticket, field)
) STRICT;
CREATE INDEX toggles_field ON toggles (field);
