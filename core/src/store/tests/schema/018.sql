-- The photo of an agent that is on the device, and a thumbnail that is asked for.
UPDATE people SET photo = 'https://desk.example/photos/77.png' WHERE id = 77;
INSERT INTO downloads (id, person, asked_in, attachment_index, attachment, size, length, stored_as, state, attempts, sha256, opened)
VALUES (4, 77, 1, 0, 77, 0, 900, '0f.png', 'here', 0, x'090a', 4);
INSERT INTO downloads (id, thumbnail_of, attachment_index, attachment, size, stored_as, state, attempts, opened)
VALUES (5, 1, 0, 31, 0, '10.png', 'wanted', 1, 5);
