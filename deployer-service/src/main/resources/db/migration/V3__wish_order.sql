-- Number of the last wish about a tool, as the gateway counts them: an earlier one that comes after it changes nothing.
alter table account_tool_instances add column wish_sequence bigint not null default 0;
