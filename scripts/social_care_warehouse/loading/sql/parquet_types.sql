describe select *
from read_parquet(
    $path,
    binary_as_string = false,
    file_row_number = false,
    filename = false,
    hive_partitioning = false,
    union_by_name = false
)
