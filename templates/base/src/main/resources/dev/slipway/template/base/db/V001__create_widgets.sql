create table widgets (
    id          uuid        primary key default uuidv7(),
    name        text        not null constraint widgets_name_key unique,
    description text,
    version     bigint      not null default 1,
    created_at  timestamptz not null,
    updated_at  timestamptz not null
);

create index widgets_name_order on widgets (name, id);
create index widgets_created_order on widgets (created_at, id);
