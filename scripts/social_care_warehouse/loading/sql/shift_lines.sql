-- For a file with lines that are not rows (blank or rejected): the gaps say, from which row on, how many
-- such lines came before. Joined to the narrow row numbers only, so that it stays small in memory.
update new_warehouse.raw.{table} as loaded
set _source_line = loaded.rowid - $first_rowid + 2 + gap.lines_before
from gap
where loaded.rowid >= gap.first_rowid
    and loaded.rowid < gap.next_first_rowid
