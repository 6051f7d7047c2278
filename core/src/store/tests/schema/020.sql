-- The index of searches has what is written from now on, and a rebuild has come to the second ticket.
INSERT INTO search_rules (id, fold_version, fields) VALUES (1, 1, '["escalation_id"]');
INSERT INTO rebuilds (what, next_ticket) VALUES ('search', 2), ('search_articles', 0);
INSERT INTO search_documents (id, ticket, field) SELECT coalesce(message, CASE WHEN field IS NULL THEN -ticket ELSE (1 << 62) + 1 END), ticket, field FROM search_texts WHERE ticket = 1;
INSERT INTO search_words (rowid, words)
SELECT d.id, search_tokens(x.text)
FROM search_texts x JOIN search_documents d ON d.ticket = x.ticket AND d.message IS x.message AND d.field IS x.field;
INSERT INTO search_articles (article) SELECT id FROM articles;
INSERT INTO article_words (rowid, title, body) SELECT id, search_tokens(title), search_tokens(body) FROM articles;
