create table new_warehouse.raw.{table} (
    {columns},
    _source_file varchar,
    _source_line bigint,
    _source_row bigint,
    _loaded_at timestamp
)
