-- Boot stages are published on a topic of their own and counted for themselves.
alter table account_tool_environments add column boot_sequence bigint not null default 0;
