with accounts as (
    select
        dataset,
        step,
        outcome,
        sum(n_rows) as n_rows
    from {{ ref('row_accounting') }}
    where not is_kept
    group by dataset, step, outcome
),

issues as (
    select
        dataset,
        column_name,
        issue,
        sum(n_rows) as n_rows
    from {{ ref('value_issues') }}
    group by dataset, column_name, issue
),

breaches as (
    select
        dataset,
        column_name,
        breach,
        sum(n_rows) as n_rows
    from {{ ref('code_list_breaches') }}
    group by dataset, column_name, breach
),

identities as (
    select count(*) as n_persons
    from {{ ref('int_pupil') }}
    where has_conflicting_moj_uid
),

other_conflicts as (
    select * from {{ ref('identity_conflicts') }}
    where kind_of_conflict <> 'pupil with more than one MoJ identifier'
),

duplicates as (
    select * from {{ ref('duplicate_rows') }}
),

in_two_authorities as (
    select
        dataset,
        sum(n_pupils_in_two_authorities) as n_pupil_years
    from {{ ref('two_authorities') }}
    group by dataset
),

empty_columns as (
    select
        dataset,
        column_name,
        count(*) as n_years,
        sum(n_rows) as n_rows
    from {{ ref('column_coverage') }}
    where finding = 'empty although expected'
    group by dataset, column_name
),

sentences as (
    select
        'row_accounting' as see,
        n_rows,
        case outcome
            when 'no pupil reference'
                then
                    dataset || ': ' || {{ counted('n_rows', 'row') }}
                    || ' without a pupil reference, so in no person mart.'
            when 'no episode start date'
                then
                    dataset || ': ' || {{ counted('n_rows', 'row') }}
                    || ' without a start date that can be read, so in no episode.'
            else
                dataset || ': ' || {{ counted('n_rows', 'line') }}
                || ' not loaded, because: ' || outcome || '.'
        end as sentence
    from accounts
    where not (step = 'staging to episode' and outcome = 'no pupil reference')
    union all
    select
        'value_issues' as see,
        n_rows,
        dataset || '.' || column_name || ': ' || issue || ' ('
        || {{ counted('n_rows', 'value') }} || ').' as sentence
    from issues
    union all
    select
        'code_list_breaches' as see,
        n_rows,
        dataset || '.' || column_name || ': ' || breach || ' ('
        || {{ counted('n_rows', 'value') }} || ').' as sentence
    from breaches
    union all
    select
        'person_highest_intervention' as see,
        n_persons as n_rows,
        {{ counted('n_persons', 'person') }} || ' with more than one MoJ identifier; '
        || 'the one delivered most often was taken.' as sentence
    from identities
    union all
    select
        'identity_conflicts' as see,
        n_found as n_rows,
        kind_of_conflict || ': ' || n_found || ' of ' || n_looked_at || '.' as sentence
    from other_conflicts
    union all
    select
        'duplicate_rows' as see,
        n_duplicate_rows as n_rows,
        dataset || ': ' || {{ counted('n_duplicate_rows', 'row') }}
        || ' delivered again, alike in every column.' as sentence
    from duplicates
    union all
    select
        'two_authorities' as see,
        n_pupil_years as n_rows,
        dataset || ': pupils with two local authorities in one year ('
        || n_pupil_years || ', added up over the years).' as sentence
    from in_two_authorities
    union all
    select
        'column_coverage' as see,
        n_rows,
        dataset || '.' || column_name || ': empty in '
        || {{ counted('n_years', 'year') }} || ' in which it should be filled.'
            as sentence
    from empty_columns
),

final as (
    select
        see,
        sentence,
        cast(n_rows as bigint) as n_rows
    from sentences
    where n_rows > 0
)

select * from final
