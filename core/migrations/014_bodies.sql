-- What of a message's text is what: paragraphs, lists, quotes, links, pictures. JSON (model/body/structure.rs); NULL for plain text.
-- Rows that were stored before have none until their thread is next read. A large table, so it gets its column as in
-- 007_real_servers.sql.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema
SET sql = replace(sql, 'UNIQUE (ticket, comment)', 'structure TEXT, UNIQUE (ticket, comment)')
WHERE type = 'table' AND name = 'messages';
PRAGMA writable_schema = RESET;

-- What of a reply that is being typed is bold, italic or a link. JSON (model/body/structure.rs); NULL for plain text.
ALTER TABLE drafts ADD COLUMN formats TEXT;

-- The addresses of links are part of what was written.
DROP TRIGGER messages_redacted;
CREATE TRIGGER messages_redacted AFTER UPDATE OF body, attachments, structure ON messages
WHEN old.comment IS NOT NULL
     AND (old.body, old.attachments, old.structure) IS NOT (new.body, new.attachments, new.structure)
BEGIN UPDATE account SET secure_delete_from = 1; END;

-- The server can say that it has deleted a file, and still list it.
DROP TRIGGER attachments_changed;
CREATE TRIGGER attachments_changed AFTER UPDATE OF attachments ON messages WHEN OLD.attachments <> NEW.attachments BEGIN
    DELETE FROM downloads
    WHERE message = NEW.id
      AND NOT EXISTS (SELECT 1 FROM json_each(CASE WHEN json_valid(NEW.attachments) THEN NEW.attachments ELSE '[]' END) AS now
                      JOIN json_each(CASE WHEN json_valid(OLD.attachments) THEN OLD.attachments ELSE '[]' END) AS before USING (key)
                      WHERE now.key = downloads.attachment_index AND now.value ->> 'id' = downloads.attachment
                        AND now.value ->> 'size' = downloads.size
                        AND now.value ->> 'name' = before.value ->> 'name'
                        AND NOT ifnull(now.value ->> 'deleted', 0));
END;
