-- A row can be made by a wish or a report that is ahead of the provisioner's word: until that comes, account_id is who said so.
alter table toolboxes add column owner_known boolean not null default true;
