-- Credentials that were refused, never the credentials themselves. The same refusals of one hour are one row with a count.
create table refused_credentials (
  id             bigint generated always as identity primary key,
  hour           timestamptz not null,
  credential     text        not null,
  reason         text        not null,
  toolbox_id     uuid,
  generation     bigint,
  remote_address text,
  count          bigint      not null,
  first_at       timestamptz not null,
  last_at        timestamptz not null,
  unique nulls not distinct (hour, credential, reason, toolbox_id, generation, remote_address)
);
create index refused_credentials_last_at on refused_credentials (last_at desc, id desc);
create index refused_credentials_toolbox on refused_credentials (toolbox_id, last_at desc) where toolbox_id is not null;
