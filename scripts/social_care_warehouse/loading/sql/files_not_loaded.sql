select
    file_name,
    reason
from raw.unused_files
