-- The datasets whose tables have as many rows as were loaded.
with loaded as (
    select
        dataset,
        sum(rows_loaded) as n_rows
    from raw.load_files
    group by dataset
)

select found.table_name
from duckdb_tables() as found
left join loaded on found.table_name = loaded.dataset
where
    found.database_name = current_database()
    and found.schema_name = 'raw'
    and found.estimated_size = coalesce(loaded.n_rows, 0)
