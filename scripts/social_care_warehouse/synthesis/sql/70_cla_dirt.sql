-- First it is said which rows are struck by what, then it is done to them; so that it
-- can be told after.
create or replace table cla_dirt as
select
    cla_row.row_id,
    cla_row.child_number,
    cla_row.reporting_year,
    cla_row.episode_number,
    date_form.code as date_form,
    flag_form.code as flag_form,
    blank_form.code as blank_form,
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
