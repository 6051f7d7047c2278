-- The tickets that follow another one, by its number: what their screens say changes when that ticket appears or is revoked. Triggers
-- keep them up to date; those of an older file are filled in in the background.
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

INSERT INTO rebuilds (what, next_ticket) SELECT 'follow_ups', id FROM tickets ORDER BY id LIMIT 1;
