-- What one cloud token still allows, shared by all instances. Decided by RateBudget; `token` is a fingerprint, never the token.
create table cloud_budget (
  token        text primary key,
  available    double precision not null,
  at           timestamptz      not null,
  closed_until timestamptz      not null,
  refusals     integer          not null
);

-- Droplets with our fleet tag that no toolbox owns: quarantined first, deleted after the grace period. Rows are kept: they say what
-- was deleted and why. state: quarantined, deleted, released (it has an owner again), gone (it went by itself).
create table orphan_droplets (
  droplet_id bigint primary key,
  name       text        not null,
  tags       text        not null,
  reason     text        not null,
  state      text        not null,
  first_seen timestamptz not null,
  changed_at timestamptz not null,
  deleted_at timestamptz
);
create index orphan_droplets_quarantined on orphan_droplets (state) where state = 'quarantined';

-- Why the sweep stands still; no row while it does not.
create table orphan_breaker (
  name       text primary key,
  held_since timestamptz not null,
  reason     text        not null,
  found      integer     not null,
  most       integer     not null
);

-- Operators' words that so many orphans are right. Kept: they say who allowed what.
create table orphan_allowances (
  id            bigint generated always as identity primary key,
  up_to         integer     not null,
  who           text        not null,
  why           text        not null,
  allowed_at    timestamptz not null,
  allowed_until timestamptz not null
);
