create or replace table warehouse.raw.{table} as
select *
from new_warehouse.raw.{table}
