-- A variant that its product names no longer stays with its prices, which have ended. Its SKU is free.
alter table variants add column left_at timestamptz;
alter table variants drop constraint variants_sku_key, drop constraint variants_of_product;
create unique index variants_sku_key on variants (sku) where left_at is null;
create index variants_of_product on variants (product_id, sku);
