-- The entry of a ticket, whose creator has a name, and the rules by which it was computed.
UPDATE history_rules SET decides = 'as before';
INSERT INTO history_entries (ticket, listed, relation, status, marks, unread, ticket_type, creator, created_at, last_activity, sort_number)
VALUES (1, 1, 2, 0, 0, 0, 1000, 9001, 1772441000000, 1772442000000, 4711);
INSERT INTO creators (person, sort_name) VALUES (9001, 'ada lovelace');
