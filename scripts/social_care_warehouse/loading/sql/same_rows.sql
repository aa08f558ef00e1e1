update new_warehouse.raw.load_files
set same_rows_as = $same_rows_as
where file_name = $file_name
