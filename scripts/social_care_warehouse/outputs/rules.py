"""The numbers of the disclosure rules, from rules.yml or a file like it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from functools import cache
from importlib.resources import files
from pathlib import Path

import yaml

from social_care_warehouse.console import UserError


@dataclass(frozen=True)
class Rules:
    """The parameters, which rules.yml explains, and the published rule that they follow."""

    rule: str
    threshold: int
    base: int
    one_person_share: float
    two_persons_share: float
    rest_to_largest: float
    persons_each_side: int
    mean_digits: int
    median_digits: int
    ratio_digits: int
    limit_digits: int

    def rounded(self, count: int) -> int:
        """The nearest multiple of the base, the higher one from the middle."""
        return (count + self.base // 2) // self.base * self.base

    def may_be(self, shown: int) -> tuple[int, int]:
        """The lowest and highest count that is shown as this number."""
        lowest = max(shown - self.base // 2, self.threshold)
        return lowest, shown + (self.base - 1) // 2

    def parameters(self) -> dict[str, str | int | float]:
        """The parameters by name, for the manifest."""
        return asdict(self)


@cache
def default_rules() -> Rules:
    """The rules of rules.yml."""
    text = files(__package__).joinpath("rules.yml").read_text(encoding="utf-8")
    return _rules(yaml.safe_load(text), "rules.yml")


def load_rules(path: Path | None) -> Rules:
    """The rules of a file, or the ready-made ones. Raises UserError for a key that is wrong."""
    if path is None:
        return default_rules()
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        raise UserError(f"{path} cannot be read. Check the path of the rules.") from None
    except yaml.YAMLError:
        raise UserError(f"{path} is not valid YAML. Start from a copy of rules.yml.") from None
    return _rules(content, str(path))


def _rules(content: object, source: str) -> Rules:
    types = {field.name: str(field.type) for field in fields(Rules)}
    if not isinstance(content, dict) or set(content) != set(types):
        raise UserError(f"{source} must have exactly these keys: {', '.join(types)}.")
    for key, value in content.items():
        is_right = {
            "str": isinstance(value, str),
            "int": type(value) is int and value >= 1,
            "float": type(value) in (int, float) and 0 < value <= 1,
        }[types[key]]
        if not is_right:
            wanted = {"str": "a text", "int": "a whole number from 1", "float": "a share up to 1"}
            raise UserError(f"{source}: {key} must be {wanted[types[key]]}.")
    rules = Rules(**content)
    if not rules.rounded(rules.threshold):
        raise UserError(
            f"{source}: base {rules.base} is too large for threshold {rules.threshold}: a shown"
            f" count would be rounded to 0. Choose a base of at most {2 * rules.threshold}."
        )
    return rules
