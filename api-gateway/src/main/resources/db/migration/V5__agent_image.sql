-- What the agent's heartbeats say it is, and the image that it shall run from: references by digest, one a line.
alter table toolbox_view
  add column agent_version        text,
  add column agent_image          text,
  add column wanted_agent_version text,
  add column wanted_agent_images  text,
  add column wanted_agent_sequence bigint not null default 0;
