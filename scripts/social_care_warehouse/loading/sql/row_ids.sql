select
    count(*) as n_rows,
    min(rowid) as first_rowid,
    max(rowid) as last_rowid
from new_warehouse.raw.{table}
where rowid between $first_rowid and $last_rowid and _source_file = $file_name
