{% macro evidence_columns() %}
    {#- The models whose columns show what an extract can fill, and these columns. The seed mart_item names
        one of them for each column of a mart. -#}
    {{ return({
        'care_episode': [
            'care_episode_id', 'category_of_need_code', 'episode_start_date', 'legal_status_code',
            'local_authority_code', 'period_of_care_start_date', 'placement_code',
        ],
        'period_of_care': ['delivered_length', 'n_placement_moves'],
        'person_care_history': ['age_first_entry'],
        'person_year': ['age_31_march'],
        'referral': [
            'closure_date', 'cpp_start_date', 'number_of_previous_cpp', 'referral_date',
            'referral_source_code',
        ],
        'int_cin_referral': ['assessment_factors'],
        'person_outcome': [
            'ks4_level_2_english_maths', 'ks4_attainment_rank', 'unauthorised_sessions_secondary',
            'n_suspensions_secondary', 'is_permanently_excluded', 'convictions_band',
            'highest_disposal', 'first_offence_date', 'first_disposal_date', 'contact_order',
            'justice_observed_to_age', 'home_la_at_15', 'school_la_at_15', 'idaci_decile_at_15',
            'is_ever_fsm', 'sen_at_15',
        ],
        'person_school_year': [
            'pupil_id', 'academic_year', 'academic_year_start', 'academic_year_end', 'year_group',
            'in_census', 'sessions_possible', 'sessions_authorised', 'sessions_unauthorised',
            'percent_unauthorised', 'n_suspensions', 'suspension_sessions',
            'n_permanent_exclusions', 'local_authority_code', 'home_local_authority_code',
            'home_local_authority_label', 'deprivation_decile', 'is_free_meals',
            'is_ever_free_meals', 'sen_code', 'sen_group',
        ],
        'exclusion': [
            'exclusion_id', 'pupil_id', 'academic_year', 'academic_year_start', 'academic_year_end',
            'start_date', 'category_code', 'category_label', 'category_group', 'reason_code',
            'reason_label', 'reason_b_code', 'reason_b_label', 'reason_c_code', 'reason_c_label',
            'sessions', 'year_group', 'term_code', 'school_id',
        ],
        'offence_occasion': [
            'occasion_id', 'pupil_id', 'first_offence_date', 'offence_age', 'conviction_date',
            'outcome', 'severity', 'severity_rank', 'offence_group_code', 'offence_group_label',
            'n_offences', 'link_type',
        ],
        'int_ks4_pupil': ['pupil_id'],
        'outcome_by_intervention': ['n_with_outcome'],
        'counting_rule_sensitivity': ['n_persons'],
        'area_outcome': ['n_observed', 'ratio', 'odds_ratio_within', 'la_name'],
        'area_referral_threshold': ['percent_referred', 'percent_of_referred_in_need'],
    }) }}
{% endmacro %}
