create table tags (
    name text primary key
);
