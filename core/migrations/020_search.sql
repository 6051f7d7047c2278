-- The index of every text that a search finds (docs/product.md, W5; docs/decisions/0084). It is filled in the background.
CREATE TABLE search_rules (
    id              INTEGER PRIMARY KEY CHECK (id = 1),
    fold_version    INTEGER NOT NULL,           -- of the words in it
    fields          TEXT    NOT NULL            -- JSON: the product's fields whose values are in it
) STRICT;

CREATE TABLE search_documents (
    -- The rowid in search_words. A message has its own id, a subject its ticket's below 0, and values begin at 1 << 62.
    id              INTEGER PRIMARY KEY,
    ticket          INTEGER NOT NULL,
    field           TEXT,                       -- whose value it is; NULL: a message, or the subject with the number
    message         INTEGER AS (CASE WHEN id > 0 AND field IS NULL THEN id END) VIRTUAL
) STRICT;
CREATE INDEX search_documents_ticket ON search_documents (ticket);

-- The ticket of each message that has a document, in few pages. A span begins with its first message and ends where the next span begins.
-- Every message in it that has a document belongs to the span's ticket. A thread that was read at once is one span. A message that loses
-- its document changes no span.
CREATE TABLE search_spans (
    first           INTEGER PRIMARY KEY,        -- a message's id
    ticket          INTEGER NOT NULL
) STRICT;

CREATE VIRTUAL TABLE search_words USING fts5 (words, content = '', columnsize = 0, prefix = 1, tokenize = "ascii tokenchars '+#'");
INSERT INTO search_words (search_words, rank) VALUES ('secure-delete', 1);

CREATE TABLE search_articles (
    article         INTEGER PRIMARY KEY         -- the rowid in article_words
) STRICT;

CREATE VIRTUAL TABLE article_words USING fts5 (title, body, content = '', columnsize = 0, prefix = 1, tokenize = "ascii tokenchars '+#'");
INSERT INTO article_words (article_words, rank) VALUES ('secure-delete', 1);

-- What search_documents has, or should have.
CREATE VIEW search_texts AS
SELECT t.id AS ticket, NULL AS message, NULL AS field, t.subject || ' ' || ifnull(t.number, '') AS text
FROM tickets t WHERE t.visible
UNION ALL
SELECT m.ticket, m.id, NULL, m.body FROM messages m WHERE (SELECT t.visible FROM tickets t WHERE t.id = m.ticket)
UNION ALL
SELECT v.ticket, NULL, v.field, CASE WHEN json_valid(v.value) THEN ifnull(v.value ->> '$.value', '') ELSE '' END
FROM field_values v
WHERE (SELECT t.visible FROM tickets t WHERE t.id = v.ticket)
  AND EXISTS (SELECT 1 FROM search_rules r, json_each(r.fields) f WHERE f.value = v.field);

-- The next two triggers do the same: SQLite has no trigger for inserts and updates.
CREATE TRIGGER documents_span_new AFTER INSERT ON search_documents
WHEN NEW.id > 0 AND NEW.field IS NULL
     AND (SELECT s.ticket FROM search_spans s WHERE s.first <= NEW.id ORDER BY s.first DESC LIMIT 1) IS NOT NEW.ticket
BEGIN
    -- The messages behind this one keep their ticket.
    INSERT INTO search_spans (first, ticket)
    SELECT d.id, d.ticket FROM search_documents d
    WHERE d.id = (SELECT min(n.id) FROM search_documents n WHERE n.id > NEW.id) AND d.field IS NULL
      AND NOT EXISTS (SELECT 1 FROM search_spans s WHERE s.first > NEW.id AND s.first <= d.id);
    INSERT INTO search_spans (first, ticket) VALUES (NEW.id, NEW.ticket) ON CONFLICT (first) DO UPDATE SET ticket = NEW.ticket;
END;
CREATE TRIGGER documents_span_moved AFTER UPDATE OF ticket ON search_documents
WHEN NEW.id > 0 AND NEW.field IS NULL
     AND (SELECT s.ticket FROM search_spans s WHERE s.first <= NEW.id ORDER BY s.first DESC LIMIT 1) IS NOT NEW.ticket
BEGIN
    -- The messages behind this one keep their ticket.
    INSERT INTO search_spans (first, ticket)
    SELECT d.id, d.ticket FROM search_documents d
    WHERE d.id = (SELECT min(n.id) FROM search_documents n WHERE n.id > NEW.id) AND d.field IS NULL
      AND NOT EXISTS (SELECT 1 FROM search_spans s WHERE s.first > NEW.id AND s.first <= d.id);
    INSERT INTO search_spans (first, ticket) VALUES (NEW.id, NEW.ticket) ON CONFLICT (first) DO UPDATE SET ticket = NEW.ticket;
END;

CREATE TRIGGER tickets_search_new AFTER INSERT ON tickets WHEN NEW.visible AND EXISTS (SELECT 1 FROM search_rules) BEGIN
    INSERT INTO search_documents (id, ticket) VALUES (-NEW.id, NEW.id);
    INSERT INTO search_words (rowid, words) VALUES (-NEW.id, search_tokens(NEW.subject || ' ' || ifnull(NEW.number, '')));
END;
CREATE TRIGGER tickets_search_changed AFTER UPDATE OF subject, number ON tickets
WHEN OLD.visible AND NEW.visible AND (OLD.subject, OLD.number) IS NOT (NEW.subject, NEW.number) AND EXISTS (SELECT 1 FROM search_rules)
BEGIN
    INSERT INTO search_words (search_words, rowid, words)
    SELECT 'delete', d.id, search_tokens(OLD.subject || ' ' || ifnull(OLD.number, ''))
    FROM search_documents d WHERE d.id = -NEW.id;
    INSERT INTO search_words (rowid, words)
    SELECT d.id, search_tokens(NEW.subject || ' ' || ifnull(NEW.number, ''))
    FROM search_documents d WHERE d.id = -NEW.id;
END;
CREATE TRIGGER tickets_search_hidden AFTER UPDATE OF visible ON tickets
WHEN OLD.visible AND NOT NEW.visible AND EXISTS (SELECT 1 FROM search_rules)
BEGIN
    INSERT INTO search_words (search_words, rowid, words)
    SELECT 'delete', d.id, search_tokens(OLD.subject || ' ' || ifnull(OLD.number, ''))
    FROM search_documents d WHERE d.id = -NEW.id;
    INSERT INTO search_words (search_words, rowid, words)
    SELECT 'delete', d.id, search_tokens(m.body)
    FROM search_documents d JOIN messages m ON m.id = d.id WHERE d.ticket = NEW.id;
    INSERT INTO search_words (search_words, rowid, words)
    SELECT 'delete', d.id, search_tokens(CASE WHEN json_valid(v.value) THEN ifnull(v.value ->> '$.value', '') ELSE '' END)
    FROM search_documents d JOIN field_values v ON v.ticket = d.ticket AND v.field = d.field WHERE d.ticket = NEW.id AND d.id > 1 << 62;
    DELETE FROM search_documents WHERE ticket = NEW.id;
END;
CREATE TRIGGER tickets_search_shown AFTER UPDATE OF visible ON tickets
WHEN NEW.visible AND NOT OLD.visible AND EXISTS (SELECT 1 FROM search_rules)
BEGIN
    INSERT INTO search_documents (id, ticket, field)
    SELECT CASE WHEN x.message IS NOT NULL THEN x.message
                WHEN x.field IS NULL THEN -x.ticket
                ELSE (SELECT ifnull(max(d.id), 1 << 62) FROM search_documents d WHERE d.id > 1 << 62) + row_number() OVER (PARTITION BY x.field IS NULL) END,
           x.ticket, x.field
    FROM search_texts x WHERE x.ticket = NEW.id;
    INSERT INTO search_words (rowid, words)
    SELECT d.id, search_tokens(x.text)
    FROM search_documents d JOIN search_texts x ON x.ticket = d.ticket AND x.message IS d.message AND x.field IS d.field
    WHERE d.ticket = NEW.id;
END;
CREATE TRIGGER tickets_search_gone AFTER DELETE ON tickets BEGIN
    INSERT INTO search_words (search_words, rowid, words)
    SELECT 'delete', d.id, search_tokens(OLD.subject || ' ' || ifnull(OLD.number, ''))
    FROM search_documents d WHERE d.id = -OLD.id AND EXISTS (SELECT 1 FROM search_rules);
    DELETE FROM search_documents WHERE id = -OLD.id;
END;

CREATE TRIGGER messages_search_new AFTER INSERT ON messages
WHEN EXISTS (SELECT 1 FROM search_rules) AND (SELECT t.visible FROM tickets t WHERE t.id = NEW.ticket)
BEGIN
    INSERT INTO search_documents (id, ticket) VALUES (NEW.id, NEW.ticket);
    INSERT INTO search_words (rowid, words) VALUES (NEW.id, search_tokens(NEW.body));
END;
CREATE TRIGGER messages_search_changed AFTER UPDATE OF body ON messages
WHEN OLD.body <> NEW.body AND EXISTS (SELECT 1 FROM search_rules)
BEGIN
    INSERT INTO search_words (search_words, rowid, words)
    SELECT 'delete', d.id, search_tokens(OLD.body) FROM search_documents d WHERE d.id = NEW.id;
    INSERT INTO search_words (rowid, words)
    SELECT d.id, search_tokens(NEW.body) FROM search_documents d WHERE d.id = NEW.id;
END;
CREATE TRIGGER messages_search_moved AFTER UPDATE OF ticket ON messages WHEN OLD.ticket <> NEW.ticket BEGIN
    UPDATE search_documents SET ticket = NEW.ticket WHERE id = NEW.id;
END;
CREATE TRIGGER messages_search_gone AFTER DELETE ON messages BEGIN
    INSERT INTO search_words (search_words, rowid, words)
    SELECT 'delete', d.id, search_tokens(OLD.body) FROM search_documents d
    WHERE d.id = OLD.id AND EXISTS (SELECT 1 FROM search_rules);
    DELETE FROM search_documents WHERE id = OLD.id;
END;

CREATE TRIGGER field_values_search_new AFTER INSERT ON field_values
WHEN EXISTS (SELECT 1 FROM search_rules r, json_each(r.fields) f WHERE f.value = NEW.field)
     AND (SELECT t.visible FROM tickets t WHERE t.id = NEW.ticket)
BEGIN
    INSERT INTO search_documents (id, ticket, field)
    SELECT ifnull(max(d.id), 1 << 62) + 1, NEW.ticket, NEW.field FROM search_documents d WHERE d.id > 1 << 62;
    INSERT INTO search_words (rowid, words)
    SELECT d.id, search_tokens(CASE WHEN json_valid(NEW.value) THEN ifnull(NEW.value ->> '$.value', '') ELSE '' END)
    FROM search_documents d WHERE d.ticket = NEW.ticket AND d.id > 1 << 62 AND d.field = NEW.field;
END;
CREATE TRIGGER field_values_search_changed AFTER UPDATE OF value ON field_values
WHEN OLD.value <> NEW.value AND EXISTS (SELECT 1 FROM search_rules r, json_each(r.fields) f WHERE f.value = NEW.field)
BEGIN
    INSERT INTO search_words (search_words, rowid, words)
    SELECT 'delete', d.id, search_tokens(CASE WHEN json_valid(OLD.value) THEN ifnull(OLD.value ->> '$.value', '') ELSE '' END)
    FROM search_documents d WHERE d.ticket = NEW.ticket AND d.id > 1 << 62 AND d.field = NEW.field;
    INSERT INTO search_words (rowid, words)
    SELECT d.id, search_tokens(CASE WHEN json_valid(NEW.value) THEN ifnull(NEW.value ->> '$.value', '') ELSE '' END)
    FROM search_documents d WHERE d.ticket = NEW.ticket AND d.id > 1 << 62 AND d.field = NEW.field;
END;
CREATE TRIGGER field_values_search_gone AFTER DELETE ON field_values BEGIN
    INSERT INTO search_words (search_words, rowid, words)
    SELECT 'delete', d.id, search_tokens(CASE WHEN json_valid(OLD.value) THEN ifnull(OLD.value ->> '$.value', '') ELSE '' END)
    FROM search_documents d
    WHERE d.ticket = OLD.ticket AND d.id > 1 << 62 AND d.field = OLD.field AND EXISTS (SELECT 1 FROM search_rules);
    DELETE FROM search_documents WHERE ticket = OLD.ticket AND id > 1 << 62 AND field = OLD.field;
END;

CREATE TRIGGER articles_search_new AFTER INSERT ON articles WHEN EXISTS (SELECT 1 FROM search_rules) BEGIN
    INSERT INTO search_articles (article) VALUES (NEW.id);
    INSERT INTO article_words (rowid, title, body) VALUES (NEW.id, search_tokens(NEW.title), search_tokens(NEW.body));
END;
CREATE TRIGGER articles_search_changed AFTER UPDATE OF title, body ON articles
WHEN (OLD.title, OLD.body) IS NOT (NEW.title, NEW.body) AND EXISTS (SELECT 1 FROM search_rules)
BEGIN
    INSERT INTO article_words (article_words, rowid, title, body)
    SELECT 'delete', a.article, search_tokens(OLD.title), search_tokens(OLD.body) FROM search_articles a WHERE a.article = NEW.id;
    INSERT INTO article_words (rowid, title, body)
    SELECT a.article, search_tokens(NEW.title), search_tokens(NEW.body) FROM search_articles a WHERE a.article = NEW.id;
END;
CREATE TRIGGER articles_search_gone AFTER DELETE ON articles BEGIN
    INSERT INTO article_words (article_words, rowid, title, body)
    SELECT 'delete', a.article, search_tokens(OLD.title), search_tokens(OLD.body) FROM search_articles a
    WHERE a.article = OLD.id AND EXISTS (SELECT 1 FROM search_rules);
    DELETE FROM search_articles WHERE article = OLD.id;
END;
