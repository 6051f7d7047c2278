-- A reply that was looked for in vain, on a file that knows its installation; and what colleagues have read.
UPDATE outbox SET quiet_since = 1772441956000, begun = 1, restored = 1 WHERE id = 1;
UPDATE account SET installation = 'i-1';
UPDATE tickets SET shared_through = 12 WHERE id = 1;
