{% macro convictions_bands() %}
    {#- The place in this list is convictions_band_rank. -#}
    {{ return(['none', 'one', 'two or more']) }}
{% endmacro %}

{% macro disposals() %}
    {#- The place in this list is highest_disposal_rank. -#}
    {{ return(['none', 'caution', 'non-custodial', 'custodial']) }}
{% endmacro %}
