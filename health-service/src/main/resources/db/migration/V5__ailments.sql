-- Also a droplet that is there can ail, and there can be more than one remedy. What was lost before this was asked to be recreated.
alter table lost_droplets
  add column ailment text not null default 'droplet_lost',
  add column remedy  text; -- what was asked for last, at asked_at; null stands for recreate_droplet
