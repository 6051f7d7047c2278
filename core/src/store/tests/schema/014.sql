-- A comment with a structure.
UPDATE messages SET structure = '{"b":[{"f":0,"t":2,"s":[{"f":0,"t":2,"x":1}]}]}' WHERE id = 1;
-- The draft of a reply with a bold word.
UPDATE drafts SET formats = '[{"from":0,"to":2,"bold":true}]' WHERE ticket IS NOT NULL;
