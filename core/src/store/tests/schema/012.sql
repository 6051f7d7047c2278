-- A ticket in two lists, one that was in a list which is gone, and a history with rules.
INSERT INTO list_tickets (ticket, list, reconciliation) VALUES (1, 'own', 0), (1, 'copied', 0), (2, '', 0);
INSERT INTO history_rules (id, since_ticket, since_escalation, dates_field) VALUES (1, 0, 0, 'escalation_dates');
INSERT OR REPLACE INTO history_places (ticket, relation, shown, last_activity, sort_number) VALUES (1, 2, 1, 1772442000000, 4711);
