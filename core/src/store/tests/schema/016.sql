-- A help centre in the middle of a complete read, with an article that was answered and one whose answer waits.
UPDATE help_center SET state = 'here', language = 'de', locale = 'de', number = 3, reading = 1, cursor = 'row=100', pages = 1,
    read_at = 1767225600000, asked_at = 1767225600001, failures = 1, wait_start = 1767225600002, wait_length = 8000;
INSERT INTO article_categories (id, name, position, number) VALUES (360001100001, 'Auszahlungen & Steuern', 0, 3);
INSERT INTO article_sections (id, category, parent, name, position, number) VALUES (360002200001, 360001100001, NULL, 'Überweisungen', 0, 3),
    (360002200002, NULL, 360002200001, 'SEPA', 1, 2);
INSERT INTO articles (id, section, title, body, structure, pictures, shortened, locale, source_locale, updated_at, edited_at, outdated, promoted, position, number)
VALUES (360003300001, 360002200001, 'Wann kommt meine Überweisung an? 💶', 'In ein bis zwei Tagen.', '{"parts":[]}',
     '[{"name":"Beleg.png","content_type":"image/png","size":0,"id":-901,"address":"/hc/article_attachments/901/Beleg.png","inline":true}]', 0, 'de', 'en-us', 2, 1, 1, 1, 0, 3),
    (360003300002, 360002200002, 'IBAN ändern', '', NULL, '[]', 1, 'de', 'de', 2, 2, 0, 0, 1, 2);
INSERT INTO article_votes (article, helpful, sent) VALUES (360003300001, 1, 1);
INSERT INTO article_votes (article, helpful, failures, refusals, attempted, attempt_ended_at, wait_start, wait_length)
VALUES (360003300002, 0, 2, 1, 1, 1767225600003, 1767225600004, 4000);
INSERT INTO downloads (id, message, article, attachment_index, attachment, size, length, stored_as, state, problem, attempts, sha256, opened)
VALUES (3, NULL, 360003300001, 0, -901, 0, 1400, '0e.png', 'here', NULL, 0, x'0708', 3);
