select cast(coalesce(sum(num_rows), 0) as bigint) as n_rows
from parquet_file_metadata($path)
