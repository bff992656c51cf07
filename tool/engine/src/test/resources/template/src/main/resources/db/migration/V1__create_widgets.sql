-- Every widget once.
create table widgets (
  widget_id uuid primary key,
  name text not null
);
create unique index widgets_name_key on widgets (name);
