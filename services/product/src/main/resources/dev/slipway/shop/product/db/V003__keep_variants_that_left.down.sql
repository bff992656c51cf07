delete from variants where left_at is not null;
drop index variants_of_product;
drop index variants_sku_key;
alter table variants drop column left_at;
alter table variants add constraint variants_sku_key unique (sku);
alter table variants add constraint variants_of_product unique (product_id, sku);
