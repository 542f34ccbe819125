-- A replayed letter that failed again is shown with its successor: both are of one event.
create index dead_letters_event on dead_letters (event_id, received_at);
