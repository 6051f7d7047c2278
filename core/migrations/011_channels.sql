-- The channel through which a comment came, in the server's word: what tells a mail from the transcript of a chat. NULL if the server
-- does not say, or the product does not ask. A large table, so it gets its column as in 007_real_servers.sql.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema
SET sql = replace(sql, 'UNIQUE (ticket, comment)', 'channel TEXT, UNIQUE (ticket, comment)')
WHERE type = 'table' AND name = 'messages';
PRAGMA writable_schema = RESET;
