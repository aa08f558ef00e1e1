select distinct outcome
from intermediate.int_area_count
order by outcome
