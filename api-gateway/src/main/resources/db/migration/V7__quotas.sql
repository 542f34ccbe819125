-- What operators allow an account in place of the defaults; null: the default.
create table account_quotas (
  account_id          text primary key,
  toolboxes           int check (toolboxes >= 0),
  requests_per_minute int check (requests_per_minute > 0),
  streams             int check (streams > 0),
  changed_at          timestamptz not null
);
