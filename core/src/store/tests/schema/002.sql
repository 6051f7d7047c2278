-- Operations of every kind, one of them held, in a file that is bound to an installation.
UPDATE account SET installation = 'install-1';
UPDATE outbox SET quiet_since = 1772441956000 WHERE id = 1;
INSERT INTO outbox (id, ticket, kind, message, file, addresses, key, body, base, begun, restored, state, attempts, doubts,
                    reads, ended_at, quiet_since, wait_start, wait_length, wait_firm, reason, reason_words)
VALUES (4, 1, 'add_cc', NULL, NULL, '["kasse@reisen.example"]', '00000000-0000-4000-8000-000000000004', NULL, NULL, 0, 0,
        'held', 0, 0, 0, NULL, NULL, 1772442000000, 5000, 0, NULL, NULL),
       (5, 1, 'solve', NULL, NULL, NULL, '00000000-0000-4000-8000-000000000005', NULL, NULL, 0, 1,
        'needs_user', 0, 0, 0, NULL, NULL, NULL, NULL, 0, 'restored', NULL);
UPDATE tickets SET shared_through = 12 WHERE id = 1;
