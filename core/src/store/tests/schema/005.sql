-- A ticket whose thread was dropped, and a salvage that the user has not acknowledged.
UPDATE tickets SET known_through = 12 WHERE id = 1;
UPDATE account SET rescued = 4, rescue_lost = 1;
