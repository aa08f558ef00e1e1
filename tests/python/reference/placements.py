"""Moves between placements within a period of care."""

from __future__ import annotations

from reference.cells import Result

MOVED = ("P", "B", "T", "U")
STAYED = ("S", "L")


def number_of_moves(episodes: list[Result]) -> int:
    """How many episodes of a period, in order of time, began with another placement."""
    moves = 0
    last_known = None
    for number, episode in enumerate(episodes):
        code, reason = episode["placement_code"], episode["reason_new_episode_code"]
        if reason in MOVED:
            is_move = True
        elif reason in STAYED:
            is_move = False
        else:
            is_move = None not in (code, last_known) and code != last_known
        if number > 0 and is_move and not _is_reported_twice(episodes[number - 1], episode):
            moves += 1
        # A blank hides no move.
        last_known = code or last_known
    return moves


def _is_reported_twice(before: Result, episode: Result) -> bool:
    """Whether two authorities report the same start."""
    authorities = (before["local_authority_code"], episode["local_authority_code"])
    return (
        before["episode_start_date"] == episode["episode_start_date"]
        and None not in authorities
        and authorities[0] != authorities[1]
    )
