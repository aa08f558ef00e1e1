-- What a cell looks like. Only counts of the answers are ever shown, never a cell. The patterns take
-- white space around a value, because trim() costs more than they do.

-- A value may have quotes around it, as spreadsheets and other programs write them: ="1", '1, b'1'.

-- An identifier that went through a number and lost digits: 1.23457E+11, 1e+05, 1.0E17, 1.2D+11.
-- The pattern is slow, so it reads only what is short or has one of the marks that it needs.
create temp macro is_damaged_identifier(cell) as
    case
        when cell is null or length(cell) < 3 then false
        when
            length(cell) < 10
            or contains(cell, '.') or contains(cell, ',') or contains(cell, '+') or contains(cell, ' ')
            then regexp_full_match(
                cell,
                '[\s="''b]*([-+]?[0-9]+([.,][0-9]*[eEdD][-+ ]?|[eE][+ ])[0-9]+|[-+]?(?i:inf|infinity))["''\s]*'
            )
        else false
    end;

-- Spreadsheets keep 15 digits of a number and write zeros for the others.
create temp macro is_cut_identifier(cell) as
    length(cell) > 15
    and right(cell, 1) in ('0', '"', chr(39))
    and regexp_full_match(cell, '[\s="'']*[1-9][0-9]{2}(,?[0-9]{3}){4}[0,]*0["''\s]*');

-- The words that programs write for a missing value are short and have no digit.
create temp macro is_blank(cell) as
    case
        when cell is null or cell = '' then true
        when length(cell) < 8 or contains(cell, ' ') or starts_with(cell, '#')
            then regexp_full_match(cell, '\s*([^0-9]{0,7}|#+)\s*')
        else false
    end;

-- Words of other kinds, such as the types of columns in a second header, are no blanks.
create temp macro is_blank_or_word_for_it(cell) as
    cell is null
    or regexp_full_match(
        cell,
        '\s*((?i)[(<\[]?(null|na|n/a|nan|none|nat|missing|blank)[)>\]]?|#[a-z0/]+[!?]?|\\n|[.][a-z]?|[-.]*)\s*'
    );

create temp macro is_first_over_12(cell) as
    regexp_full_match(
        cell,
        '[\s="''b]*((1[3-9]|2[0-9]|3[01])[-/.](0?[1-9]|1[0-2])[-/.][0-9]{4}([^0-9].*)?'
        || '|(19|20)[0-9]{2}[-/.](0?[1-9]|1[0-2])[-/.](1[3-9]|2[0-9]|3[01])([^0-9].*)?)'
    );

create temp macro is_second_over_12(cell) as
    regexp_full_match(
        cell,
        '[\s="''b]*((0?[1-9]|1[0-2])[-/.](1[3-9]|2[0-9]|3[01])[-/.][0-9]{4}([^0-9].*)?'
        || '|(19|20)[0-9]{2}[-/.](1[3-9]|2[0-9]|3[01])[-/.](0?[1-9]|1[0-2])([^0-9].*)?)'
    );

-- Midnight in summer as a program writes it that keeps times in UTC: the date is of the day before.
create temp macro is_an_hour_early(cell) as
    regexp_full_match(
        upper(cell),
        '.*[0-9][ T:]+(23(:?00){1,2}([.,:]0*)?|11(:00){0,2}([.:]0*)? ?PM)["''\s]*'
    );

-- Whether a value can be what its column should hold. Staging decides what it is; this
-- only finds columns that hold something else, such as the day numbers of a spreadsheet.
-- Each kind has a macro, or a query over fifty columns would compile every pattern for each column.
create temp macro is_a_date(cell) as
    regexp_matches(cell, '(^|[^0-9])(19|20)[0-9]{2}([^0-9]|$)|(19|20)[0-9]{6}');
create temp macro is_a_year(cell) as regexp_matches(cell, '(19|20)[0-9]{2}');
create temp macro is_a_years(cell) as is_a_year(cell);
create temp macro is_a_flag(cell) as
    regexp_full_match(
        cell,
        '[\s="'']*b?["'']?([-+]?0*[01]?([.,]0*)?|(?i)y|yes|n|no|t|true|f|false)["''\s]*'
    );
create temp macro is_a_number(cell) as
    regexp_full_match(cell, '[\s="'']*b?["'']?[-+]?[0-9]+([.,][0-9]*)?["''\s]*');
create temp macro is_a_decimal(cell) as
    regexp_full_match(
        cell,
        '[\s="'']*b?["'']?[-+]?([0-9]+[.,]?|[.,][0-9])[0-9]*([eE][-+]?[0-9]+)?["''\s]*'
    );

-- A label in a typed column counts 1. A value of the type of its column outweighs all labels of a row.
create temp macro label_points(cell, is_of_its_kind, n_columns) as
    case
        when is_blank_or_word_for_it(cell) then 0
        when is_of_its_kind then -n_columns
        else 1
    end;

-- Only a year that looks like one is shown: anything else in its column can be a person's value.
create temp macro first_year(cell) as
    cast(nullif(regexp_extract(
        trim(cell, ' "''=b' || chr(9)), '^((19|20)[0-9][0-9])[/-]?([0-9][0-9])?[0-9][0-9]$', 1
    ), '') as integer);

-- The text of an identifier that a file holds as a floating-point number. Whole numbers are exact
-- below a limit; from there on neighbouring identifiers are the same number, which scientific
-- notation shows.
create temp macro identifier_text(number, limit_of_exact) as
    case
        when abs(number) >= limit_of_exact then format('{:.16e}', cast(number as double))
        -- DuckDB may work this out for a number above the limit too.
        when number = trunc(number) then cast(try_cast(number as bigint) as varchar)
        else cast(number as varchar)
    end;

-- A cell without what another form of the file adds or leaves out: a blank for NULL, the decimals of
-- a whole number, the midnight of a date.
create temp macro comparable(cell) as
    regexp_replace(
        trim(coalesce(cell, '')),
        '^(?i:nan|nat|none|null|<na>|na|n/a|[.])$|[.]0+$|[ T]00:00(:00([.]0+)?)?(Z|[+]0[01](:?00)?)?$',
        ''
    );
