-- All nodes of the schema, the root first, each followed by its children.
select
    name,
    coalesce(num_children, 0) as n_children
from parquet_schema($path)
