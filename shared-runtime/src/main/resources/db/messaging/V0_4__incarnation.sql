-- Which life of this database it is: a restore begins another, whose numbers stand above all that were told before (decision 0039).
create table incarnation (
  one         boolean     primary key default true check (one),
  number      bigint      not null,
  -- of the database that this row was written in; null until a service has looked
  identity    text,
  since       timestamptz,
  -- what came later than this may be unknown to the database
  known_until timestamptz,
  recalled_at timestamptz,
  retold_at   timestamptz,
  -- an operator's word that it was restored, where nothing shows it
  declared_by text,
  declared_why text
);
insert into incarnation (number) values (0);
