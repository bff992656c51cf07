create table widgets (
  id uuid primary key,
  name text not null constraint widgets_name_taken unique,
  amount integer not null default 0 constraint widgets_amount_positive check (amount >= 0),
  note text,
  version integer not null default 1,
  created_at timestamptz not null default now()
);
