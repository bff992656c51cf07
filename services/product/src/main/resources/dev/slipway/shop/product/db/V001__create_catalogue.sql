create table products (
    id          uuid        primary key default uuidv7(),
    slug        text        not null constraint products_slug_key unique,
    name        text        not null,
    description text        not null,
    status      text        not null check (status in ('DRAFT', 'ACTIVE', 'RETIRED')),
    version     bigint      not null default 1,
    created_at  timestamptz not null,
    updated_at  timestamptz not null
);

-- The lists of everybody, and those of staff.
create index products_status_name_order on products (status, name, id);
create index products_status_created_order on products (status, created_at, id);
create index products_name_order on products (name, id);
create index products_created_order on products (created_at, id);

create table variants (
    id         uuid    primary key default uuidv7(),
    product_id uuid    not null references products on delete cascade,
    sku        text    not null constraint variants_sku_key unique,
    name       text    not null,
    attributes jsonb   not null,
    position   integer not null,
    constraint variants_of_product unique (product_id, sku)
);

-- A price is never changed: the next one ends it.
create table prices (
    id         bigint      primary key generated always as identity,
    variant_id uuid        not null references variants on delete cascade,
    currency   text        not null check (currency ~ '^[A-Z]{3}$'),
    amount     bigint      not null check (amount >= 0),
    valid_from timestamptz not null,
    valid_to   timestamptz
);

create unique index prices_current on prices (variant_id, currency) where valid_to is null;
create index prices_current_range on prices (currency, amount) include (variant_id) where valid_to is null;
create index prices_history on prices (variant_id, id desc);
