-- The last boot stage that was shown: their topic and the lifecycle's must not make each other's events stale.
alter table toolbox_view add column boot_sequence bigint not null default 0;
