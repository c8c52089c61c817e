"""Whatever is answered, the same rights select it; without a right to it, it is not answered."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graph.answering import answer
from graph.errors import ForbiddenError
from graph.fields import FIELDS
from graph.knowledge import Knowledge, read_knowledge
from graph.model import Answer, Document
from graph.rights import Scope
from graph.scopes import applies
from graph.selection.asker import Asker
from graph.selection.compiler import compile_request
from graph.selection.reading import read_request
from graph.selection.request import Branch, Page, Request, Selected
from graph.store import Store
from graph.vocabulary import Label
from tests.builders import make_asker, make_document

L = Label
TRIALS = 40


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked of which node, by which field; a resolution is asked for by its text."""

    document: Document
    anchor: tuple[Label, str]
    field: str

    @property
    def cited(self) -> Label:
        """The label of what is cited."""
        found = FIELDS[self.anchor[0]][self.field]
        return found.targets[0] if found.targets else self.anchor[0]

    @property
    def coordinates(self) -> tuple[str, ...]:
        """Without any of these, nothing is told."""
        label = self.anchor[0]
        return (str(label), f"{label}.{self.field}", str(self.cited), f"{self.cited}.id")


NUMBER = "W-2026-000001"
QUESTIONS = (
    Question(
        document=make_document(
            "空调由哪个部门负责？", links=[(L.CATEGORY, "air-conditioners", "空调")]
        ),
        anchor=(L.CATEGORY, "air-conditioners"),
        field="departments",
    ),
    Question(
        document=make_document("极地空调保修期多久？", links=[(L.PRODUCT, "polar", "极地空调")]),
        anchor=(L.PRODUCT, "polar"),
        field="warrantyMonths",
    ),
    Question(
        document=make_document(f"What is the status of order {NUMBER}?", orders=[NUMBER]),
        anchor=(L.ORDER, "o-1"),
        field="status",
    ),
    Question(
        document=make_document(f"Which products are in order {NUMBER}?", orders=[NUMBER]),
        anchor=(L.ORDER, "o-1"),
        field="products",
    ),
    Question(
        document=make_document("空调不制冷怎么办？", resolutions={"r-1": 0.9}),
        anchor=(L.RESOLUTION, "r-1"),
        field="actionsZh",
    ),
)


def random_scopes(chance: random.Random, question: Question) -> dict[str, Scope | None]:
    """Some coordinates that nobody may read, or in some rows only."""
    labels = {question.anchor[0], question.cited}
    near = [one.coordinate for label in labels for one in FIELDS[label].values()]
    chosen = chance.sample(near, chance.choice([0, 0, 1, 2, 4]))
    chosen += [str(label) for label in labels if chance.random() < 0.3]
    found: dict[str, Scope | None] = {}
    for coordinate in chosen:
        label = Label(coordinate.partition(".")[0])
        scopes = [scope for scope in Scope if scope is not Scope.ANY and applies(scope, label)]
        found[coordinate] = chance.choice([*scopes, *scopes, None])
    # A type alone narrows its fields too; they come back one by one.
    for label in labels & {Label(one) for one in found if "." not in one}:
        for field in FIELDS[label].values():
            found.setdefault(field.coordinate, Scope.ANY)
    return found


async def selectable(store: Store, question: Question, asker: Asker) -> Any:
    """What the compiler's page has at the field: a value, or the ids that it leads to."""
    label, id_ = question.anchor
    field = FIELDS[label][question.field]
    if field.property:
        request = Request(nodes=Selected(label=label, parts=(field,)), ids="ids")
    else:
        target = Selected(label=field.targets[0], parts=(FIELDS[field.targets[0]]["id"],))
        branch = Branch(field=field, nodes=(target,), page=Page(size="size"))
        request = Request(nodes=Selected(label=label, parts=(branch,)), ids="ids")
    try:
        compiled = compile_request(request, asker.rights)
    except ForbiddenError:
        return None
    row = await read_request(store, compiled, {**asker.given, "ids": [id_], "size": 100})
    (column,) = compiled.shape.columns
    if column is None or not row["nodes"] or row["nodes"][0][column.place] is None:
        return None
    found = row["nodes"][0][column.place]
    return found if field.property else [one[-1] for _, one in found[0]]


async def ask(store: Store, question: Question, knowledge: Knowledge, asker: Asker) -> Answer:
    return await answer(
        store, question.document, knowledge=knowledge, asker=asker, guess=lambda _: ()
    )


async def test_every_answer_can_be_selected_and_ends_with_the_right_to_it(desk: Store) -> None:
    chance = random.Random(11)
    knowledge = await read_knowledge(desk)
    told = set()
    for trial in range(TRIALS):
        question = QUESTIONS[trial % len(QUESTIONS)]
        scopes = random_scopes(chance, question)
        people: Mapping[str, Any] = {
            "customer_id": chance.choice(["c-1", "c-2"]),
            "department_ids": frozenset({chance.choice(["field-service", "billing"])}),
            "line_ids": frozenset(chance.choice([[], ["home"]])),
        }
        asker = make_asker(scopes, **people)
        found = await ask(desk, question, knowledge, asker)
        if found.kind == "none":
            continue
        told.add(question.anchor)
        selected = await selectable(desk, question, asker)
        assert selected is not None, (question.field, scopes)
        # A resolution cites what it is for, too.
        label = found.citations[0].label
        ids = [one.id for one in found.citations if one.label is label]
        assert ids == (
            [question.anchor[1]]
            if FIELDS[question.anchor[0]][question.field].property
            else selected
        )
        gone = chance.choice(question.coordinates)
        less = make_asker({**scopes, gone: None}, **people)
        again = await ask(desk, question, knowledge, less)
        assert (again.kind, again.citations) == ("none", ()), (question.field, gone)
    assert told == {question.anchor for question in QUESTIONS}
