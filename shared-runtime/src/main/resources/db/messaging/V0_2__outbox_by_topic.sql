-- Finds what a topic is rebuilt from.
create index outbox_topic on outbox (topic, created_at);
