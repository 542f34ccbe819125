-- Who was heard when, one row for each partition of the heartbeats' topic: written now and then by the instance that reads the partition.
create table heartbeat_partitions (
  partition   integer       primary key,
  epoch       bigint        not null, -- rises with each instance that takes the partition over: what an earlier one still writes is refused
  next_offset bigint        not null, -- every beat before it is in the database; the next owner reads on from here
  stored_at   timestamptz,            -- until when beats are in heard_at
  toolbox_ids uuid[]        not null default '{}',
  generations bigint[]      not null default '{}',
  heard_at    timestamptz[] not null default '{}'
);
