select message, source_table
from quality.warning
order by n_rows desc, message
