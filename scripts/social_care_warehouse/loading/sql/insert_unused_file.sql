insert into new_warehouse.raw.unused_files
values ($file_name, $reason, $loaded_at)
