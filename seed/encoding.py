"""Which encoding a text file is in: UTF-8 with or without a mark, GB18030, or a problem."""

import codecs
from pathlib import Path

from seed.problems import Problem

_BLOCK = 1 << 20
_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SURELY_UTF8 = 8  # so many three-byte characters do not stand in a GB18030 text by chance


class UnreadableError(Exception):
    """A file cannot be read as text; ``problem`` lacks only the file's name."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def detect(path: Path) -> str:
    """``utf-8-sig`` or ``gb18030``: the whole file decodes.

    Raises:
        UnreadableError: empty, binary, cut within a character, or in another encoding.
    """
    with path.open("rb") as file:
        head = file.read(_BLOCK)
    if not head.strip():
        raise _unreadable("file_empty", "the file is empty")
    if head.startswith(_WIDE_MARKS):
        raise _unreadable("encoding_unknown", "UTF-16 is not read; save the file as UTF-8", at=0)
    if (at := head.find(b"\0")) >= 0:
        raise _unreadable("file_binary", "this is not a text file", at=at)
    failure = _first_failure(path, "utf-8")
    if failure is None:
        return "utf-8-sig"
    at, wide, is_cut = failure
    if is_cut:
        raise _unreadable("file_truncated", "the file ends within a character", at=at)
    if wide < _SURELY_UTF8:
        failure = _first_failure(path, "gb18030")
        if failure is None:
            return "gb18030"
        at = max(at, failure[0])
    raise _unreadable("encoding_unknown", f"byte {at + 1} is neither UTF-8 nor GB18030", at=at)


def _unreadable(code: str, message: str, *, at: int | None = None) -> UnreadableError:
    place = "" if at is None else f"byte {at + 1}"
    allowed = "UTF-8 or GB18030" if code == "encoding_unknown" else ""
    return UnreadableError(Problem(code=code, message=message, place=place, allowed=allowed))


def _first_failure(path: Path, encoding: str) -> tuple[int, int, bool] | None:
    """(byte, characters of three bytes before it, file ends here) of a failure, or ``None``."""
    decoder = codecs.getincrementaldecoder(encoding)()
    read, wide = 0, 0
    with path.open("rb") as file:
        while True:
            block = file.read(_BLOCK)
            pending = len(decoder.getstate()[0])
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                good = error.object[: error.start].decode(encoding)
                return read - pending + error.start, wide + _count_wide(good), not block
            wide += _count_wide(text)
            read += len(block)
            if not block:
                return None


def _count_wide(text: str) -> int:
    return 0 if text.isascii() else sum(char > "\u07ff" for char in text)
