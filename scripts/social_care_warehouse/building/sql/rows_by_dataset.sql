select
    dataset,
    sum(n_rows) filter (where step = 'file to raw') as n_lines,
    sum(n_rows) filter (where step = 'file to raw' and is_kept) as n_loaded,
    sum(n_rows) filter (where step = 'file to raw' and not is_kept) as n_rejected,
    sum(n_rows) filter (where step = 'staging to person' and is_kept) as n_linked,
    sum(n_rows) filter (where step = 'staging to person' and not is_kept) as n_unlinked
from quality.row_accounting
group by dataset
order by dataset
