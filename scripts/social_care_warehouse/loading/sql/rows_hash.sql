select
    count(*) as n_rows,
    sum(hash({cells})) as rows_hash
from {source}
