select
    dataset,
    read_as,
    file_name,
    bytes,
    sha256
from raw.load_files
