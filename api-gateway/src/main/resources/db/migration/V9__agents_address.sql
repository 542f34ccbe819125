-- The address an agent called last, where it is not the one at which agents shall call.
alter table toolbox_view add column agent_calls text;
