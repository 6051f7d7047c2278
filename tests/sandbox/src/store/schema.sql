-- The server's whole state. Times are whole seconds since 1970, as the service itself keeps them.

-- The account's set-up: ticket fields, custom statuses and settings, as one JSON object.
CREATE TABLE account (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    set_up TEXT NOT NULL
) STRICT;

CREATE TABLE organizations (
    id     INTEGER PRIMARY KEY,
    name   TEXT NOT NULL,
    shared TEXT NOT NULL DEFAULT 'own' CHECK (shared IN ('own', 'view', 'comment'))
) STRICT;

CREATE TABLE users (
    id              INTEGER PRIMARY KEY,
    name            TEXT NOT NULL,
    email           TEXT NOT NULL UNIQUE, -- lower case
    role            TEXT NOT NULL CHECK (role IN ('end-user', 'administrator', 'agent')),
    organization_id INTEGER REFERENCES organizations (id), -- the default one of the user's memberships
    shared          TEXT NOT NULL DEFAULT 'own' CHECK (shared IN ('own', 'view', 'comment')),
    locale          TEXT NOT NULL,
    token           TEXT UNIQUE           -- NULL: cannot sign in
) STRICT;

CREATE TABLE memberships (
    id              INTEGER PRIMARY KEY,
    user_id         INTEGER NOT NULL REFERENCES users (id),
    organization_id INTEGER NOT NULL REFERENCES organizations (id),
    UNIQUE (user_id, organization_id)
) STRICT;

CREATE TABLE tickets (
    id               INTEGER PRIMARY KEY,
    requester_id     INTEGER NOT NULL REFERENCES users (id),
    organization_id  INTEGER REFERENCES organizations (id),
    assignee_id      INTEGER REFERENCES users (id),
    subject          TEXT NOT NULL,
    status           TEXT NOT NULL CHECK (status IN ('new', 'open', 'pending', 'hold', 'solved', 'closed')),
    custom_status_id INTEGER,              -- NULL: the default one of the status
    priority         TEXT,
    type             TEXT,
    channel          TEXT NOT NULL,
    issue_type       TEXT,
    access           INTEGER,              -- the checkbox: NULL was never set
    client_reference TEXT,
    followup_of      INTEGER,
    created_at       INTEGER NOT NULL,
    updated_at       INTEGER NOT NULL,
    shuffle          INTEGER NOT NULL      -- the place in the order of cursor pages
) STRICT;
CREATE INDEX tickets_of_requester ON tickets (requester_id, shuffle);
CREATE INDEX tickets_of_organization ON tickets (organization_id, shuffle);
CREATE INDEX tickets_by_update ON tickets (updated_at);
CREATE INDEX tickets_by_shuffle ON tickets (shuffle);
CREATE INDEX tickets_by_reference ON tickets (client_reference) WHERE client_reference IS NOT NULL;

-- The values of custom fields that have no column in `tickets`, as JSON.
CREATE TABLE field_values (
    ticket_id INTEGER NOT NULL REFERENCES tickets (id),
    field_id  INTEGER NOT NULL,
    value     TEXT NOT NULL,
    PRIMARY KEY (ticket_id, field_id)
) STRICT, WITHOUT ROWID;

-- The first comment of a ticket is its description.
CREATE TABLE comments (
    id         INTEGER PRIMARY KEY,
    ticket_id  INTEGER NOT NULL REFERENCES tickets (id),
    author_id  INTEGER NOT NULL REFERENCES users (id),
    body       TEXT NOT NULL,
    html       TEXT,                       -- NULL: made from the body
    public     INTEGER NOT NULL,
    channel    TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX comments_of_ticket ON comments (ticket_id, id);

-- A file belongs to an upload token until a comment takes it.
CREATE TABLE attachments (
    id           INTEGER PRIMARY KEY,
    comment_id   INTEGER REFERENCES comments (id),
    upload_token TEXT,
    secret       TEXT NOT NULL UNIQUE,     -- the part of content_url that cannot be guessed
    file_name    TEXT NOT NULL,
    content_type TEXT NOT NULL,
    bytes        BLOB NOT NULL
) STRICT;
CREATE INDEX attachments_of_comment ON attachments (comment_id);
CREATE INDEX attachments_of_upload ON attachments (upload_token);

CREATE TABLE uploads (
    token      TEXT PRIMARY KEY,
    user_id    INTEGER NOT NULL REFERENCES users (id),
    expires_at INTEGER NOT NULL,
    used       INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE ccs (
    ticket_id INTEGER NOT NULL REFERENCES tickets (id),
    user_id   INTEGER NOT NULL REFERENCES users (id),
    PRIMARY KEY (ticket_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX ccs_of_user ON ccs (user_id);

-- A CC address gets one mail per ticket.
CREATE TABLE mails (
    id        INTEGER PRIMARY KEY,
    ticket_id INTEGER NOT NULL REFERENCES tickets (id),
    address   TEXT NOT NULL,
    sent_at   INTEGER NOT NULL,
    UNIQUE (ticket_id, address)
) STRICT;

-- Tickets that are hidden from one user.
CREATE TABLE revocations (
    ticket_id INTEGER NOT NULL REFERENCES tickets (id),
    user_id   INTEGER NOT NULL REFERENCES users (id),
    PRIMARY KEY (ticket_id, user_id)
) STRICT, WITHOUT ROWID;

-- How far a user has read a thread. An extension of this server: the service has no read marks.
CREATE TABLE read_marks (
    ticket_id  INTEGER NOT NULL REFERENCES tickets (id),
    user_id    INTEGER NOT NULL REFERENCES users (id),
    comment_id INTEGER NOT NULL,
    PRIMARY KEY (ticket_id, user_id)
) STRICT, WITHOUT ROWID;

-- When somebody sent a new request without signing in.
CREATE TABLE anonymous_requests (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL
) STRICT;

CREATE TABLE idempotency_keys (
    user_id INTEGER NOT NULL,
    key     TEXT NOT NULL,
    digest  TEXT NOT NULL,                 -- of the request body
    answer  TEXT NOT NULL,
    used_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, key)
) STRICT;

-- What requesters said about solved tickets.
CREATE TABLE ratings (
    ticket_id INTEGER PRIMARY KEY REFERENCES tickets (id),
    score     TEXT NOT NULL,               -- good or bad, or a number of a survey's scale
    comment   TEXT,
    given_at  INTEGER NOT NULL
) STRICT;

-- The records of the custom object `proxy_login`.
CREATE TABLE proxy_logins (
    external_id TEXT PRIMARY KEY,
    ticket_id   INTEGER NOT NULL REFERENCES tickets (id),
    user_id     INTEGER NOT NULL REFERENCES users (id),
    allowed     INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL
) STRICT;

-- The help centre's articles.
CREATE TABLE articles (
    id            INTEGER PRIMARY KEY,
    section_id    INTEGER NOT NULL,
    position      INTEGER NOT NULL,
    promoted      INTEGER NOT NULL,
    source_locale TEXT NOT NULL,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    broken        INTEGER NOT NULL DEFAULT 0   -- its row is sent in a form that no app can read
) STRICT;

-- Their texts in each language.
CREATE TABLE article_texts (
    article_id INTEGER NOT NULL REFERENCES articles (id),
    locale     TEXT NOT NULL,
    title      TEXT NOT NULL,
    body       TEXT NOT NULL,
    draft      INTEGER NOT NULL DEFAULT 0,
    outdated   INTEGER NOT NULL DEFAULT 0,
    edited_at  INTEGER NOT NULL,
    PRIMARY KEY (article_id, locale)
) STRICT;
CREATE INDEX article_texts_locale ON article_texts (locale);

-- What users said about them.
CREATE TABLE article_votes (
    id         INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES articles (id),
    user_id    INTEGER NOT NULL REFERENCES users (id),
    value      INTEGER NOT NULL,           -- 1 or -1
    created_at INTEGER NOT NULL,
    UNIQUE (article_id, user_id)
) STRICT;
