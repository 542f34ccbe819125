-- Events to be published: written in the transaction that made them true, relayed in id order, kept 24 h so that a topic can be rebuilt.
create table outbox (
  id           bigint generated always as identity primary key,
  event_id     uuid        not null unique,
  topic        text        not null,
  key          text        not null,
  headers      text        not null,
  body         text        not null,
  created_at   timestamptz not null,
  published_at timestamptz
);
create index outbox_unpublished on outbox (id) where published_at is null;
create index outbox_published_at on outbox (published_at) where published_at is not null;

-- Wakes the relay at commit, whichever instance wrote the row.
create function outbox_notify() returns trigger language plpgsql as $$
begin
  perform pg_notify('outbox', '');
  return null;
end $$;
create trigger outbox_inserted after insert on outbox for each statement execute function outbox_notify();

-- Events already handled: written in the transaction that handled them, so a duplicate changes nothing.
create table inbox (
  consumer    text        not null,
  event_id    uuid        not null,
  received_at timestamptz not null,
  primary key (consumer, event_id)
);
create index inbox_received_at on inbox (received_at);
