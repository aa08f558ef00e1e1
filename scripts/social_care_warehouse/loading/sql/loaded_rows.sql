(
    select {cells}
    from new_warehouse.raw.{table}
    where rowid between $first_rowid and $last_rowid
) as loaded
