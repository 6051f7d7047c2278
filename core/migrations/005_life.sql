-- What a file remembers of its own life.

-- The newest comment that was known of a ticket whose thread was let go (after a rescue, or a sign-out that kept what
-- waits): what the user wrote earlier must not be taken for what is waiting now.
ALTER TABLE tickets ADD COLUMN known_through INTEGER;

-- The file was made anew from a damaged one, and the user was not told yet: how many writes and drafts were rescued
-- (NULL: nothing to tell), and whether some could not be read.
ALTER TABLE account ADD COLUMN rescued INTEGER;
ALTER TABLE account ADD COLUMN rescue_lost INTEGER;
