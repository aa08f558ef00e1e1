-- Which rows get which fault. The faults are made later, so that the truth can list them.
create or replace table cla_dirt as
select
    cla_row.row_id,
    cla_row.child_number,
    cla_row.reporting_year,
    cla_row.episode_number,
    date_form.code as date_form,
    flag_form.code as flag_form,
    year_form.code as year_form,
    struck('cla unreadable_date', cla_row.row_id) as unreadable_date,
    struck('cla placeholder_date', cla_row.row_id) as placeholder_date,
    struck('cla bad_legal_status', cla_row.row_id) as bad_legal_status,
    struck('cla bad_placement', cla_row.row_id) as bad_placement,
    struck('cla bad_reason', cla_row.row_id) as bad_reason,
    struck('cla lower_case_code', cla_row.row_id) as lower_case_code,
    struck('cla end_before_start', cla_row.row_id)
    and cla_row.episode_end_date is not null
    and not cla_row.is_open as end_before_start,
    struck('cla period_start_early', cla_row.row_id)
    and cla_row.reporting_year <= 2009 as period_start_early,
    struck('cla end_after_31_march', cla_row.row_id)
    and cla_row.later_end_date is not null as end_after_31_march,
    -- How a blank is written says nothing of a row that has none.
    if(
        cla_row.moj_uid is null
        or cla_row.pupil_id is null
        or (cla_row.episode_end_date is null and not end_after_31_march)
        or cla_row.place_change_reason is null,
        blank_form.code,
        'usual'
    ) as blank_form,
    struck('cla old_authority', cla_row.row_id)
    and cla_row.old_la_code is not null as old_authority,
    struck('cla new_episode_space', cla_row.row_id)
    and getvariable('release') = 'all-episodes' as new_episode_space,
    struck('cla duplicate_row', cla_row.row_id) as duplicate_row,
    struck('cla two_authorities', cla_row.row_id) as two_authorities,
    cla_row.second_moj_uid is not null
    and draw(cla_row.row_id, 'which moj_uid', 0) < 0.4 as second_moj_uid,
from cla_row
inner join choice_range as date_form
    on date_form.what = 'form'
    and date_form.stratum = 'date'
    and falls_in(form_draw(cla_row.row_id, 'date'), date_form.u_from, date_form.u_to)
inner join choice_range as flag_form
    on flag_form.what = 'form'
    and flag_form.stratum = 'flag'
    and falls_in(form_draw(cla_row.row_id, 'flag'), flag_form.u_from, flag_form.u_to)
inner join choice_range as blank_form
    on blank_form.what = 'form'
    and blank_form.stratum = 'blank'
    and falls_in(form_draw(cla_row.row_id, 'blank'), blank_form.u_from, blank_form.u_to)
inner join choice_range as year_form
    on year_form.what = 'form'
    and year_form.stratum = 'year'
    and falls_in(form_draw(cla_row.row_id, 'year'), year_form.u_from, year_form.u_to);
