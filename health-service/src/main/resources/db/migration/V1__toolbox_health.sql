create table toolbox_health (
  toolbox_id           uuid primary key,
  account_id           text        not null,
  generation           bigint      not null,
  status               text        not null,
  reason               text,
  message              text,
  since                timestamptz not null,
  watched_since        timestamptz not null,
  announced_generation bigint      not null default 0,
  docker_lost_at       timestamptz,
  last_heartbeat_at    timestamptz,
  last_heartbeat       text,
  findings             text,
  look_again_at        timestamptz,
  sequence             bigint      not null default 0,
  lifecycle_sequence   bigint      not null default 0,
  version              bigint      not null default 0,
  updated_at           timestamptz not null
);
create index toolbox_health_look_again_at on toolbox_health (look_again_at) where look_again_at is not null;
