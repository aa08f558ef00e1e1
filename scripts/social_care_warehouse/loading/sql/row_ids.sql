select
    count(*) as n_rows,
    min(rowid) as first_rowid,
    max(rowid) as last_rowid
from new_warehouse.raw.{table}
where rowid >= $first_rowid
