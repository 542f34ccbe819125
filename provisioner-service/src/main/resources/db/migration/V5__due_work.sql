-- Wakes whoever is to act, at commit, whichever instance wrote the row: `steps` for a toolbox whose next step is due at once,
-- `fleet-watch` for a droplet on its way that is new or whose agent has joined before its address is known. A claim moves next_at
-- ahead by its lease and announces nothing; a second's grace is for clocks that differ. The time is the row's, not its transaction's:
-- one that took long before it wrote would announce nothing.
create function work_due() returns trigger language plpgsql as $$
begin
  if new.next_at <= clock_timestamp() + interval '1 second' then
    perform pg_notify('work_due', 'steps');
  end if;
  if new.state_type = 'Booting'
      and (tg_op = 'INSERT' or old.state_type <> 'Booting' or (old.agent_port is null and new.agent_port is not null)) then
    perform pg_notify('work_due', 'fleet-watch');
  end if;
  return null;
end $$;
create trigger account_tool_environments_due after insert or update on account_tool_environments
  for each row when (new.next_at is not null) execute function work_due();

-- What is on its way: there next_at is the deadline for the address. So the watch's pace is asked for without reading a toolbox.
create index account_tool_environments_booting on account_tool_environments (next_at) where state_type = 'Booting';

-- When the work that a lease is for was done last, whoever did it.
alter table leases add column done_at timestamptz;
