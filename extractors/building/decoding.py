"""Bytes to text: a byte order mark, UTF-8, UTF-16, GB18030, and Latin-1 last."""

import codecs
import re

from extractors.building.errors import UnreadableFileError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_HAN = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
_RARE = re.compile(r"[\u0080-\u009f\u2e80-\u2fff\u3400-\u4dbf\ue000-\uf8ff]")
_ALONE = re.compile(r"(?<=[A-Za-z])[\u4e00-\u9fff](?=[A-Za-z\s.,;:]|$)")
"""An accented letter and its neighbour, read as one Chinese character within a word."""
_SAMPLE = 1 << 16


def decode(data: bytes) -> str:
    """The text with plain line ends.

    Raises:
        UnreadableFileError: empty, or not text in any of these encodings.
    """
    if not data.strip():
        raise UnreadableFileError("empty")
    return _decoded(data).replace("\r\n", "\n").replace("\r", "\n")


def sound(text: str) -> str:
    """Without halves of characters, which nothing can write again."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _decoded(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    wide = _wide(data[:_SAMPLE])
    if wide:
        return data.decode(wide, errors="replace")
    if _CONTROL.search(data[:_SAMPLE]):
        raise UnreadableFileError("binary")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _mixed(data, error)


def _mixed(data: bytes, error: UnicodeDecodeError) -> str:
    """Not all UTF-8: GB18030 where that reads as Chinese, else line by line."""
    if error.start > len(data) // 2 and error.start > 64:
        return _by_line(data)
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return _by_line(data)
    return text if _is_chinese(text) else data.decode("latin-1")


def _by_line(data: bytes) -> str:
    """Files that programs of two kinds have written to: each line in its own encoding."""
    return "\n".join(_line(line) for line in data.split(b"\n"))


def _line(line: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        try:
            text = line.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8" or _is_chinese(text):
            return text
    return line.decode("latin-1")


def _is_chinese(text: str) -> bool:
    """Latin-1 letters read as GB18030 give few and rare characters; Chinese gives many."""
    sample = text[:_SAMPLE]
    common = len(_HAN.findall(sample))
    strange = len(_RARE.findall(sample))
    wide = sum(char > "\x7f" for char in sample)
    is_alone = len(_ALONE.findall(sample)) * 2 > common
    return common * 2 > wide and strange * 10 <= wide and common >= 2 and not is_alone


def _wide(head: bytes) -> str:
    """UTF-16 without a mark: every second byte of Latin text is zero."""
    if len(head) < 8 or head.count(0) * 10 < len(head):
        return ""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > 4 * even:
        return "utf-16-le"
    return "utf-16-be" if even > 4 * odd else ""
