-- Row numbers are not known yet: counting rows while reading would keep DuckDB to one thread
-- (number_rows.sql does it afterwards, from the order in which the rows were stored).
insert into new_warehouse.raw.{table} (
    {columns}, _source_file, _source_line, _source_row, _loaded_at
)
select
    {cells}, $source_file, 0, 0, $loaded_at
from {source}
