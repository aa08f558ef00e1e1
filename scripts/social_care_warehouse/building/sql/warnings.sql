select sentence, see
from quality.warning
order by n_rows desc, sentence
