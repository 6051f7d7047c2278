-- A file of a draft, one that waits with its message, a cached download and a requested one.
INSERT INTO files (id, draft, message, stored_as, name, content_type, size, sha256, token, token_until)
VALUES (1, 'd-1', NULL, '0a.png', 'Beleg März – צילום.PNG', 'image/png', 48211, x'0102', NULL, NULL),
       (2, NULL, 4, '0b.csv', 'Umsätze 合同.csv', 'text/csv', 37, x'0304', 'token-1', 1772445600000);
INSERT INTO downloads (id, message, place, attachment, size, stored_as, state, problem, attempts, sha256, opened)
VALUES (1, 2, 0, 900, 1200, '0c.pdf', 'here', NULL, 0, x'0506', 1),
       (2, 2, 1, 901, 1300, '0d', 'failed', 'gone', 1, NULL, 2);
UPDATE outbox SET renewals = 1 WHERE id = 2;
