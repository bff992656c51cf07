create table notes (
    id   uuid primary key default uuidv7(),
    name text not null,
    text text not null
);
