-- Cells are taken by position: names that differ in case only would clash.
(
    select {cells}
    from read_parquet(
        $path,
        binary_as_string = false,
        file_row_number = {numbers},
        filename = false,
        hive_partitioning = false,
        union_by_name = false
    )
    where {where}
) as delivered
