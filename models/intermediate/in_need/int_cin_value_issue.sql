with cin as (
    select
        *,
        {{ reporting_year_end('academic_year_end') }} as year_end
    from {{ ref('stg_cin') }}
),

-- A year without any delivered closure does not show which cases are open.
years_with_closures as (
    select distinct academic_year
    from cin
    where closure_date is not null or reason_for_closure_code is not null
),

read as (
    {{ issues_of_columns('cin', 'academic_year', checked_columns('cin')) }}
),

contradictions as (
    select
        _source_file,
        _source_row,
        academic_year,
        'academic_year_start' as column_name,
        'blank, so that the row is in no year' as issue
    from cin
    where academic_year is null and academic_year_start_issue is null
    union all
    select
        _source_file,
        _source_row,
        academic_year,
        'closure_date' as column_name,
        'before the referral' as issue
    from cin
    where closure_date < referral_date
    union all
    select
        _source_file,
        _source_row,
        academic_year,
        'cpp_end_date' as column_name,
        'before the start of the plan' as issue
    from cin
    where cpp_end_date < cpp_start_date
    {% for column in ['referral_date', 'closure_date', 'cpp_start_date'] %}
    union all
    select
        _source_file,
        _source_row,
        academic_year,
        '{{ column }}' as column_name,
        'after the end of the reporting year' as issue
    from cin
    where {{ column }} > year_end
    {% endfor %}
    union all
    select
        _source_file,
        _source_row,
        academic_year,
        'is_child_in_need_31_march' as column_name,
        'yes although the case was closed by then' as issue
    from cin
    where is_child_in_need_31_march and closure_date <= year_end
    union all
    -- A referral without further action never becomes a case. Without a date, the
    -- reason for the closure shows that the case was closed.
    select
        cin._source_file,
        cin._source_row,
        cin.academic_year,
        'is_child_in_need_31_march' as column_name,
        'no although the case was open then' as issue
    from cin
    inner join years_with_closures
        on cin.academic_year = years_with_closures.academic_year
    where
        not cin.is_child_in_need_31_march
        and not coalesce(cin.is_referral_nfa, false)
        and cin.referral_date <= cin.year_end
        and (
            cin.closure_date > cin.year_end
            or (
                cin.closure_date is null
                and cin.closure_date_issue is null
                and cin.reason_for_closure_code is null
            )
        )
),

final as (
    select * from read
    union all
    select * from contradictions
)

select * from final
