-- A thread that was read to its second comment.
INSERT INTO read_positions (ticket, through) VALUES (1, 41);
