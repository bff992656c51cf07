create table slipway_idempotency (
  id bytea primary key,
  fingerprint text not null,
  answer text not null,
  expires_at timestamptz not null
);
create index slipway_idempotency_expires_at on slipway_idempotency (expires_at);
