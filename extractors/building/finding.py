"""From one document to its facts, each noun in turn."""

from collections.abc import Iterator

from extractors.building.departments import find_departments
from extractors.building.document import Document
from extractors.building.fact import Fact
from extractors.building.products import find_products
from extractors.building.resolutions import find_resolutions
from extractors.building.sections import sections_of
from extractors.building.work import find_work


def find_facts(document: Document) -> Iterator[Fact]:
    """Everything that the document says by itself, in a stable order."""
    sections = sections_of(document)
    yield from find_products(document, sections)
    yield from find_departments(document, sections)
    yield from find_resolutions(document, sections)
    yield from find_work(document)
