{% macro datasets() %}
    {#- The datasets that have a staging model stg_<dataset> and a raw table of the same name. -#}
    {{ return(social_care_datasets() + school_datasets() + ['offence']) }}
{% endmacro %}

{% macro social_care_datasets() %}
    {#- Those whose rows have a responsible authority and, except in the population file, a reporting year. -#}
    {{ return(['cla', 'cin', 'population']) }}
{% endmacro %}

{% macro school_datasets() %}
    {#- Those whose rows belong to a school year, which ends on 31 August. -#}
    {{ return(['ks4', 'absence', 'census', 'exclusion']) }}
{% endmacro %}

{% macro all_datasets() %}
    {#- The datasets that show which persons there are: one row in any of them is enough. -#}
    {{ return(datasets()) }}
{% endmacro %}

{% macro yearly_datasets() %}
    {#- Those whose rows belong to a reporting year or a school year. -#}
    {{ return(['cla', 'cin'] + school_datasets()) }}
{% endmacro %}

{% macro last_month_of_year(dataset) -%}
    {#- The month with which the year of a row ends: a reporting year in March, a school year in August. -#}
    {{- 8 if dataset in school_datasets() + ['exclusion_slot'] else 3 -}}
{%- endmacro %}

{% macro coded_columns() %}
    {#- The columns that hold codes: dataset, column and code list (a seed in seeds/lookups). The
        exclusions of wide rows have a staging model of their own, exclusion_slot. -#}
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
        ('ks4', 'nc_year_code', 'nc_year'),
        ('ks4', 'sen_code', 'sen_provision'),
        ('absence', 'nc_year_code', 'nc_year'),
        ('absence', 'enrolment_status_code', 'enrolment_status'),
        ('absence', 'sen_code', 'sen_provision'),
        ('absence', 'ethnic_group_major_code', 'ethnic_group_major'),
        ('absence', 'local_authority_code', 'local_authority'),
        ('census', 'nc_year_code', 'nc_year'),
        ('census', 'enrolment_status_code', 'enrolment_status'),
        ('census', 'sen_code', 'sen_provision'),
        ('census', 'ethnic_group_major_code', 'ethnic_group_major'),
        ('census', 'local_authority_code', 'local_authority'),
        ('census', 'home_local_authority_code', 'local_authority'),
        ('exclusion', 'category_code', 'exclusion_category'),
        ('exclusion', 'reason_code', 'exclusion_reason'),
        ('exclusion', 'nc_year_code', 'nc_year'),
        ('exclusion_slot', 'category_code', 'exclusion_category'),
        ('exclusion_slot', 'reason_code', 'exclusion_reason'),
        ('exclusion_slot', 'nc_year_code', 'nc_year'),
        ('exclusion', 'enrolment_status_code', 'enrolment_status'),
        ('exclusion', 'sen_code', 'sen_provision'),
        ('exclusion', 'local_authority_code', 'local_authority'),
        ('offence', 'adjudication_code', 'pnc_adjudication'),
        ('offence', 'disposal_code', 'pnc_disposal'),
        ('offence', 'offence_group_code', 'pnc_offence_group'),
    ]) }}
{% endmacro %}

{% macro other_spellings() %}
    {#- What the models read in place of a code: dataset, code list, and a column of it or an expression. -#}
    {{ return([
        ('census', 'local_authority', 'ons_code'),
        ('census', 'local_authority', 'ons_code_later'),
        ('offence', 'pnc_adjudication', 'staging.read_code(label)'),
        ('offence', 'pnc_disposal', 'staging.read_code(label)'),
    ]) }}
{% endmacro %}

{% macro yearly(column, type, dataset) -%}
    {#- A column of the year for a dataset whose rows have one, else NULL of the same type. -#}
    {%- if dataset in yearly_datasets() + ['exclusion_slot'] -%} {{ column }}
    {%- else -%} cast(null as {{ type }})
    {%- endif -%}
{%- endmacro %}
