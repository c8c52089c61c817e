"""What a document says of departments: columns, tables of duties, sentences, signatures."""

import re
from collections.abc import Iterator, Sequence

from extractors.building.document import Block, Cell, Document, Kind, Record
from extractors.building.fact import DEPARTMENT, Fact, make_fact
from extractors.building.grids import records_of
from extractors.building.naming import languages, part, split_list
from extractors.building.sections import Section
from graph.text import HAN, has_han

_UNIT = rf"[{HAN}]{{2,8}}?(?:部门?|中心|小?组|团队|科室?|一线|二线|热线|专员组|处)"
_CHINESE = re.compile(
    rf"(?P<what>[^。；;\n]{{2,80}}?)[，,]?(?P<verb>均由|统一由|由|归|请联系|联系|转交|转给|转|交由|请找|找)"
    rf"\s*(?P<name>{_UNIT})(?![{HAN}]{{0,2}}(?:经理|主管))"
    r"(?:\s*[（(]\s*(?P<other>[A-Za-z][^（）()]{1,40})\s*[)）])?"
    r"(?P<does>负责|处理|受理|跟进|解答|承办|办理|接待)?"
)
_TITLE = r"[A-Z][\w&/-]*(?:(?: (?:and|of|for|&))? [A-Z][\w&/-]*){0,4}"
_HANDLED = re.compile(
    r"(?P<what>[A-Za-z][^.;:!?\n]{2,160}?),? (?:is|are|will be|gets?|must be) "
    r"(?:handled|dealt with|looked after|taken care of|answered|managed|processed|covered|resolved"
    r"|owned) by (?:the |our )?"
    rf"(?P<name>{_TITLE})"
)
_CONTACT = re.compile(
    r"(?P<what>(?:For|If|About|Regarding) [^.;:!?\n]{2,120}?),? (?:please )?"
    rf"(?:contact|ask|call|write to|reach|see) (?:the |our )?(?P<name>{_TITLE})"
)
_SENT = re.compile(
    rf"(?P<what>[A-Za-z][^.;:!?\n]{{2,120}}?) (?:goes?|belongs?"
    rf"|(?:is|are) (?:sent|passed|forwarded)) to (?:the |our )?(?P<name>{_TITLE})"
)
_SIGNED = re.compile(
    rf"^\s*(?P<zh>[^\n]{{0,8}}?(?P<zhname>{_UNIT}))\s*$"
    rf"|^\s*(?P<en>(?P<enname>{_TITLE}) (?:team|department|desk|dept\.?))\s*$",
    re.MULTILINE,
)
_BOTH = re.compile(rf"(?P<en>[A-Z][a-z]{{4,}})\s+(?P<zh>[{HAN}]{{3,}})")
_LATIN = re.compile(r"[A-Za-z]")
_LEADING = re.compile(r"^(?:for|if|about|regarding|your|all|any|the)\s+", re.IGNORECASE)
_JOINED = re.compile(r"\s*(?:、|，|,|;|；| and | or |以及|和|及|与)\s*")
_TAIL = re.compile(r"\s+(?:team|department|desk|group)$", re.IGNORECASE)
_LONGEST = 40
_LONGEST_SAID = 6_000
_CHINESE_CUE = re.compile("[由归转找]|联系")
_HANDLED_CUE = re.compile(" by ")
_CONTACT_CUE = re.compile("contact|ask|call|write|reach|see")
_SENT_CUE = re.compile(r"(?:goes?|belongs?|sent|passed|forwarded) to ")
"""What the long expressions cannot do without; most paragraphs have none of it."""
_NOBODY = frozenset({"-", "n/a", "none", "unassigned", "无", "未分配", "待定", "/"})


def find_departments(document: Document, sections: Sequence[Section]) -> Iterator[Fact]:
    """Facts of kind ``department``, with what it handles and supports where that is said."""
    for record in document.records:
        yield from department_of(record)
    for section in sections:
        for record in records_of(section.blocks):
            yield from department_of(record)
    for block in document.blocks:
        if block.kind in (Kind.TEXT, Kind.ITEM, Kind.STEP):
            yield from _said(block)
    for record in document.records:
        if "signature" in record:
            yield from _signed(record["signature"])


def department_of(record: Record) -> Iterator[Fact]:
    """What a row says of the department that it names."""
    cell = record.get("department")
    if cell is None or len(cell.text) > _LONGEST or cell.text.lower() in _NOBODY:
        return
    parts = {language: [name] for language, name in _names(cell).items()}
    for language in ("zh", "en"):
        if f"department_{language}" in record:
            parts.setdefault(language, [record[f"department_{language}"]])
    handles = list(_duties(record["handles"])) if "handles" in record else []
    if "issue" in record:
        handles.append(record["issue"])
    for field in ("supports", "aliases"):
        if field in record:
            parts["alias" if field == "aliases" else field] = list(split_list(record[field]))
    yield make_fact(DEPARTMENT, 0.9, {**parts, "handles": handles})


def _duties(cell: Cell) -> Iterator[Cell]:
    """One after the other; a whole list in one language may follow that in the other."""
    at = next((place for place, char in enumerate(cell.text) if has_han(char)), 0)
    first, second = cell.text[:at], cell.text[at:]
    if "," in first and "、" in second and _LATIN.search(second) is None:
        yield from split_list(part(cell, 0, at))
        yield from split_list(part(cell, at, len(cell.text)))
    else:
        yield from split_list(cell)


def _names(cell: Cell) -> dict[str, Cell]:
    """By language; of a department one English word before Chinese is a name too."""
    if (found := _BOTH.fullmatch(cell.text)) is not None:
        return {
            "en": part(cell, found.start("en"), found.end("en")),
            "zh": part(cell, found.start("zh"), found.end("zh")),
        }
    return languages(cell)


def _said(block: Block) -> Iterator[Fact]:
    words = part(block.words, 0, _LONGEST_SAID)
    chinese = _CHINESE.finditer(words.text) if _CHINESE_CUE.search(words.text) else ()
    for found in chinese:
        names = {"zh": [part(words, found.start("name"), found.end("name"))]}
        if found["other"]:
            names["en"] = [part(words, found.start("other"), found.end("other"))]
        sure = 0.85 if found["does"] and "由" in found["verb"] else 0.6
        yield make_fact(DEPARTMENT, sure, {**names, "handles": list(_subjects(words, found))})
    for expression, cue, sure in (
        (_HANDLED, _HANDLED_CUE, 0.85),
        (_CONTACT, _CONTACT_CUE, 0.5),
        (_SENT, _SENT_CUE, 0.5),
    ):
        for found in expression.finditer(words.text) if cue.search(words.text) else ():
            name = part(words, found.start("name"), found.end("name"))
            if (tail := _TAIL.search(name.text)) is not None:
                name = part(name, 0, tail.start())
            yield make_fact(
                DEPARTMENT, sure, {"en": [name], "handles": list(_subjects(words, found))}
            )


def _subjects(words: Cell, found: re.Match[str]) -> Iterator[Cell]:
    """What a sentence says is handled, one thing after the other."""
    what = part(words, found.start("what"), found.end("what"))
    if (leading := _LEADING.match(what.text)) is not None:
        what = part(what, leading.end(), len(what.text))
    at = 0
    for joint in (*_JOINED.finditer(what.text), None):
        end = joint.start() if joint else len(what.text)
        if (one := part(what, at, end)).text:
            yield one
        at = joint.end() if joint else end


def _signed(signature: Cell) -> Iterator[Fact]:
    for found in _SIGNED.finditer(signature.text):
        group, language = ("zhname", "zh") if found["zh"] else ("enname", "en")
        name = part(signature, found.start(group), found.end(group))
        yield make_fact(DEPARTMENT, 0.5, {language: [name]})
