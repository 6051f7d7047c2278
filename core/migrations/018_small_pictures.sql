-- The photos of agents, and thumbnails of files (docs/decisions/0082). The table of people can be large, so it gets its column as in
-- 007_real_servers.sql.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema
SET sql = replace(sql, 'agent           INTEGER NOT NULL', 'agent INTEGER NOT NULL, photo TEXT')
WHERE type = 'table' AND name = 'people';
PRAGMA writable_schema = RESET;

-- A cached copy can be a small picture, too: of the file at attachment_index, or of a person.
ALTER TABLE downloads ADD COLUMN thumbnail_of INTEGER REFERENCES messages (id) ON DELETE CASCADE;
ALTER TABLE downloads ADD COLUMN person INTEGER REFERENCES people (id) ON DELETE CASCADE;
ALTER TABLE downloads ADD COLUMN asked_in INTEGER;
CREATE UNIQUE INDEX downloads_thumbnail ON downloads (thumbnail_of, attachment_index);
CREATE UNIQUE INDEX downloads_person ON downloads (person);
CREATE INDEX downloads_failed ON downloads (state) WHERE state = 'failed';

-- A small picture of what the server took away, and a photo that it replaced, are not kept.
CREATE TRIGGER thumbnails_changed AFTER UPDATE OF attachments ON messages WHEN OLD.attachments <> NEW.attachments BEGIN
    DELETE FROM downloads
    WHERE thumbnail_of = NEW.id
      AND NOT EXISTS (SELECT 1 FROM json_each(CASE WHEN json_valid(NEW.attachments) THEN NEW.attachments ELSE '[]' END) AS now
                      JOIN json_each(CASE WHEN json_valid(OLD.attachments) THEN OLD.attachments ELSE '[]' END) AS before USING (key)
                      WHERE now.key = downloads.attachment_index AND now.value ->> 'id' = downloads.attachment
                        AND now.value ->> 'thumbnail' = before.value ->> 'thumbnail');
END;
CREATE TRIGGER photo_changed AFTER UPDATE OF photo ON people WHEN OLD.photo IS NOT NEW.photo BEGIN
    DELETE FROM downloads WHERE person = NEW.id;
END;
