{% macro utc_seconds(text) %}
    {#- Seconds since 1970 in UTC of a text such as 2011-04-30 23:00:00+00:00, whatever the time zone of
        the session. NULL where it cannot be read. -#}
    {{ return(adapter.dispatch('utc_seconds', 'social_care_warehouse')(text)) }}
{% endmacro %}

{% macro default__utc_seconds(text) -%}
    epoch({{ try_cast(text, 'timestamp with time zone') }})
{%- endmacro %}

{% macro spark__utc_seconds(text) -%}
    unix_seconds({{ try_cast(text, 'timestamp') }})
{%- endmacro %}
