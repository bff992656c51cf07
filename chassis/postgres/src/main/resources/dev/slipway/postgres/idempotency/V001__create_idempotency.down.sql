drop table slipway_idempotency;
