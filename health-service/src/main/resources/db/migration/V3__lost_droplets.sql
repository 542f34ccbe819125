-- One row for each droplet that was lost: what is to be done about it, and what was done.
create table lost_droplets (
  toolbox_id  uuid        not null,
  generation  bigint      not null,
  lost_at     timestamptz not null,
  state       text        not null,
  asked_at    timestamptz,
  alert_id    uuid,
  due_at      timestamptz,
  primary key (toolbox_id, generation)
);
create index lost_droplets_due_at on lost_droplets (due_at) where due_at is not null;
create index lost_droplets_lost_at on lost_droplets (lost_at);
create index lost_droplets_open on lost_droplets (state) where state = 'open';

-- What operators have allowed; the last word holds, for as long as it does.
create table remediation_allowances (
  id            bigint generated always as identity primary key,
  up_to         integer     not null,
  who           text        not null,
  why           text        not null,
  allowed_at    timestamptz not null,
  allowed_until timestamptz not null
);
