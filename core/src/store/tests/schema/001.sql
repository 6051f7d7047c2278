-- Two tickets of the server and an unsent one; a reply that is being sent, one that waits, and drafts.
INSERT INTO account (id, account, desk, person, email, last_sync_at)
VALUES (1, 'ada', 'https://desk.example/', 9001, 'ada@reisen.example', 1772442000000);
INSERT INTO people (id, name, agent) VALUES (9001, 'Ada Lindqvist', 0), (77, 'Marta Feld', 1);
INSERT INTO tickets (id, number, reference, subject, desk_status, user_spoke_last, issue_type, access, cc, requester,
                     created_at, updated_at, last_activity, read_through, unread, has_attachments, thread_of,
                     thread_sure, noticed_at, thread_wanted, visible, unsent)
VALUES (1, 500, 'r-1', 'Auszahlung für März fehlt 🧾', 'open', 0, 'payments_finance', 1, '["bücher@reisen.example"]', 9001,
        1772441000000, 1772441900000, 1772441900000, 1772441000000, 1, 1, 1772441900000, 0, 1772441950000, 1, 1, 0),
       (2, 501, NULL, '', 'closed', NULL, NULL, NULL, '[]', 0,
        1772440000000, 1772440000000, 1772440000000, 0, 0, 0, NULL, 0, 0, 0, 0, 0),
       (3, NULL, 'r-3', 'الرجاء المساعدة', 'new', 1, 'content', 0, '[]', 9001,
        1772442000000, 1772442000000, 1772442000000, 0, 0, 0, 0, 0, 0, 0, 1, 3);
INSERT INTO messages (id, ticket, comment, author, mine, body, created_at, description, attachments, unsent)
VALUES (1, 1, 9, 9001, 1, 'Guten Tag,' || char(10) || 'sie fehlt.', 1772441000000, 1, '[]', 0),
       (2, 1, 12, 77, 0, 'Wir prüfen das.', 1772441900000, 0,
        '[{"name":"Überblick.pdf","size":1200,"content_type":"application/pdf"}]', 0),
       (3, 1, NULL, 9001, 1, 'Gibt es etwas Neues?', 1772441950000, 0, '[]', 3),
       (4, 1, NULL, 9001, 1, 'Nachtrag', 1772441960000, 0, '[]', 4),
       (5, 3, NULL, 9001, 1, 'שלום', 1772442000000, 1, '[]', 5);
INSERT INTO outbox (id, ticket, message, kind, key, body, base, state, attempts, doubts, reads, ended_at, wait_start,
                    wait_length, wait_firm, reason, reason_words)
VALUES (1, 1, 3, 'reply', '00000000-0000-4000-8000-000000000001', x'7b7d', 12, 'checking', 2, 1, 1, 1772441955000,
        1772441956000, 2000, 0, NULL, NULL),
       (2, 1, 4, 'reply', '00000000-0000-4000-8000-000000000002', NULL, NULL, 'queued', 0, 0, 0, NULL, NULL, NULL, 0,
        NULL, NULL),
       (3, 3, 5, 'create', '00000000-0000-4000-8000-000000000003', x'7b7d', NULL, 'needs_user', 1, 0, 0, NULL, NULL,
        NULL, 0, 'refused', 'Dieses Feld fehlt');
INSERT INTO drafts (id, ticket, subject, issue_type, cc, cc_entry, body, access)
VALUES ('d-1', NULL, 'Neues Anliegen', 'content', '["a@b.example"]', 'halb', 'Noch nicht fertig …', 1),
       ('d-2', 1, '', '', '[]', '', 'Danke, dass', 0);
INSERT INTO submissions (draft, ticket, message) VALUES ('d-0', 1, 3), ('d-3', 3, 5);
INSERT INTO lists (name, watermark, walk_from, walk_cursor)
VALUES ('own', 1772441900000, NULL, NULL), ('cc', NULL, 1772441000000, 'c-17');
