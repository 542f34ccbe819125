-- The end of a droplet's boot log, told with the stage that failed.
alter table toolbox_timeline add column log_tail text;
