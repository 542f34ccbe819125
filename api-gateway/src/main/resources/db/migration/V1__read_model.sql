-- Keys of users and operators; only hashes.
create table api_keys (
  hash       text primary key,
  account_id text        not null,
  role       text        not null check (role in ('user', 'operator')),
  label      text        not null,
  created_at timestamptz not null,
  revoked_at timestamptz
);

-- The answer a request with an Idempotency-Key was given; kept 24 h.
create table idempotency_keys (
  account_id text        not null,
  request    text        not null,
  key        text        not null,
  body_hash  text        not null,
  created_id uuid        not null,
  created_at timestamptz not null,
  primary key (account_id, request, key)
);
create index idempotency_keys_created_at on idempotency_keys (created_at);

-- The read model: what the services' events have told. *_sequence are the fences, one for each writer.
create table toolbox_view (
  id                  uuid primary key,
  account_id          text        not null,
  name                text        not null,
  region              text        not null,
  size                text        not null,
  status              text        not null,
  status_detail       text,
  generation          bigint      not null default 1,
  droplet_id          bigint,
  ipv4                text,
  agent_port          integer,
  error_code          text,
  error_message       text,
  error_action        text,
  health_status       text,
  health_reason       text,
  health_message      text,
  health_since        timestamptz,
  manifest_generation bigint      not null default 0,
  lifecycle_sequence  bigint      not null default 0,
  health_sequence     bigint      not null default 0,
  request_sequence    bigint      not null default 0,
  version             bigint      not null default 0,
  created_at          timestamptz not null,
  updated_at          timestamptz not null
);
create index toolbox_view_account on toolbox_view (account_id, created_at desc, id desc);
create index toolbox_view_name on toolbox_view (account_id, name);

create table toolbox_timeline (
  id         bigint generated always as identity primary key,
  toolbox_id uuid        not null references toolbox_view (id),
  generation bigint      not null,
  stage      text        not null,
  at         timestamptz not null,
  detail     text
);
create index toolbox_timeline_toolbox on toolbox_timeline (toolbox_id, id);

create table tool_view (
  id            uuid primary key,
  toolbox_id    uuid        not null references toolbox_view (id),
  account_id    text        not null,
  name          text        not null,
  spec          text        not null,
  status        text        not null,
  container_id  text,
  error_code    text,
  error_message text,
  error_action  text,
  log_tail      text,
  sequence      bigint      not null default 0,
  version       bigint      not null default 0,
  created_at    timestamptz not null,
  updated_at    timestamptz not null
);
create index tool_view_toolbox on tool_view (toolbox_id, created_at);

-- Tells every gateway instance which toolbox's page has changed, at commit.
create function view_changed() returns trigger language plpgsql as $$
begin
  if tg_table_name = 'tool_view' then
    perform pg_notify('view_changed', new.account_id || ' ' || new.toolbox_id || ' ' || new.id);
  else
    perform pg_notify('view_changed', new.account_id || ' ' || new.id || ' -');
  end if;
  return null;
end $$;
create trigger toolbox_view_changed after insert or update on toolbox_view for each row execute function view_changed();
create trigger tool_view_changed after insert or update on tool_view for each row execute function view_changed();
