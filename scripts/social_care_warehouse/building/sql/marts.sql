select
    schema_name || '.' || table_name as table_name,
    estimated_size as n_rows
from duckdb_tables()
where schema_name = 'marts'
order by table_name
