-- Manifests are published, and the gateway wakes agents: what they read is told once more of every toolbox that is there.
alter table toolboxes rename column woken_generation to told_generation;
alter index toolboxes_to_wake rename to toolboxes_to_tell;
update toolboxes set told_generation = case when status = 'deprovisioned' then manifest_generation else 0 end;
-- Where agents are called is for the gateway to know.
alter table toolboxes drop column ipv4, drop column agent_port;
