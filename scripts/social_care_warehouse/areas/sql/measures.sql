select distinct measure
from intermediate.int_area_covariate
order by measure
