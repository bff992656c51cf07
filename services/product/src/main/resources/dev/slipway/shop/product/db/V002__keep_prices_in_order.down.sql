alter table prices drop constraint prices_end_after_begin;
