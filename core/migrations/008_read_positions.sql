-- How far each thread was read on this device: what is above it is new to the user. A thread that was never opened here has no row.
CREATE TABLE read_positions (
    ticket          INTEGER PRIMARY KEY REFERENCES tickets (id) ON DELETE CASCADE,
    through         INTEGER NOT NULL            -- the newest comment that was on this device while the thread was last on screen; 0: none
) STRICT;
