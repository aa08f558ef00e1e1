copy warehouse.raw.{table} to {path} (format parquet, compression zstd)
