-- A running backfill, a full reconciliation that is reading lists, a used request budget, and a secure delete to do.
UPDATE lists SET walked = 200, expected = 1300, sweep_cursor = 'c-3', swept = 2 WHERE name = 'cc';
UPDATE sweep SET number = 3, state = 'walking', since = 1772441000000, early = 1;
INSERT INTO met (ticket, sweep) VALUES (1, 3), (2, 2);
UPDATE spent SET since = 1772440000000, requests = 40, bytes = 90000;
UPDATE account SET scrub = 1;
