-- A comment that came by mail, and one of a chat.
UPDATE messages SET channel = 'email' WHERE id = 1;
UPDATE messages SET channel = 'native_messaging' WHERE id = 2;
