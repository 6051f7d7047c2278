-- New texts come into the index of searches together, at the end of their transaction (docs/decisions/0084).
CREATE TABLE new_documents (
    id              INTEGER PRIMARY KEY         -- as in search_documents
) STRICT;

DROP TRIGGER tickets_search_new;
CREATE TRIGGER tickets_search_new AFTER INSERT ON tickets WHEN EXISTS (SELECT 1 FROM search_rules) BEGIN
    INSERT INTO new_documents (id) SELECT -NEW.id WHERE NOT EXISTS (SELECT 1 FROM new_documents WHERE id = -NEW.id);
END;

DROP TRIGGER messages_search_new;
CREATE TRIGGER messages_search_new AFTER INSERT ON messages WHEN EXISTS (SELECT 1 FROM search_rules) BEGIN
    INSERT INTO new_documents (id) SELECT NEW.id WHERE NOT EXISTS (SELECT 1 FROM new_documents WHERE id = NEW.id);
END;
