create table new_warehouse.raw.load_files (
    file_name varchar,
    dataset varchar,
    format varchar,
    delimiter varchar,
    encoding varchar,
    is_compressed boolean,
    sha256 varchar,
    bytes bigint,
    lines bigint,
    blank_lines bigint,
    rows_loaded bigint,
    rows_rejected bigint,
    unused_columns varchar,
    same_rows_as varchar,
    read_as varchar,
    loaded_at timestamp
);

create table new_warehouse.raw.unused_files (
    file_name varchar,
    reason varchar,
    loaded_at timestamp
);

create table new_warehouse.raw.rejected_lines (
    dataset varchar,
    _source_file varchar,
    _source_line bigint,
    reason varchar,
    n_lines bigint,
    line_text varchar,
    _loaded_at timestamp
)
