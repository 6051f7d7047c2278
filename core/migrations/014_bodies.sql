-- What of a message's text is what: paragraphs, lists, quotes, links, pictures. JSON (model/body/structure.rs); NULL for plain text.
-- Rows that were stored before have none until their thread is next read. A large table, so it gets its column as in
-- 007_real_servers.sql.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema
SET sql = replace(sql, 'UNIQUE (ticket, comment)', 'structure TEXT, UNIQUE (ticket, comment)')
WHERE type = 'table' AND name = 'messages';
PRAGMA writable_schema = RESET;
