-- A thread that waits, one that is read further, a list that failed, a refused operation, and what the server shows since.
UPDATE tickets SET can_solve = 0, cc_people = '[77,9001]', left_out = 2 WHERE id = 1;
UPDATE messages SET shortened = 1 WHERE id = 2;
UPDATE outbox SET refusals = 2, refusal = 'Blocked by policy', asked_through = 41 WHERE id = 3;
UPDATE lists SET failures = 3, wait_start = 1772442000000, wait_length = 8000, by_number = 1 WHERE name = 'cc';
UPDATE downloads SET length = 1203 WHERE id = 1;
INSERT INTO thread_pauses (ticket, failures, wait_start, wait_length) VALUES (1, 4, 1772442000000, 16000);
INSERT INTO thread_walks (ticket, cursor, of, as_of, pages) VALUES (1, 'c-9', 1772441900000, 1772441990000, 8);
