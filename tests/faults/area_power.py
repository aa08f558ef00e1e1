"""Show which differences between authorities are found: area_power.py --pupils N [--seeds 100].

Draws counts of 151 authorities: once without any true difference, and once with the outcome 1.5
times as often (a ratio of shares, not of odds) in ten authorities of ordinary size. Prints how many
of the ten are found and how many others are called different, at each level of social care, at all
levels with social care together, and by the multilevel model. `--pupils` are those of whom the
outcome is known. Ends with 1 if more than 1 in 100 authorities is called different by the limits at
99.8% where no difference is.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "python"))

from area_draws import (
    ALL_COHORTS,
    ANY_SOCIAL_CARE,
    compared,
    drawn,
    intervals_that_miss_no_difference,
    share_outcomes,
    shares_of_authorities,
    ten_ordinary,
    with_all_levels,
)
from compiled_models import CompiledModels, compile_models, open_models

NAMES = (
    "no social care contact", "referral only", "child in need", "child protection plan",
    "child looked after", "any social care",
)  # fmt: skip
# Outside the limits after overdispersion and outside those of the authority itself.
FOUND = """
    select highest_intervention_rank, count(distinct outcome) as n_draws,
        median(n_expected),
        count(*) filter (where is_planted and high_998),
        count(*) filter (where is_planted and high_95),
        count(*) filter (where not is_planted),
        count(*) filter (where not is_planted and (high_998 or low_998)),
        count(*) filter (where not is_planted and (high_95 or low_95))
    from (
        select *, list_contains(?, local_authority_code) as is_planted,
            funnel_class_adjusted = 'High (0.001)' as high_998,
            funnel_class_adjusted in ('High (0.001)', 'High (0.025)') as high_95,
            funnel_class_adjusted = 'Low (0.001)' as low_998,
            funnel_class_adjusted in ('Low (0.001)', 'Low (0.025)') as low_95
"""
MODEL_SEEDS = 20


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pupils", type=int, default=1_000_000)
    options.add_argument("--seeds", type=int, default=100)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        compile_models(Path(folder))
        models = open_models(Path(folder))
        worst = 0.0
        for planted in ([], ten_ordinary(shares_of_authorities())):
            worst = max(worst, show(models, given.pupils, given.seeds, planted))
    sys.exit(worst > 1)


def show(models: CompiledModels, pupils: int, seeds: int, planted: list[str]) -> float:
    """Print what is found; gives the largest share of false alarms at 99.8%, in per cent."""
    outcomes, sizes = share_outcomes(), shares_of_authorities()
    sums: dict[int, list[float]] = {}
    for seed in range(-(-seeds // len(outcomes))):
        connection = compared(models, drawn(outcomes, sizes, pupils, seed, planted))
        with_all_levels(models)
        for rank, *numbers in connection.execute(
            f"{FOUND} {ALL_COHORTS}) group by all", [planted]
        ).fetchall():
            before = sums.setdefault(rank, [0.0] * len(numbers))
            sums[rank] = [one + float(more) for one, more in zip(before, numbers, strict=True)]
    n_rounds = -(-seeds // len(outcomes))
    truth = f"{len(planted)} authorities with 1.5 times the outcome" if planted else "no difference"
    print(f"\n{pupils:,} pupils with a known outcome, {n_rounds * len(outcomes)} draws, {truth}")
    print(f"{'':<24}{'expected':>9}{'found of 10':>22}{'others, per 100':>22}")
    print(f"{'':<24}{'(median)':>9}{'99.8%':>12}{'95%':>10}{'99.8%':>12}{'95%':>10}")
    worst = 0.0
    for rank in range(ANY_SOCIAL_CARE + 1):
        if rank not in sums:
            print(f"{NAMES[rank]:<24} too few to compare")
            continue
        n_draws, expected, *found, n_others, alarms_998, alarms_95 = sums[rank]
        of_ten = "".join(
            f"{one / n_draws:>{width}.1f}" if planted else f"{'':>{width}}"
            for one, width in zip(found, (12, 10), strict=True)
        )
        false = [100 * one / n_others for one in (alarms_998, alarms_95)]
        others = f"{false[0]:>12.2f}{false[1]:>10.2f}"
        print(f"{NAMES[rank]:<24}{expected / n_rounds:>9.0f}{of_ten}{others}")
        worst = max(worst, false[0])
    found_by_model = [
        intervals_that_miss_no_difference(sizes, planted, seed, pupils)
        for seed in range(min(seeds, MODEL_SEEDS))
    ]
    n = len(found_by_model)
    hits = sum(len(above & set(planted)) for above, _ in found_by_model) / n
    wrong = sum(len((above | below) - set(planted)) for above, below in found_by_model) / n
    of_ten = f"{hits:>10.1f}" if planted else f"{'':>10}"
    others = 100 * wrong / (len(sizes) - len(planted))
    print(f"{'model, any social care':<24}{'':>9}{'':>12}{of_ten}{'':>12}{others:>10.2f}")
    return worst


if __name__ == "__main__":
    main()
