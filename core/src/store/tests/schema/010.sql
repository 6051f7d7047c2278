-- Who wrote a ticket, and a draft, without an account.
INSERT INTO requesters (ticket, name, email) VALUES (3, 'Søren Østergård', 'søren@bücher.example');
UPDATE drafts SET name = 'Søren Østergård', email = 'søren@bücher.example' WHERE id = 'd-1';
