-- What a build made, and what somebody else put into the warehouse.
select
    'table' as kind,
    schema_name,
    table_name
from duckdb_tables()
where database_name = current_database() and schema_name <> 'raw' and not internal

union all

select
    'view' as kind,
    schema_name,
    view_name
from duckdb_views()
where database_name = current_database() and schema_name <> 'raw' and not internal

order by kind desc
