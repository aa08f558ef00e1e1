-- One row per kind of warning: its most important message, and how many there are.
select
    min_by(message, warning_order) as message,
    min_by(source_table, warning_order) as source_table,
    count(*) as n_warnings
from quality.warning
group by code
order by min(warning_order)
