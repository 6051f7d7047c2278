-- A ticket that follows another one.
UPDATE tickets SET follows = NULL WHERE id = 1;
UPDATE tickets SET follows = 4711 WHERE id = 1;
