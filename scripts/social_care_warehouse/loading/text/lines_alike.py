"""Patterns for neighbouring lines of one kind, and the reasons why lines are no rows."""

from __future__ import annotations

import re

TOO_FEW = "too few columns"
TOO_MANY = "too many columns"
NOT_CLOSED = "quote not closed"
TEXT_AFTER_QUOTE = "text after a closing quote"
NUL_BYTE = "a NUL byte in it"
NOT_UTF_8 = "bytes in it that are not UTF-8"
TOO_LONG = "line too long"
# Why the lines of a kind that is dealt with in bulk are no rows.
REASONS = {
    "few": TOO_FEW,
    "many": TOO_MANY,
    "nul": NUL_BYTE,
    "after_quote": TEXT_AFTER_QUOTE,
    "not_closed": NOT_CLOSED,
}


def lines_alike(delimiter: bytes, n_columns: int) -> re.Pattern[bytes]:
    """A pattern for lines of one kind, for the next record, or for a line to look at alone.

    Its groups follow the rules of `_ExactReader._next_record` in `exact`, and leave to it all lines
    that hold another carriage return than at their end. Possessive, so that no line is read again
    and again.
    """
    end = rb"\r?\n"
    quoted = rb'"(?:[^"\r\n\0]++|"")*+" *+'
    bare = rb'(?!")[^\r\n\0' + delimiter + rb"]*+"
    cell = rb"(?:" + quoted + rb"|" + bare + rb")"
    cells = rb"(?:" + cell + delimiter + rb")"
    rest = rb"[^\r\n\0]*+" + end
    n_more = n_columns - 1
    kinds = {
        "blank": end,
        "row": cells + rb"{%d}+" % n_more + cell + end,
        "few": rb"(?!" + end + rb")" + cells + rb"{0,%d}+" % (n_more - 1) + cell + end,
        "many": cells + rb"{%d,}+" % n_columns + cell + end,
        "nul": rb'[^"\r\n\0]*+\0[^"\r\n]*+' + end,
        "after_quote": cells + rb"*+" + quoted + rb'(?=[^ "\r\n\0' + delimiter + rb"])" + rest,
        # The next lone quote is further down, and no value ends there.
        "not_closed": cells
        + rb'*+"(?:[^"\r\n\0]++|"")*+'
        + end
        + rb'(?=[^"]*+(?:""[^"]*+)*+" *+[^ "\r\n\0'
        + delimiter
        + rb"])",
    }
    patterns = [b"(?P<%s>(?:%s)++)" % (kind.encode(), sql) for kind, sql in kinds.items()]
    for kind, is_strict in (("few_broken", True), ("few_broken_odd", False)):
        one = few_broken(delimiter, n_columns, is_strict=is_strict)
        patterns.append(rb"(?P<%s>(?:%s)++)" % (kind.encode(), one))
    patterns.append(rb"(?P<closer>[^\n]*+\n?)")
    return re.compile(rb"|".join(patterns))


def few_broken(delimiter: bytes, n_columns: int, *, is_strict: bool = False) -> bytes:
    """A pattern for a record with too few values, of which some have line breaks in them.

    A strict one has no quote but those round values, so parts of it are in quotes by turns.
    """
    quoted = rb'"(?:[^"\0]++|"")*+" *+'
    bare = rb"[^\r\n\0" + rb'"' * is_strict + delimiter + rb"]*+"
    cell = rb"(?:" + quoted + rb'|(?!")' + bare + rb")"
    end = rb"\r?\n"
    cells = rb"(?:" + cell + delimiter + rb"){0,%d}+" % (n_columns - 2)
    return rb"(?!" + end + rb")" + cells + cell + end


def n_strict_records(lines: bytes) -> int:
    """How many records lines hold in which each quote is round a value, or doubled in one."""
    return b"".join(lines.split(b'"')[::2]).count(b"\n")
