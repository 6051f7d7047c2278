-- The unread tickets, so that a badge can count them. Triggers keep them up to date; those of an older file are filled in in the
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

INSERT INTO rebuilds (what, next_ticket) SELECT 'unread', id FROM tickets ORDER BY id LIMIT 1;
