select
    count(*) as n_rows,
    {measures}
from {source}
