{% macro datasets() %}
    {#- The datasets that have a staging model stg_<dataset> and a raw table of the same name. -#}
    {{ return(['cla', 'cin', 'population']) }}
{% endmacro %}

{% macro social_care_datasets() %}
    {#- Those whose rows have a responsible authority and, except the population, a reporting year. -#}
    {{ return(['cla', 'cin', 'population']) }}
{% endmacro %}

{% macro all_datasets() %}
    {#- The datasets of which any row makes its pupil a person. -#}
    {{ return(social_care_datasets() + ['ks4', 'absence', 'census', 'exclusion', 'offence']) }}
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
        ('cin', 'referral_source_code', 'referral_source'),
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
