drop table prices;
drop table variants;
drop table products;
