-- What shall run on each toolbox, as its agent gets it: the deployer's last word, kept here so that it is read while the deployer is away.
create table toolbox_manifest (
  toolbox_id       uuid        primary key references toolbox_view (id),
  generation       bigint      not null,
  document         text        not null,
  -- the newest generation its agent was woken for; only the waker writes it
  woken_generation bigint      not null default 0,
  updated_at       timestamptz not null
);
create index toolbox_manifest_to_wake on toolbox_manifest (updated_at) where woken_generation < generation;
