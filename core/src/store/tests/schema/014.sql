-- A comment with a structure.
UPDATE messages SET structure = '{"b":[{"f":0,"t":2,"s":[{"f":0,"t":2,"x":1}]}]}' WHERE id = 1;
