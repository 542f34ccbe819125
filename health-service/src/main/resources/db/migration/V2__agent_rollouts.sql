-- Which image a toolbox's agent runs from, as its newest heartbeat says; and whether its droplet is known to be gone.
alter table toolbox_health
  add column agent_image     text,
  add column agent_digest    text,
  add column agent_upgrade   text,
  add column droplet_lost_at timestamptz;
-- Who runs from another image than the one that is wanted: once a rollout is complete, next to nobody.
create index toolbox_health_agent_digest on toolbox_health (agent_digest) where status = 'healthy' and agent_digest is not null;

-- A rollout of one image of the agent. Decided upon only under this row's lock.
create table agent_rollout (
  id               uuid primary key,
  image_version    text        not null,
  images           text        not null,
  digest           text        not null,
  canaries         integer     not null,
  bake_seconds     bigint      not null,
  deadline_seconds bigint      not null,
  at_once          integer     not null,
  max_failures     integer     not null,
  fleet            integer     not null,
  state            text        not null check (state in ('canary', 'rolling', 'halted', 'complete', 'rolling_back', 'rolled_back')),
  resumes          text        check (resumes in ('canary', 'rolling')),
  reason           text,
  since            timestamptz not null,
  started_by       text        not null,
  started_at       timestamptz not null
);
-- One at a time.
create unique index agent_rollout_open on agent_rollout ((true)) where state in ('canary', 'rolling', 'halted', 'rolling_back');
create index agent_rollout_started_at on agent_rollout (started_at desc);

-- The droplets that were asked. Written only under the lock of their rollout.
create table agent_rollout_member (
  id            uuid primary key,
  rollout_id    uuid        not null references agent_rollout (id),
  toolbox_id    uuid        not null,
  account_id    text        not null,
  generation    bigint      not null,
  canary        boolean     not null,
  from_image    text        not null,
  from_version  text        not null,
  phase         text        not null,
  since         timestamptz not null,
  healthy_since timestamptz,
  failed_before boolean     not null default false,
  reason        text,
  unique (rollout_id, toolbox_id, generation)
);
create index agent_rollout_member_phase on agent_rollout_member (rollout_id, phase, canary);
-- Nobody is moved by two rollouts at the same time.
create unique index agent_rollout_member_in_motion on agent_rollout_member (toolbox_id) where phase in ('requested', 'moved', 'returning');

-- Who did what to a rollout, when and why; what the service decided by itself too. Only ever added to.
create table agent_rollout_audit (
  id         bigint generated always as identity primary key,
  rollout_id uuid        not null references agent_rollout (id),
  action     text        not null,
  by         text        not null,
  reason     text,
  at         timestamptz not null
);
create index agent_rollout_audit_rollout on agent_rollout_audit (rollout_id, id);
