{% macro plausible_birth_years() %}
    {#- The first and the last year of birth that can be right. The oldest linked pupils were born in
        the 1980s. 1970, 1960 and 1900 are the years from which programs count. -#}
    {{ return((1971, 2049)) }}
{% endmacro %}
