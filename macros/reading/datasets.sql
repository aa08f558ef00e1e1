{% macro datasets() %}
    {#- The datasets that have a staging model stg_<dataset> and a raw table of the same name. -#}
    {{ return(['cla', 'cin', 'population']) }}
{% endmacro %}

{% macro yearly_datasets() %}
    {#- Those of them whose rows belong to an academic year. -#}
    {{ return(['cla', 'cin']) }}
{% endmacro %}

{% macro coded_columns() %}
    {#- Which column of which dataset is written in which code list (a seed in seeds/lookups). -#}
    {{ return([
        ('cla', 'placement_code', 'placement'),
        ('cla', 'legal_status_code', 'legal_status'),
        ('cla', 'reason_episode_ceased_code', 'reason_episode_ceased'),
        ('cla', 'category_of_need_code', 'category_of_need'),
        ('cla', 'local_authority_code', 'local_authority'),
        ('cin', 'primary_need_code', 'primary_need'),
        ('cin', 'reason_for_closure_code', 'reason_for_closure'),
        ('cin', 'category_of_abuse_code', 'category_of_abuse'),
        ('cin', 'initial_category_of_abuse_code', 'category_of_abuse'),
        ('cin', 'latest_category_of_abuse_code', 'category_of_abuse'),
        ('cin', 'local_authority_code', 'local_authority'),
        ('population', 'local_authority_code', 'local_authority'),
    ]) }}
{% endmacro %}

{% macro yearly(column, type, dataset) -%}
    {#- A column of the year for a dataset whose rows have one, else NULL of the same type. -#}
    {%- if dataset in yearly_datasets() -%} {{ column }}
    {%- else -%} cast(null as {{ type }})
    {%- endif -%}
{%- endmacro %}

{% macro dictionary_columns() %}
    {#- The staged columns that the dictionary of the extracts tells the years of: those that the
        seed column_availability names, in its order. A test keeps the two the same. -#}
    {{ return({
        'cla': [
            'pupil_id',
            'processing_year',
            'period_of_care_start_date',
            'period_of_care_length',
            'category_of_need_code',
            'episode_start_date',
            'episode_end_date',
            'legal_status_code',
            'placement_code',
            'reason_episode_ceased_code',
            'is_looked_after_31_march',
            'is_looked_after_6_months',
            'is_looked_after_12_months',
            'episode_index',
            'local_authority_code',
            'reason_place_change_code',
        ],
        'cin': [
            'pupil_id',
            'is_child_in_need_31_march',
            'is_referral_nfa',
            'category_of_abuse_code',
            'initial_category_of_abuse_code',
            'latest_category_of_abuse_code',
            'number_of_previous_cpp',
            'primary_need_code',
            'reason_for_closure_code',
            'age_start_of_cin_period',
            'age_end_of_cin_period',
            'referral_date',
            'closure_date',
            'cpp_start_date',
            'cpp_end_date',
            'referral_source_code',
            'local_authority_code',
        ],
    }) }}
{% endmacro %}
