{% macro outcome_values() %}
    {#- For each outcome but those of the order: its type in the seed outcome_measures, and its value by the
        columns of int_person_outcome. 1 and 0 are yes and no, NULL is not observed. -#}
    {%- set absence = 'sessions_possible_secondary > 0' -%}
    {{ return({
        'level_2_english_maths': ('share', 'cast(ks4_level_2_english_maths as integer)'),
        'attainment_percentile': ('measure', 'round(ks4_attainment_rank)'),
        'persistent_unauthorised_absence': (
            'share',
            'case when ' ~ absence ~ ' then cast('
            ~ '10 * unauthorised_sessions_secondary >= sessions_possible_secondary as integer) end',
        ),
        'unauthorised_absence_percent': (
            'measure',
            'case when ' ~ absence ~ ' then ' ~ rounded(
                'cast(100 as double) * unauthorised_sessions_secondary'
                ~ ' / sessions_possible_secondary', 1
            ) ~ ' end',
        ),
        'any_suspension': ('share', 'cast(n_suspensions_secondary > 0 as integer)'),
        'n_suspensions': ('count', 'n_suspensions_secondary'),
        'permanently_excluded': ('share', 'cast(is_permanently_excluded as integer)'),
        'cautioned_or_convicted_10_17': (
            'share',
            'case when ' ~ offended_10_17() ~ ' then 1 when is_justice_10_17_complete '
            ~ 'and n_convictions is not null and n_cautions is not null then 0 end',
        ),
        'age_at_first_offence': (
            'measure', 'case when ' ~ offended_10_17() ~ ' then first_offence_age end'
        ),
        'cautioned': (
            'share', 'case when is_justice_complete then cast(n_cautions > 0 as integer) end'
        ),
        'convicted': (
            'share', 'case when is_justice_complete then cast(n_convictions > 0 as integer) end'
        ),
        'convicted_two_or_more': (
            'share', 'case when is_justice_complete then cast(n_convictions > 1 as integer) end'
        ),
        'n_convictions': ('count', 'case when is_justice_complete then n_convictions end'),
        'custodial': (
            'share',
            'case when is_justice_complete then cast(highest_disposal_rank = 3 as integer) end',
        ),
    }) }}
{% endmacro %}

{% macro offended_10_17() -%}
    is_justice_10_17_complete and first_offence_age < 18
{%- endmacro %}

{% macro share_outcomes() %}
    {#- The value of each outcome that is yes or no, by its name. -#}
    {%- set shares = {} -%}
    {%- for outcome, (type, value) in outcome_values().items() if type == 'share' -%}
        {%- do shares.update({outcome: value}) -%}
    {%- endfor -%}
    {{ return(shares) }}
{% endmacro %}
