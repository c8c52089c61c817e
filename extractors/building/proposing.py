"""From the facts of all documents to rows: each noun in turn, what is known left out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from extractors.building.bridges import bridges_of
from extractors.building.goods import Goods, Said
from extractors.building.known import Known, Proposed, merged
from extractors.building.naming import EN, ZH
from extractors.building.offices import Offices
from extractors.building.parallel import pairs_of
from extractors.building.people import gather_people, own_addresses, rows_of
from extractors.building.register import Node, Register
from extractors.building.remedies import Remedies
from extractors.building.topics import Topics
from extractors.building.unnamed import settle_columns

Links = Mapping[Node, Mapping[int, Node]]


class World:
    """Everything gathered from the facts, and what was known before."""

    def __init__(self, facts: Sequence[Said], known: Known) -> None:
        self._known = known
        products = Register("product", known.of("products"))
        categories = Register("category", known.of("categories"))
        issues = Register("issue", known.of("issues"))
        self.goods = Goods(products, categories)
        self.topics = Topics(issues, self.goods, own=own_addresses(facts))
        self.offices = Offices(
            Register("department", known.of("departments")), goods=self.goods, topics=self.topics
        )
        self.remedies = Remedies(
            Register("resolution", known.of("resolutions")), goods=self.goods, topics=self.topics
        )
        self.people = gather_people(facts, known)
        self._gather(facts)

    def _gather(self, facts: Sequence[Said]) -> None:
        self.goods.gather(facts)
        couples = [*pairs_of(facts), *bridges_of(facts)]
        self.topics.gather(facts, couples=couples)
        self.offices.gather(facts)
        self.remedies.gather(facts, couples=couples)
        for register in self._registers():
            register.name_all()

    def _registers(self) -> Iterator[Register]:
        yield from (self.goods.categories, self.goods.products, self.topics.issues)
        yield from (self.offices.departments, self.remedies.resolutions)

    def rows(self) -> Iterator[tuple[str, Node, dict[str, Any]]]:
        """(table, node, its row as the facts have it), known nodes too."""
        for node in self.goods.categories:
            yield "categories", node, _named(node)
        for node in self.goods.products:
            category = self.goods.category_of.get(node)
            yield "products", node, {**_named(node), "part_of": category.id if category else ""}
        yield from self._issues()
        for node in self.offices.departments:
            links = {
                "handles": _ids(self.offices.handles, node),
                "supports": _ids(self.offices.supports, node),
            }
            yield "departments", node, {**_named(node), **links}
        for node in self.remedies.resolutions:
            yield "resolutions", node, self._resolution(node)

    def _issues(self) -> Iterator[tuple[str, Node, dict[str, Any]]]:
        for node in self.topics.issues:
            examples = self.topics.examples.get(node, {}).values()
            parent = self.topics.parents.get(node)
            yield (
                "issues",
                node,
                {
                    **_named(node),
                    "subtype_of": parent.id if parent else "",
                    "affects": _ids(self.topics.affects, node),
                    "examples_zh": [text for text in examples if _is_zh(text)],
                    "examples_en": [text for text in examples if not _is_zh(text)],
                },
            )

    def _resolution(self, node: Node) -> dict[str, Any]:
        row = {
            **_named(node),
            "resolves": _ids(self.remedies.resolves, node),
            "applies_to": _ids(self.remedies.applies, node),
        }
        row.pop("aliases")
        for language, steps in self.remedies.steps.get(node, {}).items():
            if node.row and node.row.get(f"actions_{language}"):
                continue  # steps that are known are a person's, and never mixed with others
            row[f"actions_{language}"] = steps["action"]
            row[f"conditions_{language}"] = steps["condition"]
            row[f"expected_{language}"] = steps["expected"]
        return row


def propose(facts: Iterable[Said], known: Known) -> list[Proposed]:
    """What the facts say and ``known`` does not: new rows, and known rows with something added."""
    world = World(settle_columns(list(facts), known), known)
    found: list[Proposed] = []
    for table, node, added in world.rows():
        row = None if (table, node.id) in known.rejected else merged(node.row, added)
        if row is not None:
            found.append(
                Proposed(table=table, row=row, evidence=tuple(node.evidence), is_new=not node.row)
            )
    found += _people(world, known)
    return sorted(found, key=lambda one: (one.table, str(one.row["id"])))


def _people(world: World, known: Known) -> Iterator[Proposed]:
    there = {
        table: {str(row["id"]) for row in known.of(table)} for table in ("customers", "identities")
    }
    forms = {(str(row.get("kind")), str(row.get("value"))) for row in known.of("identities")}
    for person in world.people:
        if ("customers", person.id) in known.rejected:
            continue
        for table, row in rows_of(person):
            is_there = row["id"] in there[table] or (row.get("kind"), row.get("value")) in forms
            if is_there or (table, row["id"]) in known.rejected:
                continue
            fields = ("name",) if table == "customers" else (row["kind"],)
            evidence = tuple(one for one in person.evidence if one.field in fields)
            kept = {name: value for name, value in row.items() if value}
            yield Proposed(
                table=table, row=kept, evidence=evidence or tuple(person.evidence[:1]), is_new=True
            )


def _named(node: Node) -> dict[str, Any]:
    return {
        "id": node.id,
        "name_zh": node.called(ZH),
        "name_en": node.called(EN),
        "aliases": node.other_names(),
    }


def _ids(links: Links, node: Node) -> list[str]:
    return sorted({one.id for one in links.get(node, {}).values() if one.id})


def _is_zh(text: str) -> bool:
    return any("\u4e00" <= char <= "\u9fff" for char in text)
