select coalesce(max(n_rows), 0) as n_rows
from (
    select count(*) as n_rows
    from {source}
    where not is_blank({cell})
    group by {cell}
) as frequencies
