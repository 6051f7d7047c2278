-- A toggle that waits to be sent, and what the server was asked about. Feedback is given already.
UPDATE outbox SET content = '{"field":"proxy_login","on":true}', action = 'proxy_login' WHERE id = 2;
INSERT INTO extras (ticket, feedback, as_of, read_at) VALUES (1, 'given', 1767225600000, 1767225600001), (2, NULL, 1, 2);
INSERT INTO toggles (ticket, field, value) VALUES (1, 'proxy_login', 1), (2, 'proxy_login', NULL);
