-- Columns are taken by position: names that differ in case only would clash. Row numbers: see insert_text.
insert into new_warehouse.raw.{table} (
    {columns}, _source_file, _source_line, _source_row, _loaded_at
)
select
    {cells}, $source_file, null, 0, $loaded_at
from read_parquet($path)
