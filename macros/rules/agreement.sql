{% macro comparable_years(answers, availability, dataset, first_columns, second_columns) %}
    select years.academic_year
    from (select distinct academic_year from {{ answers }}) as years
    where
        {% for columns in [first_columns, second_columns] %}
        {% if not loop.first %}and {% endif %}exists (
            select 1 as one
            from {{ availability }} as filled
            where
                filled.dataset = '{{ dataset }}'
                and filled.column_name in ('{{ columns | join("', '") }}')
                and {{ reporting_year_named('years.academic_year') }}
                between filled.first_year and coalesce(filled.last_year, 9999)
        )
        {% endfor %}
{% endmacro %}

{% macro agreement(answers, comparable, first_method, second_method) %}
    with totals as (
        select
            academic_year,
            count(*) as n_persons,
            count(*) filter (where {{ first_method }} and {{ second_method }}) as n_both,
            count(*) filter (where {{ first_method }}) as n_first,
            count(*) filter (where {{ second_method }}) as n_second
        from {{ answers }}
        group by academic_year
    ),

    shares as (
        select
            totals.*,
            totals.n_persons - totals.n_first - totals.n_second + totals.n_both
                as n_neither,
            comparable.academic_year is not null
            or totals.academic_year in ('all', 'all comparable years') as is_comparable,
            cast(totals.n_first as double) / totals.n_persons as first_share,
            cast(totals.n_second as double) / totals.n_persons as second_share
        from totals
        left join {{ comparable }} as comparable
            on totals.academic_year = comparable.academic_year
    ),

    measures as (
        select
            *,
            cast(n_both + n_neither as double) / n_persons as observed,
            first_share * second_share + (1 - first_share) * (1 - second_share)
                as expected,
            -- Where both methods give every person the same answer, there is no
            -- agreement beyond chance to measure.
            (n_first = 0 and n_second = 0)
            or (n_first = n_persons and n_second = n_persons) as is_all_alike,
            case when n_second > 0 then cast(n_both as double) / n_second end
                as first_sensitivity,
            case
                when n_persons > n_second
                    then cast(n_neither as double) / (n_persons - n_second)
            end as first_specificity,
            case when n_first > 0 then cast(n_both as double) / n_first end
                as second_sensitivity,
            case
                when n_persons > n_first
                    then cast(n_neither as double) / (n_persons - n_first)
            end as second_specificity
        from shares
    ),

    pairs as (
        select
            first_answers.answer as {{ first_method }},
            second_answers.answer as {{ second_method }}
        from (select true as answer union all select false as answer) as first_answers
        cross join (select true as answer union all select false as answer)
            as second_answers
    )

    select
        measures.academic_year,
        pairs.{{ first_method }},
        pairs.{{ second_method }},
        case
            when pairs.{{ first_method }} and pairs.{{ second_method }}
                then measures.n_both
            when pairs.{{ first_method }} then measures.n_first - measures.n_both
            when pairs.{{ second_method }} then measures.n_second - measures.n_both
            else measures.n_neither
        end as n_persons,
        measures.n_persons as n_persons_in_year,
        measures.is_comparable,
        case when measures.is_comparable then {{ rounded('100 * measures.observed', 2) }} end
            as agreement_percent,
        case
            when measures.is_comparable and not measures.is_all_alike
                then {{ rounded(
                    '(measures.observed - measures.expected)'
                    ~ ' / (1 - measures.expected)',
                    4
                ) }}
        end as cohens_kappa,
        case
            when measures.is_comparable
                then {{ rounded('100 * measures.first_sensitivity', 2) }}
        end as {{ first_method }}_sensitivity_percent,
        case
            when measures.is_comparable
                then {{ rounded('100 * measures.first_specificity', 2) }}
        end as {{ first_method }}_specificity_percent,
        case
            when measures.is_comparable
                then {{ rounded('100 * measures.second_sensitivity', 2) }}
        end as {{ second_method }}_sensitivity_percent,
        case
            when measures.is_comparable
                then {{ rounded('100 * measures.second_specificity', 2) }}
        end as {{ second_method }}_specificity_percent
    from measures
    cross join pairs
{% endmacro %}
