-- All nodes of the schema, the root first, each followed by its children.
select
    name,
    coalesce(num_children, 0) as n_children,
    coalesce(type = 'INT96', false) as is_old_timestamp
from parquet_schema($path)
