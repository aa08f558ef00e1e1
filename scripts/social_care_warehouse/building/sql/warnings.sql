select message, source_table
from quality.warning
order by warning_order
