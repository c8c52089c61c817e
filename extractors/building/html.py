"""HTML to text in the manner of Markdown: what is shown, with its headings, lists and tables."""

import re
from html.parser import HTMLParser

from extractors.building.decoding import decode
from extractors.building.document import Document
from extractors.building.lines import parse_lines

_UNSEEN = frozenset({"script", "style", "template", "head", "nav", "noscript", "svg", "footer"})
_BREAKS = frozenset(
    {"p", "div", "section", "article", "ul", "ol", "dl", "table", "blockquote", "main", "header"}
)
_HEADINGS = {f"h{level}": "#" * level for level in range(1, 7)} | {
    "dt": "######",
    "summary": "######",
    "caption": "######",
}
_UNCLOSED = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]{0,10}\s*(?=<)")
"""A tag that ends where the next begins."""
_SPACE = re.compile(r"\s+")
_DEPTH = 100


class _Writer(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unseen = 0
        self._lists: list[int] = []
        self._is_row = False
        self._is_head = False
        self._heading = ""
        self._is_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the parser names both
        if self._is_head and (tag == "body" or tag in _BREAKS or tag in _HEADINGS):
            self._unseen, self._is_head = 0, False  # what is shown ends a head left open
        if tag in _UNSEEN:
            self._unseen += 1
            self._is_head = self._is_head or tag == "head"
        elif tag in _HEADINGS:
            self._head(tag)
        elif tag == "li":
            self._item()
        elif tag == "tr":
            self.parts.append("\n|")
            self._is_row, self._is_cell = True, False
        elif tag in ("td", "th"):
            self.parts.append(" |" if self._is_cell else "")
            self._is_cell = True
        elif tag == "br" and not self._is_row:
            self.parts.append("\n")
        elif tag in ("ol", "ul") and len(self._lists) < _DEPTH:
            self._lists.append(0 if tag == "ol" else -1)
        if tag in _BREAKS and not self._is_row:
            self.parts.append("\n\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
            self._is_head = self._is_head and tag != "head"
        elif tag in _HEADINGS:
            self.parts.append("\n\n")
            self._heading = ""
        elif tag in ("td", "th"):
            self.parts.append(" |")
            self._is_cell = False
        elif tag in ("tr", "table"):
            self._is_row = False
        elif tag in ("ol", "ul") and self._lists:
            self._lists.pop()
        if tag in _BREAKS and not self._is_row:
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            words = _SPACE.sub(" ", data)
            self.parts.append(words.replace("|", "/") if self._is_row else words)

    def _head(self, tag: str) -> None:
        """A heading; the same tag once more within it was meant to end it."""
        is_end = tag == self._heading
        self._heading = "" if is_end else tag
        self.parts.append("\n\n" if is_end else f"\n\n{_HEADINGS[tag]} ")

    def _item(self) -> None:
        if self._lists and self._lists[-1] >= 0:
            self._lists[-1] += 1
            self.parts.append(f"\n{self._lists[-1]}. ")
        else:
            self.parts.append("\n- ")


def to_lines(markup: str) -> str:
    """What a person sees of ``markup``, in lines."""
    writer = _Writer()
    writer.feed(_UNCLOSED.sub(r"\g<0>>", markup))
    writer.close()
    lines = (line.strip() for line in "".join(writer.parts).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def read_html(data: bytes, *, file: str) -> Document:
    """See ``readers.Reader``."""
    text = to_lines(decode(data))
    return Document(file=file, text=text, blocks=parse_lines(text))
