-- Clocks of several copies, or one that was read before the product was held, may have let a price end before it began.
update prices set valid_to = valid_from + interval '1 microsecond' where valid_to <= valid_from;
alter table prices add constraint prices_end_after_begin check (valid_to > valid_from);

-- A price begins when its product changes, so the next change must be later than all prices.
update products set updated_at = latest.valid_from
from (select product_id, max(valid_from) as valid_from
      from prices join variants on variants.id = prices.variant_id group by product_id) latest
where latest.product_id = products.id and products.updated_at < latest.valid_from;
