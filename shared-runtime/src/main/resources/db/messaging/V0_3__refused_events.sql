-- An event that the broker refuses for good stands aside from then on, until an operator has it published again.
alter table outbox add column refused_at timestamptz;
drop index outbox_unpublished;
create index outbox_unpublished on outbox (id) where published_at is null and refused_at is null;
create index outbox_refused on outbox (key, id) where refused_at is not null;
