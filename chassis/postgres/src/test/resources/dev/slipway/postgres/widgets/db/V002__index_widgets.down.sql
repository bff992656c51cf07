-- slipway: no transaction
drop index concurrently widgets_created_at;
