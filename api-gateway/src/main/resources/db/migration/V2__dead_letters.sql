-- Every event that a service gave up on, as it stands on its dead-letter topic; what operators look at and replay.
-- publish_at is set from the moment an operator has it replayed until it stands on the replay topic.
create table dead_letters (
  id               uuid primary key,
  state            text        not null check (state in ('new', 'replayed', 'discarded')),
  service          text        not null,
  topic            text        not null,
  position         text        not null,
  source           text,
  event_id         text,
  event_type       text,
  toolbox_id       uuid,
  account_id       text,
  tool_instance_id uuid,
  generation       bigint      not null,
  code             text        not null,
  cause            text        not null,
  stack            text,
  unreadable       text,
  attempts         integer     not null,
  first_failure_at timestamptz not null,
  last_failure_at  timestamptz not null,
  trace_id         text,
  key              text,
  headers          text        not null,
  body             bytea       not null,
  received_at      timestamptz not null,
  publish_at       timestamptz,
  replayed_at      timestamptz,
  discarded_at     timestamptz
);
create index dead_letters_received on dead_letters (received_at desc, id desc);
create index dead_letters_new on dead_letters (received_at, id) where state = 'new';
create index dead_letters_toolbox on dead_letters (toolbox_id) where state = 'new';
create index dead_letters_publish_at on dead_letters (publish_at) where publish_at is not null;

-- Who did what to a letter, when and why. Only ever added to.
create table dead_letter_audit (
  id        bigint generated always as identity primary key,
  letter_id uuid        not null,
  action    text        not null,
  by        text        not null,
  reason    text,
  at        timestamptz not null
);
create index dead_letter_audit_letter on dead_letter_audit (letter_id, id);

-- Events that wait on a retry topic for their next attempt. A row says nothing once its time has passed.
create table event_retries (
  service          text        not null,
  event_id         text        not null,
  event_type       text,
  toolbox_id       uuid        not null,
  account_id       text        not null,
  tool_instance_id uuid,
  attempt          integer     not null,
  attempts         integer     not null,
  next_at          timestamptz not null,
  code             text        not null,
  cause            text        not null,
  primary key (service, event_id)
);
create index event_retries_toolbox on event_retries (toolbox_id);
create index event_retries_next_at on event_retries (next_at);

-- The last delay the provisioner told of; gone with its next event.
alter table toolbox_view
  add column delay_attempt     integer,
  add column delay_next_at     timestamptz,
  add column delay_gives_up_at timestamptz,
  add column delay_code        text,
  add column delay_message     text;

-- A letter or a retry changes the page of its toolbox; only of one that its account really has.
create function trouble_changed() returns trigger language plpgsql as $$
begin
  perform pg_notify('view_changed', v.account_id || ' ' || v.id || ' ' || coalesce(t.id::text, '-'))
    from toolbox_view v left join tool_view t on t.id = new.tool_instance_id and t.toolbox_id = v.id
    where v.id = new.toolbox_id and v.account_id = new.account_id;
  return null;
end $$;
create trigger dead_letter_changed after insert or update of state on dead_letters for each row execute function trouble_changed();
create trigger event_retry_changed after insert or update on event_retries for each row execute function trouble_changed();
