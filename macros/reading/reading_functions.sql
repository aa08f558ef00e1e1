{% macro create_reading_functions() %}
    {#- Before a run: stores the functions that read delivered texts in the schema staging. They name
        no table and no other function, so they work in a renamed and in an attached database. -#}
    {%- if execute -%}
        {%- do run_query('create schema if not exists staging') -%}
        {%- for function in reading_functions() -%}
            {%- do create_function(function) -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}

{% macro reading_functions() %}
    {{ return([
        {
            'name': 'staging.clean_text',
            'type': 'string',
            'expression': clean_text(rewritten('t', [('^="(.*)"$', '$1')])),
            'description': 'The text without white space at its ends. NULL for a blank and for a word that means missing.',
        },
        {
            'name': 'staging.is_blank',
            'type': 'boolean',
            'expression': '(' ~ clean_text(as_written('t')) ~ ') is null',
            'description': 'Whether a text is blank or a word for missing, also between quotes.',
        },
        {
            'name': 'staging.read_identifier',
            'type': 'string',
            'expression': read_identifier('t'),
            'description': 'An identifier. 1000.0 is 1000. NULL for scientific notation and for a text without a letter or digit.',
        },
        {
            'name': 'staging.is_plain_identifier',
            'type': 'boolean',
            'expression': is_plain_identifier('t'),
            'description': 'Whether an identifier is used as delivered, without further reading.',
        },
        {
            'name': 'staging.identifier_issue',
            'type': 'string',
            'expression': identifier_issue('t'),
            'description': 'Why a text is not an identifier. NULL where it is one, and for a blank.',
        },
        {
            'name': 'staging.read_code',
            'type': 'string',
            'expression': read_code('t'),
            'description': 'A code as the code lists write it, without a description that follows it.',
        },
        {
            'name': 'staging.read_year_group_code',
            'type': 'string',
            'expression': read_year_group_code('t'),
            'description': 'The code of a year group: 7 for 07, Y7 and Year 7.',
        },
        {
            'name': 'staging.read_flag',
            'type': 'boolean',
            'expression': read_flag('t'),
            'description': 'True or false from 1, 0, true, false, yes, no and their forms. NULL for anything else.',
        },
        {
            'name': 'staging.read_number',
            'type': 'decimal(18, 3)',
            'expression': read_number('t'),
            'description': 'A number to three decimals. NULL for anything else.',
        },
        {
            'name': 'staging.read_integer',
            'type': 'integer',
            'expression': read_integer('t'),
            'description': 'A whole number. NULL for anything else.',
        },
        {
            'name': 'staging.read_date',
            'type': 'date',
            'expression': read_date('t'),
            'description': 'A date in any form without doubt about its day, month and year. NULL for anything else.',
        },
        {
            'name': 'staging.is_month_first',
            'type': 'boolean',
            'expression': is_month_first('t'),
            'description': 'Whether a text is a date only if its month comes first, as 05/13/2011.',
        },
        {
            'name': 'staging.is_hour_early',
            'type': 'boolean',
            'expression': is_hour_early('t'),
            'description': 'Whether a text is a date at 23:00 without a time zone, which may be the midnight of the next day in summer.',
        },
        {
            'name': 'staging.read_academic_year_start',
            'type': 'integer',
            'expression': read_academic_year_start('t'),
            'description': 'The year in which an academic year starts: 2005 for 2005/06. NULL for anything else.',
        },
        {
            'name': 'staging.read_calendar_year',
            'type': 'integer',
            'expression': read_calendar_year('t'),
            'description': 'A year from 1900 to 2099. NULL for anything else.',
        },
    ]) }}
{% endmacro %}
