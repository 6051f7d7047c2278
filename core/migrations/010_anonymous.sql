-- Tickets without an account (docs/product.md, W11). They stand in a file of nobody's, whose account is ''.

-- Who wrote such a ticket, and where the answer goes.
CREATE TABLE requesters (
    ticket          INTEGER PRIMARY KEY REFERENCES tickets (id) ON DELETE CASCADE,
    name            TEXT    NOT NULL,
    email           TEXT    NOT NULL
) STRICT;
CREATE TRIGGER requesters_gone AFTER DELETE ON requesters
BEGIN UPDATE account SET secure_delete_from = 1; END;

-- The same while it is being written.
ALTER TABLE drafts ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE drafts ADD COLUMN email TEXT NOT NULL DEFAULT '';
