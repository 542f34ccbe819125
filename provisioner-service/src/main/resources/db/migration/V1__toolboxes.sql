-- One row per toolbox. `state` (with `state_type`) is what the lifecycle works on; the columns from status to error_action are
-- written from it in the same statement, for queries and for people.
create table account_tool_environments (
  id              uuid primary key,
  account_id      text        not null,
  name            text        not null,
  region          text        not null,
  size            text        not null,
  status          text        not null,
  generation      bigint      not null,
  sequence        bigint      not null,
  droplet_id      bigint,
  ipv4            text,
  agent_port      integer,
  error_code      text,
  error_message   text,
  error_action    text,
  state_type      text        not null,
  state           text        not null,
  health_sequence bigint      not null default 0,
  traceparent     text,
  next_at         timestamptz,
  version         bigint      not null,
  created_at      timestamptz not null,
  updated_at      timestamptz not null
);
-- A deleted toolbox gives its name free.
create unique index account_tool_environments_name on account_tool_environments (account_id, name) where status <> 'deprovisioned';
create index account_tool_environments_next_at on account_tool_environments (next_at) where next_at is not null;
create index account_tool_environments_droplet on account_tool_environments (droplet_id) where droplet_id is not null;

-- Single-use: bound to the first nonce it is shown with. Only the hash is kept.
create table join_tokens (
  hash       text primary key,
  toolbox_id uuid        not null references account_tool_environments (id),
  generation bigint      not null,
  expires_at timestamptz not null,
  nonce      text,
  used_at    timestamptz,
  created_at timestamptz not null
);
create index join_tokens_toolbox on join_tokens (toolbox_id);

-- Work that only one instance does at a time.
create table leases (
  name       text primary key,
  holder     text        not null,
  expires_at timestamptz not null
);
