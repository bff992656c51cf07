-- slipway: no transaction
create index concurrently if not exists widgets_created_at on widgets (created_at);
