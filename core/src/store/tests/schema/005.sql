-- A ticket whose thread was let go, and a rescue that the user does not know of yet.
UPDATE tickets SET known_through = 12 WHERE id = 1;
UPDATE account SET rescued = 4, rescue_lost = 1;
