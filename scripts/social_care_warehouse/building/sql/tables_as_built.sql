-- The tables and views that are there, and have as many rows as when they were built.
select
    built.schema_name,
    built.table_name
from meta.table_rows as built
inner join duckdb_tables() as found
    on built.schema_name = found.schema_name and built.table_name = found.table_name
where found.database_name = current_database() and built.n_rows = found.estimated_size

union all

select
    schema_name,
    view_name
from duckdb_views()
where database_name = current_database() and not internal
