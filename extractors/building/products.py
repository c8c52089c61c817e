"""What a document says of products: tables of them, what it applies to, other names."""

import re
from collections.abc import Iterable, Iterator, Sequence

from extractors.building.document import Block, Cell, Document, Kind, Record
from extractors.building.fact import GOODS, PRODUCT, Fact, make_fact
from extractors.building.grids import records_of
from extractors.building.naming import EN, ZH, languages, part, split_list, trimmed
from extractors.building.sections import Section

_APPLIES = re.compile(
    r"(?:^|\n)\s*(?:applies to|applicable (?:to|models?)|for models?|models? covered|products?"
    r"|适用(?:机型|产品|型号|于)|产品型号|涉及产品)\s*[:：]\s*(?P<names>[^\n。]+)",
    re.IGNORECASE,
)
_FOR = re.compile(
    r"(?:^|\n)\s*(?:适用\s*/\s*for|for\s*/\s*适用|for|适用|适用范围|concerns|valid for"
    r"|models?|涉及)"
    r"\s*[:：]\s*(?P<names>[^\n。]+)",
    re.IGNORECASE,
)
"""Says the same of what is known to be a product, and makes none of what is not."""
_ALSO = re.compile(
    r"(?P<name>[\w][\w .·-]{1,90}?)\s*(?:[,，]\s*|[(（]\s*)?"
    r"(?:又称|又名|也叫|也称|简称|俗称|also (?:known as|called|sold as)|a\.?k\.?a\.?)\s*"
    r"[“\"「]?(?P<alias>[\w][\w .-]{1,40}?)[”\"」]?\s*(?=[)）,，。.;；]|$)",
    re.IGNORECASE,
)
_ARTICLE = re.compile(
    r"^(?:thank you for (?:choosing|buying|purchasing)|感谢(?:您)?(?:选购|购买|使用))\s*"
    r"(?:the|our|your)?\s*",
    re.IGNORECASE,
)
_PROPER = re.compile(r"\b[A-Z][\w-]*(?: [A-Z][\w-]*){1,3}\b")
_MOST_PROPER = 60
_LONGEST = 60
_LONGEST_SAID = 6_000
_ALSO_CUE = re.compile("称|又名|也叫|also|a\\.?k\\.?a", re.IGNORECASE)


def find_products(document: Document, sections: Sequence[Section]) -> Iterator[Fact]:
    """Facts of kind ``product`` and ``goods``."""
    yield from _rows(document.records)
    for section in sections:
        yield from _rows(records_of(section.blocks))
    yield from _proper(document)
    for block in document.blocks:
        if block.kind in (Kind.TEXT, Kind.ITEM, Kind.LABEL):
            yield from _also(block)
            for cell in applied(block):
                yield _named(PRODUCT, 0.9, languages(cell, single=False))


def _proper(document: Document) -> Iterator[Fact]:
    """Capitalised names in running text, each once; which are products their endings may tell."""
    seen: set[str] = set()
    for block in document.blocks:
        if block.kind is Kind.ROW or len(seen) >= _MOST_PROPER:
            continue
        for found in _PROPER.finditer(block.words.text[:_LONGEST_SAID]):
            if found[0] not in seen:
                seen.add(found[0])
                yield make_fact(
                    "proper", 0.5, {"en": [part(block.words, found.start(), found.end())]}
                )


def applied(block: Block, *, loosely: bool = False) -> Iterator[Cell]:
    """Names on lines such as ``Applies to: A, B``; loosely, on ``For: A, B`` too."""
    for expression in (_APPLIES, _FOR) if loosely else (_APPLIES,):
        for found in expression.finditer(block.words.text[:_LONGEST_SAID]):
            whole = part(block.words, found.start("names"), found.end("names"))
            yield from (cell for cell in split_list(whole) if len(cell.text) <= _LONGEST)


def _rows(records: Iterable[Record]) -> Iterator[Fact]:
    for record in records:
        names = {
            language: trimmed(record[field])
            for language, field in ((ZH, "product_zh"), (EN, "product_en"))
            if field in record
        }
        if names:
            yield _listed(record, names)
        elif "product" in record and len(record["product"].text) <= _LONGEST:
            kind = GOODS if _is_work(record) else PRODUCT
            yield _named(kind, 0.85, languages(record["product"], single=False), record=record)


def _is_work(record: Record) -> bool:
    """A ticket or message rather than a row of a catalogue."""
    return any(field in record for field in ("text", "subject", "ticket", "issue"))


def _listed(record: Record, names: dict[str, Cell]) -> Fact:
    """A row of a catalogue: a model beside one name only is its name in the other language."""
    model = [record["product"]] if "product" in record else []
    other = languages(model[0], single=False) if model and len(names) == 1 else {}
    if len(other) == 1 and not other.keys() & names.keys():
        names, model = {**names, **other}, []
    aliases = [*model, *split_list(record["aliases"])] if "aliases" in record else model
    parts = {language: [cell] for language, cell in names.items()}
    category = [record["goods_category"]] if "goods_category" in record else []
    return make_fact(PRODUCT, 0.97, {**parts, "alias": aliases, "category": category})


def _named(
    kind: str, confidence: float, names: dict[str, Cell], *, record: Record | None = None
) -> Fact:
    parts: dict[str, list[Cell]] = {language: [cell] for language, cell in names.items()}
    if record and kind == PRODUCT:
        parts["alias"] = list(split_list(record["aliases"])) if "aliases" in record else []
        parts["category"] = [record["goods_category"]] if "goods_category" in record else []
    return make_fact(kind, confidence, parts)


def _also(block: Block) -> Iterator[Fact]:
    """``X, also known as Y``; whether X is a product is for whoever knows all documents."""
    words = block.words.text[:_LONGEST_SAID]
    for found in _ALSO.finditer(words) if _ALSO_CUE.search(words) else ():
        name = part(block.words, found.start("name"), found.end("name"))
        if (polite := _ARTICLE.match(name.text)) is not None:
            name = part(name, polite.end(), len(name.text))
        alias = part(block.words, found.start("alias"), found.end("alias"))
        if name.text and alias.text:
            yield make_fact("also", 0.85, {"name": [name], "alias": [alias]})
