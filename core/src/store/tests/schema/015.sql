-- A ticket that the user marked as unread.
UPDATE tickets SET unread = 1 WHERE id = 1;
INSERT OR REPLACE INTO unread_tickets (ticket, reminder) VALUES (1, 1);
