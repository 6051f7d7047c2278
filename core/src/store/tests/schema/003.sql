-- A first walk under way, a sweep that asks for what it missed, a busy hour, and a file that is being overwritten.
UPDATE lists SET walked = 200, expected = 450, sweep_cursor = 'c-9', swept = 6 WHERE name = 'cc';
UPDATE sweep SET number = 7, state = 'asking', since = 1772441000000, early = 1, history_missing = 1;
INSERT INTO met (ticket, sweep) VALUES (1, 7), (2, 6);
UPDATE spent SET since = 1772441000000, requests = 17, bytes = 48211;
UPDATE account SET scrub = 201;
