create or replace table warehouse.raw.{table} as
select *
from warehouse.raw.{table}
where dataset in (select unnest($kept))
union all
select *
from new_warehouse.raw.{table}
