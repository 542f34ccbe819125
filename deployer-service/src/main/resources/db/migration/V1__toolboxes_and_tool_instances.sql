-- What the deployer knows of each toolbox. The row is locked by whoever decides anything about the toolbox or its tools.
create table toolboxes (
  id                  uuid        primary key,
  account_id          text        not null,
  status              text        not null,
  generation          bigint      not null,
  ipv4                text,
  agent_port          integer     not null,
  healthy             boolean     not null,
  manifest_generation bigint      not null,
  -- the newest manifest generation its agent was woken for; only the waker writes it
  woken_generation    bigint      not null default 0,
  sequence            bigint      not null,
  lifecycle_sequence  bigint      not null,
  health_sequence     bigint      not null,
  report_sequence     bigint      not null,
  reported_at         timestamptz,
  version             bigint      not null,
  created_at          timestamptz not null,
  updated_at          timestamptz not null
);
create index toolboxes_to_wake on toolboxes (id) where woken_generation < manifest_generation;

create table account_tool_instances (
  id             uuid        primary key,
  toolbox_id     uuid        not null references toolboxes (id),
  account_id     text        not null,
  name           text        not null,
  image          text        not null,
  spec           text        not null,
  status         text        not null check (status in
                   ('pending', 'deploying', 'running', 'stopped', 'restarting', 'failed', 'removing', 'removed')),
  standing       text        not null check (standing in ('waiting', 'listed', 'refused', 'gone')),
  desired        text        not null check (desired in ('running', 'stopped', 'removed')),
  revision       bigint      not null,
  restarts       bigint      not null,
  -- generation of the manifest that asks for the restart, or that is the first without the tool
  asked_in       bigint      not null,
  container_id   text,
  error_code     text,
  error_message  text,
  error_action   text,
  log_tail       text,
  deadline_at    timestamptz,
  version        bigint      not null,
  created_at     timestamptz not null,
  updated_at     timestamptz not null
);
create index account_tool_instances_toolbox on account_tool_instances (toolbox_id) where status <> 'removed';
create index account_tool_instances_account on account_tool_instances (account_id);
create index account_tool_instances_due on account_tool_instances (deadline_at) where deadline_at is not null;
create unique index account_tool_instances_name on account_tool_instances (toolbox_id, name)
  where standing in ('waiting', 'listed');
