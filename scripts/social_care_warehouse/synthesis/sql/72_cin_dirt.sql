-- Which rows of the children in need get which fault.
create or replace table cin_dirt as
select
    cin_row.row_id,
    cin_row.child_number,
    cin_row.reporting_year,
    cin_row.referral_number,
    date_form.code as date_form,
    flag_form.code as flag_form,
    blank_form.code as blank_form,
    year_form.code as year_form,
    struck('cin need_code_a', cin_row.row_id)
    and cin_row.primary_need in ('N2', 'N3', 'N4', 'N5') as need_code_a,
    struck('cin need_code_lower', cin_row.row_id)
    and cin_row.primary_need is not null as need_code_lower,
    struck('cin need_code_letter_o', cin_row.row_id) as need_code_letter_o,
    struck('cin need_code_unmapped', cin_row.row_id) as need_code_unmapped,
    struck('cin closure_lower', cin_row.row_id)
    and cin_row.closure_reason is not null as closure_lower,
    struck('cin closure_nfa', cin_row.row_id)
    and coalesce(cin_row.is_nfa, false) as closure_nfa,
    struck('cin closure_none', cin_row.row_id)
    and cin_row.closure_reason is not null as closure_none,
    struck('cin closure_unlisted', cin_row.row_id)
    and cin_row.closure_reason is not null as closure_unlisted,
    struck('cin source_unlisted', cin_row.row_id)
    and cin_row.referral_source is not null as source_unlisted,
    struck('cin bad_abuse', cin_row.row_id)
    and cin_row.initial_abuse is not null as bad_abuse,
    struck('cin unreadable_date', cin_row.row_id) as unreadable_date,
    struck('cin placeholder_date', cin_row.row_id) as placeholder_date,
    struck('cin closure_before_referral', cin_row.row_id)
    and cin_row.closure_date is not null as closure_before_referral,
    struck('cin later_copy_drifts', cin_row.row_id)
    and not cin_row.is_first_copy
    and cin_row.primary_need is not null as later_copy_drifts,
    struck('cin later_copy_nfa', cin_row.row_id)
    and not cin_row.is_first_copy
    and coalesce(not cin_row.is_nfa, false) as later_copy_nfa,
    struck('cin old_authority', cin_row.row_id)
    and cin_row.old_la_code is not null as old_authority,
    struck('cin duplicate_row', cin_row.row_id) as duplicate_row,
    struck('cin two_authorities', cin_row.row_id) as two_authorities,
    cin_row.second_moj_uid is not null
    and draw(cin_row.row_id, 'which moj_uid', 0) < 0.4 as second_moj_uid,
from cin_row
inner join choice_range as date_form
    on date_form.what = 'form'
    and date_form.stratum = 'date'
    and falls_in(form_draw(cin_row.row_id, 'date'), date_form.u_from, date_form.u_to)
inner join choice_range as flag_form
    on flag_form.what = 'form'
    and flag_form.stratum = 'flag'
    and falls_in(form_draw(cin_row.row_id, 'flag'), flag_form.u_from, flag_form.u_to)
inner join choice_range as blank_form
    on blank_form.what = 'form'
    and blank_form.stratum = 'blank'
    and falls_in(form_draw(cin_row.row_id, 'blank'), blank_form.u_from, blank_form.u_to)
inner join choice_range as year_form
    on year_form.what = 'form'
    and year_form.stratum = 'year'
    and falls_in(form_draw(cin_row.row_id, 'year'), year_form.u_from, year_form.u_to);
