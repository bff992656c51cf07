create table profiles (
    id           uuid        primary key default uuidv7(),
    email        text        not null constraint profiles_email_key unique,
    display_name text        not null,
    locale       text        not null,
    status       text        not null check (status in ('ACTIVE', 'SUSPENDED')),
    version      bigint      not null default 1,
    created_at   timestamptz not null,
    updated_at   timestamptz not null
);

create index profiles_name_order on profiles (display_name, id);
create index profiles_created_order on profiles (created_at, id);
