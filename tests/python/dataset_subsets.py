"""Which columns of the marts each of the five datasets of school and justice may change.

A delivery may lack any of them. What it lacks is unknown, and all else is as in a full delivery.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

OUTCOME_DATASETS = ("ks4", "absence", "census", "exclusion", "offence")
SOCIAL_CARE = ("population", "cla", "cin")

# Every two of the datasets are together, apart, and both absent in some of these deliveries.
COVERING_SUBSETS = (
    (),
    ("ks4", "absence", "offence"),
    ("ks4", "census", "exclusion"),
    ("ks4", "census", "offence"),
    ("absence", "exclusion", "offence"),
    ("absence", "census", "exclusion"),
)

# What a dataset alone can show: columns of person_outcome, and outcomes of outcome_by_intervention.
ITEMS = {
    "ks4": ("ks4_academic_year", "ks4_level_2_english_maths", "ks4_attainment_rank"),
    "absence": (
        "n_secondary_years_observed", "sessions_possible_secondary",
        "unauthorised_sessions_secondary",
    ),
    "census": ("home_la_at_15", "idaci_decile_at_15", "sen_at_15"),
    "exclusion": (
        "n_secondary_years_suspensions_observed", "n_suspensions_secondary",
        "suspension_sessions_secondary", "is_permanently_excluded", "n_permanent_exclusions",
    ),
    "offence": (
        "convictions_band", "n_convictions", "n_cautions", "highest_disposal", "first_offence_date",
        "contact_order", "contact_order_any", "contact_order_care", "justice_observed_to_age",
        "is_justice_10_17_complete",
    ),
}  # fmt: skip
OUTCOMES = {
    "ks4": ("level_2_english_maths", "attainment_percentile"),
    "absence": ("persistent_unauthorised_absence", "unauthorised_absence_percent"),
    "census": (),
    "exclusion": ("any_suspension", "permanently_excluded"),
    "offence": ("cautioned_or_convicted_10_17", "convicted", "custodial", "justice_first"),
}
# The first column is the key of all other marts.
KEYS = {
    "person_school_year": ("pupil_id", "academic_year"),
    "counting_rule_sensitivity": ("counting_rule", "highest_intervention", "outcome", "band"),
    "definition_sensitivity": ("definition", "highest_intervention"),
    "cpp_agreement": ("academic_year", "cpp_by_abuse_category", "cpp_by_previous_plans"),
    "referral_only_agreement": (
        "academic_year", "referral_only_by_31_march", "referral_only_by_nfa",
    ),
}  # fmt: skip

_ABSENCE, _CENSUS, _KS4, _OFFENCE = {"absence"}, {"census"}, {"ks4"}, {"offence"}
# Who is in a census was observed. The year group is that of the census, else of absence.
_PERMANENT = {"census", "exclusion"}
_SUSPENSIONS = {"absence", "census", "exclusion"}
_ALL = {*OUTCOME_DATASETS}
# Columns that these datasets may change. All others are those of social care alone. A census
# may also add a birth that the population file lacks, and so an age.
MAY_CHANGE: dict[str, dict[str, set[str]]] = {
    "person_highest_intervention": {"moj_uid": _ALL, "has_conflicting_moj_uid": _ALL},
    "person_care_history": {"age_first_entry": _CENSUS, "age_last_entry": _CENSUS},
    "person_year": {"age_31_march": _CENSUS},
    "person_school_year": {
        **dict.fromkeys(
            ("in_census", "local_authority_code", "home_local_authority_code",
             "home_local_authority_label", "deprivation_decile", "is_free_meals",
             "is_ever_free_meals", "sen_code", "sen_group"), _CENSUS,
        ),
        **dict.fromkeys(
            ("sessions_possible", "sessions_authorised", "sessions_unauthorised",
             "percent_unauthorised"), _ABSENCE,
        ),
        "year_group": _SUSPENSIONS,
        "is_end_of_ks4": _KS4,
        "n_suspensions": _SUSPENSIONS,
        "suspension_sessions": _SUSPENSIONS,
        "n_permanent_exclusions": _PERMANENT,
    },
    "person_outcome": {
        "moj_uid": _ALL,
        "birth_cohort": _CENSUS,
        "gender_code": _CENSUS,
        "ethnic_group_major_code": _CENSUS,
        **dict.fromkeys(
            ("ks4_academic_year", "ks4_regime", "ks4_level_2_english_maths",
             "ks4_attainment_rank"), _KS4,
        ),
        **dict.fromkeys(
            ("unauthorised_sessions_secondary", "sessions_possible_secondary",
             "n_secondary_years_observed"), _ABSENCE | _CENSUS,
        ),
        **dict.fromkeys(
            ("suspension_sessions_secondary", "n_suspensions_secondary",
             "n_secondary_years_suspensions_observed"), _SUSPENSIONS,
        ),
        **dict.fromkeys(
            ("is_permanently_excluded", "n_permanent_exclusions",
             "first_permanent_exclusion_date"), _PERMANENT,
        ),
        **dict.fromkeys(
            ("home_la_at_15", "school_la_at_15", "age_in_census_at_15", "idaci_decile_at_15",
             "is_ever_fsm", "sen_at_15"), _CENSUS,
        ),
        **dict.fromkeys(
            ("convictions_band", "convictions_band_rank", "n_convictions", "n_cautions",
             "n_occasions", "highest_disposal", "highest_disposal_rank", "first_offence_date",
             "first_offence_age", "first_conviction_date", "first_disposal_date", "contact_order",
             "contact_order_by_disposal", "contact_order_any", "contact_order_referral",
             "contact_order_need", "contact_order_plan", "contact_order_care",
             "days_social_care_to_offence", "days_any_contact_to_offence",
             "days_referral_to_offence", "days_need_to_offence", "days_plan_to_offence",
             "days_care_to_offence", "justice_observed_to_age", "is_justice_10_17_complete",
             "is_justice_complete"), _OFFENCE | _CENSUS,
        ),
    },
    "exclusion": {"year_group": {"exclusion"}},
    "offence_occasion": {"offence_age": _CENSUS},
}  # fmt: skip
# Marts of outcomes: the datasets that may change a row with this outcome.
_OUTCOME_READS = {
    **dict.fromkeys(OUTCOMES["ks4"], _KS4 | _CENSUS),
    **dict.fromkeys(OUTCOMES["absence"], _ABSENCE | _CENSUS),
    "any_suspension": _SUSPENSIONS,
    "n_suspensions": _SUSPENSIONS,
    "permanently_excluded": _PERMANENT,
}
# Marts whose rows are those of datasets: they have fewer rows without them. A pupil of any
# dataset is a person.
ROWS_OF = {
    "person_highest_intervention": _ALL,
    "person_outcome": _ALL,
    "person_school_year": {"absence", "census", "exclusion", "ks4"},
    "exclusion": {"exclusion"},
    "offence_occasion": {"offence", "census"},
    "area_outcome": _CENSUS,
    "area_referral_threshold": _CENSUS,
}

Row = Mapping[str, object]
Rows = Mapping[tuple[object, ...], Row]


def all_subsets() -> Iterator[tuple[str, ...]]:
    """Every subset of the five, each with one dataset more or less than the one before."""
    for number in range(2 ** len(OUTCOME_DATASETS)):
        code = number ^ (number >> 1)
        yield tuple(name for place, name in enumerate(OUTCOME_DATASETS) if code >> place & 1)


def by_key(mart: str, rows: Sequence[Row]) -> Rows:
    """The rows of a mart by their key."""
    if not rows:
        return {}
    key = KEYS.get(mart, (next(iter(rows[0])),))
    return {tuple(row[name] for name in key): row for row in rows}


def differences(mart: str, full: Rows, fewer: Rows, delivered: Iterable[str]) -> set[str]:
    """Columns with another value than in the full delivery, though what they read is delivered.

    The name of the mart itself is among them if its rows are others than they should be.
    """
    missing = {*OUTCOME_DATASETS} - {*delivered}
    found = set()
    if full.keys() != fewer.keys() and not ROWS_OF.get(mart, set()) & missing:
        found.add(mart)
    for key in full.keys() & fewer.keys():
        for name, value in full[key].items():
            if not may_change(mart, name, full[key]) & missing and _differ(value, fewer[key][name]):
                found.add(f"{mart}.{name}")
    return found


def may_change(mart: str, column: str, row: Row) -> set[str]:
    """The datasets that may change this column in this row."""
    if mart == "counting_rule_sensitivity":
        return _OFFENCE | _CENSUS
    if mart in ("outcome_by_intervention", "area_outcome"):
        return _OUTCOME_READS.get(str(row["outcome"]), _OFFENCE | _CENSUS)
    return MAY_CHANGE.get(mart, {}).get(column, set())


def _differ(value: object, other: object) -> bool:
    if isinstance(value, float) and isinstance(other, float):
        return abs(value - other) > 1e-9 * max(1, abs(value))
    return value != other
