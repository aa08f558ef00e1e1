{% macro ks4_measures() %}
    {#- The measures of attainment at the end of key stage 4: name, type, and the delivered columns that
        hold the measure in one year or another. The seed ks4_measure says which column counts in
        which year; a test keeps the two the same. -#}
    {{ return([
        ('level_2_english_maths', 'boolean', [
            'KS4_LEVEL2_EM', 'KS4_LEVEL2_EM_PTQ', 'KS4_LEVEL2_EM_94',
        ]),
        ('level_2', 'boolean', ['KS4_LEVEL2', 'KS4_LEVEL2_PTQ', 'KS4_LEVEL2_PTQ_EE']),
        ('level_2_english_maths_gcse_only', 'boolean', [
            'KS4_LEVEL2EM_GCSE', 'KS4_LEVEL2EM_GCSE_PTQ', 'KS4_GLEVEL2EM_PTQ_EE',
        ]),
        ('english_and_maths', 'boolean', [
            'KS4_L2BASICS', 'KS4_L2BASICS_PTQ', 'KS4_L2BASICS_PTQ_EE', 'KS4_L2BASICS_LL_PTQ_EE',
            'KS4_L2BASICS_94',
        ]),
        ('level_1', 'boolean', ['KS4_LEVEL1', 'KS4_LEVEL1_PTQ', 'KS4_LEVEL1_PTQ_EE']),
        ('any_pass', 'boolean', ['KS4_ANYPASS', 'KS4_ANYPASS_PTQ', 'KS4_ANYPASS_PTQ_EE']),
        ('ebacc', 'boolean', [
            'KS4_EBACC', 'KS4_EBACC_PTQ', 'KS4_EBACC_PTQ_EE', 'KS4_EBACC_94',
        ]),
        ('points_capped', 'number', [
            'KS4_PTSCNEWE', 'KS4_PTSCNEWE_PTQ', 'KS4_PTSCNEWE_PTQ_EE',
        ]),
        ('attainment_8', 'number', ['KS4_ATT8']),
        ('progress_8', 'number', ['KS4_P8SCORE']),
    ]) }}
{% endmacro %}

{% macro ks4_measure_columns() %}
    {#- The delivered columns of these measures as staging names them: (name, delivered column,
        kind of text). has_level2_em is KS4_LEVEL2_EM, for example. -#}
    {%- set columns = [] -%}
    {%- for measure, type, delivered_columns in ks4_measures() -%}
        {%- set kind = 'flag' if type == 'boolean' else measure | replace('_', ' ') -%}
        {%- for delivered in delivered_columns -%}
            {%- do columns.append((ks4_staged_name(delivered, type), delivered, kind)) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(columns) }}
{% endmacro %}

{% macro ks4_ranges() %}
    {#- Plausible points. The most that a pupil can have is about 550 of capped points and 90 of
        Attainment 8; Progress 8 lies within a few points of 0. -#}
    {{ return({'points capped': (0, 1000), 'attainment 8': (0, 100), 'progress 8': (-10, 10)}) }}
{% endmacro %}

{% macro ks4_staged_name(delivered, type) %}
    {%- set name = delivered | replace('KS4_', '') | lower -%}
    {{ return('has_' ~ name if type == 'boolean' else name) }}
{% endmacro %}

{% macro ks4_measure_value(measure, listed) -%}
    {#- The value of a measure: from the staged column that counts in the year of the row. `listed` is an
        alias with a column <measure>_column, the name of the delivered column in the seed ks4_measure. -#}
    {%- for name, type, delivered_columns in ks4_measures() if name == measure -%}
    case {{ listed }}.{{ measure }}_column
            {%- for delivered in delivered_columns %}
            when '{{ delivered }}' then ks4.{{ ks4_staged_name(delivered, type) }}
            {%- endfor %}
        end
    {%- endfor -%}
{%- endmacro %}
