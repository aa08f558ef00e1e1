select
    schema_name || '.' || table_name as table_name,
    estimated_size as n_rows
from duckdb_tables()
where schema_name = 'marts' or (schema_name = 'quality' and table_name <> 'row_outcome')
order by schema_name, table_name
