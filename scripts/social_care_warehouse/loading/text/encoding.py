"""Distinguishes a UTF-8 text with some damaged lines from a text in another encoding."""

from __future__ import annotations


class Utf8Lines:
    """Counts the lines that go beyond ASCII: those that are UTF-8, and those that are not.

    Text in a one-byte encoding is UTF-8 only by a rare chance. So a text with more lines of the
    first kind than of the second is UTF-8, and the others are damaged.
    """

    def __init__(self, longest_line: int) -> None:
        self._longest_line = longest_line
        self._n_utf_8 = 0
        self.n_other = 0
        self._rest = b""
        self._is_in_long_line = False

    @property
    def are_utf_8(self) -> bool:
        """Whether the text as a whole is UTF-8, damaged lines or not."""
        return self.n_other == 0 or self._n_utf_8 > self.n_other

    def feed(self, block: bytes) -> None:
        """Take the next bytes of a text, cut anywhere."""
        text = self._rest + block
        if self._is_in_long_line:
            start = text.find(b"\n") + 1
            if not start:
                return
            text = text[start:]
            self._is_in_long_line = False
        end = text.rfind(b"\n") + 1
        self.count(text[:end])
        self._rest = text[end:]
        if len(self._rest) > self._longest_line:
            # It is rejected for its length, whatever is in it.
            self._rest = b""
            self._is_in_long_line = True

    def finish(self) -> None:
        """Say that the text is over."""
        self.count(self._rest)
        self._rest = b""

    def count(self, lines: bytes) -> None:
        """Count whole lines."""
        if lines.isascii():
            return
        for line in lines.split(b"\n"):
            if line.isascii():
                continue
            if is_utf_8(line):
                self._n_utf_8 += 1
            else:
                self.n_other += 1


def is_utf_8(text: bytes) -> bool:
    """Whether bytes are text in UTF-8."""
    if text.isascii():
        return True
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
