-- The tables. Every row belongs to a layer: an immutable seed, or the changes of one world.
-- Words in braces are spelled differently by SQLite and PostgreSQL; see schema.py.
-- Times are seconds since 1970 unless a comment says otherwise. Statements end with an empty line.

CREATE TABLE about (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE layers (
    id {serial},
    seed TEXT,               -- what a seeded layer was generated from, in words
    fingerprint TEXT UNIQUE, -- equal for layers of equal rows
    recipe TEXT              -- the world file that leads to a seeded layer, as JSON
);

CREATE TABLE worlds (
    layer BIGINT PRIMARY KEY REFERENCES layers (id),
    name TEXT NOT NULL UNIQUE,
    base BIGINT NOT NULL REFERENCES layers (id),
    changes BIGINT NOT NULL, -- writes so far; 0: the seed as it is
    clock BIGINT,            -- the world's own time; null: the server's
    since BIGINT,            -- the real time since which it runs; null: it is frozen
    first_clock BIGINT,      -- its own time when it was opened
    acts BIGINT NOT NULL,    -- of simulated activity, so far
    named SMALLINT NOT NULL, -- 1: opened or imported by name
    created BIGINT NOT NULL,
    used BIGINT NOT NULL     -- microseconds since 1970
);

CREATE TABLE snapshots (
    layer BIGINT PRIMARY KEY REFERENCES layers (id),
    world TEXT NOT NULL,
    name TEXT NOT NULL,
    base BIGINT NOT NULL REFERENCES layers (id),
    changes BIGINT NOT NULL,
    clock BIGINT,
    since BIGINT,
    acts BIGINT NOT NULL,
    created BIGINT NOT NULL,
    UNIQUE (world, name)
);

CREATE TABLE workspaces (
    layer BIGINT NOT NULL,
    id BIGINT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (layer, id)
);

CREATE TABLE users (
    layer BIGINT NOT NULL,
    id BIGINT NOT NULL,
    workspace BIGINT NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    avatar_url TEXT,
    timezone TEXT,
    has_left SMALLINT NOT NULL,
    role TEXT NOT NULL,
    assignee {bytes} NOT NULL, -- rendered as a ticket's assignee
    actor {bytes} NOT NULL,    -- rendered as an activity's user
    PRIMARY KEY (layer, id)
);

CREATE TABLE tokens (
    layer BIGINT NOT NULL,
    token TEXT NOT NULL,
    position BIGINT NOT NULL,  -- in the world file
    user_id BIGINT NOT NULL,
    state TEXT NOT NULL,
    readonly SMALLINT NOT NULL,
    PRIMARY KEY (layer, token)
);

CREATE TABLE teams (
    layer BIGINT NOT NULL,
    id BIGINT NOT NULL,
    workspace BIGINT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (layer, id)
);

CREATE TABLE channels (
    layer BIGINT NOT NULL,
    id BIGINT NOT NULL,
    workspace BIGINT NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    color TEXT NOT NULL,
    PRIMARY KEY (layer, id)
);

CREATE TABLE tags (
    layer BIGINT NOT NULL,
    id BIGINT NOT NULL,
    workspace BIGINT NOT NULL,
    ulid TEXT NOT NULL,
    name TEXT NOT NULL,
    color TEXT NOT NULL,
    PRIMARY KEY (layer, id)
);

CREATE TABLE contacts (
    layer BIGINT NOT NULL,
    id BIGINT NOT NULL,
    workspace BIGINT NOT NULL,
    ulid TEXT NOT NULL,
    name TEXT,
    email TEXT NOT NULL,
    avatar_url TEXT,
    notes TEXT,
    search_name TEXT {binary} NOT NULL,  -- case-folded, for filters and sorts
    search_email TEXT {binary} NOT NULL,
    PRIMARY KEY (layer, id)
);

CREATE INDEX contacts_by_email ON contacts (layer, search_email);

CREATE TABLE texts (
    key {key},
    text TEXT NOT NULL       -- subject and messages, case-folded, for search
);

-- Narrow rows: lists are filtered and sorted on the indexes alone.
CREATE TABLE tickets (
    layer BIGINT NOT NULL,
    id BIGINT NOT NULL,
    workspace BIGINT NOT NULL,
    ulid TEXT NOT NULL,       -- in upper case
    status TEXT NOT NULL,
    channel BIGINT NOT NULL,
    assignee BIGINT NOT NULL, -- 0: unassigned, as NULL would need a condition of its own
    contact BIGINT NOT NULL,
    team BIGINT,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    active BIGINT NOT NULL,
    text BIGINT NOT NULL,     -- a key of texts; worlds share the seed's
    PRIMARY KEY (layer, id)
) {clustered};

CREATE INDEX tickets_by_created ON tickets
    (layer, workspace, created, id, status, channel, assignee);

CREATE INDEX tickets_by_updated ON tickets
    (layer, workspace, updated, id, status, channel, assignee);

CREATE INDEX tickets_by_active ON tickets
    (layer, workspace, active, id, status, channel, assignee);

CREATE INDEX tickets_by_ulid ON tickets (layer, ulid);

CREATE INDEX tickets_by_contact ON tickets (layer, workspace, contact, updated, id);

CREATE INDEX tickets_by_text ON tickets
    (text, layer, workspace, status, channel, assignee, created, updated, active);

CREATE TABLE items (
    layer BIGINT NOT NULL,
    id BIGINT NOT NULL,
    item {bytes} NOT NULL,    -- the list item as JSON
    rest {bytes},             -- what the contract's list item leaves out, if anything
    PRIMARY KEY (layer, id)
);

CREATE TABLE ticket_tags (
    layer BIGINT NOT NULL,
    ticket BIGINT NOT NULL,
    tag BIGINT NOT NULL,
    position SMALLINT NOT NULL, -- among the ticket's tags
    PRIMARY KEY (layer, ticket, tag)
) {clustered};

CREATE INDEX ticket_tags_by_tag ON ticket_tags (layer, tag, ticket);

-- Totals without counting rows; those of a world's own layer may be negative.
CREATE TABLE ticket_counts (
    layer BIGINT NOT NULL,
    workspace BIGINT NOT NULL,
    status TEXT NOT NULL,
    channel BIGINT NOT NULL,
    assignee BIGINT NOT NULL,
    tickets BIGINT NOT NULL,
    PRIMARY KEY (layer, workspace, status, channel, assignee)
) {clustered};

CREATE TABLE messages (
    layer BIGINT NOT NULL,
    id BIGINT NOT NULL,
    ticket BIGINT NOT NULL,
    created BIGINT NOT NULL,
    ulid TEXT NOT NULL,
    type TEXT NOT NULL,
    user_id BIGINT,           -- the sender: a user,
    contact BIGINT,           -- or a contact
    forward SMALLINT NOT NULL,
    body {bytes} NOT NULL,    -- the message as JSON
    rest {bytes},             -- what the contract's message leaves out, if anything
    PRIMARY KEY (layer, id)
);

CREATE INDEX messages_by_ticket ON messages (layer, ticket, created, id);

CREATE TABLE attachments (
    layer BIGINT NOT NULL,
    id BIGINT NOT NULL,
    message BIGINT NOT NULL,
    position SMALLINT NOT NULL, -- among the message's attachments
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    size BIGINT NOT NULL,
    mime_type TEXT NOT NULL,
    PRIMARY KEY (layer, id)
);

CREATE TABLE activities (
    id {key},
    layer BIGINT NOT NULL,
    ticket BIGINT NOT NULL,
    created BIGINT NOT NULL,
    type TEXT NOT NULL,
    user_id BIGINT,
    body {bytes} NOT NULL     -- the activity as JSON
);

CREATE INDEX activities_by_ticket ON activities (layer, ticket, created, id);

CREATE TABLE faults (
    id {serial},
    world TEXT NOT NULL,      -- its name, or * for every world
    fault TEXT NOT NULL,      -- as it is written, durations with their unit
    kept SMALLINT NOT NULL    -- 1: outlives a reset of its world
);

CREATE INDEX faults_by_world ON faults (world);
