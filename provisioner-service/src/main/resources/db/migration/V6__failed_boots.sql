-- Droplets in a row that did not come up: the first is replaced, the second is given up.
alter table account_tool_environments add column failed_boots integer not null default 0;
