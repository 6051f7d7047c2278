-- A product that calls an open ticket "open", and a custom status that it names.
INSERT INTO status_map (server_status, custom_status, user_spoke_last, status) VALUES ('open', '', 1, 'open'), ('open', '4711', 1, 'in_progress');
UPDATE tickets SET custom_status = '4711' WHERE id = 1;
UPDATE custom_statuses SET label = 'In Bearbeitung', listed = 1;
INSERT INTO option_labels (field, value, label) VALUES ('issue_type', 'payments_finance', 'Zahlungen & Finanzen');
INSERT INTO rebuilds (what, next_ticket) VALUES ('statuses', 2);
UPDATE set_up SET read_at = 1767225600000, language = 'de', field_sources = 'escalation';
INSERT INTO field_values (ticket, field, value) VALUES (1, 'escalation', '{"type":"text","value":"CP-1042"}');
UPDATE tickets SET follows = 4711 WHERE id = 1;
UPDATE drafts SET follows = 4711;
