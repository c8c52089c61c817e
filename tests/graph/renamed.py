"""A company of words that nobody has seen, related by chance, and questions about it.

What is expected is worked out from plain dictionaries here; nothing of the product's code is used.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

_LATIN = ("bra", "dol", "fim", "gru", "jev", "kla", "mop", "nur", "pid", "quo", "sab", "tev", "vix")
_HAN = "芃珩琚瑀璟矞祎翀翯芈苒莙菡萱蓁蕤薏蘅衎襄觅訚诩谡赟"


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked, and which words a right answer has and has not."""

    text: str
    expected: tuple[str, ...]
    forbidden: tuple[str, ...] = ()
    cited: tuple[str, str, str] | None = None


@dataclass(kw_only=True)
class Company:
    """Names by id in both languages, values of products, and relationships by chance."""

    names: dict[str, tuple[str, str]] = field(default_factory=dict)
    prices: dict[str, int] = field(default_factory=dict)
    warranties: dict[str, int] = field(default_factory=dict)
    category: dict[str, str] = field(default_factory=dict)
    supports: dict[str, str] = field(default_factory=dict)
    handles: dict[str, str] = field(default_factory=dict)
    departments: list[str] = field(default_factory=list)

    def shuffled(self, chance: random.Random) -> None:
        """Every relationship anew."""
        categories = sorted(set(self.supports) | set(self.category.values()))
        self.category = {one: chance.choice(categories) for one in self.category}
        self.supports = {one: chance.choice(self.departments) for one in categories}
        self.handles = {one: chance.choice(self.departments) for one in self.handles}


def make_company(chance: random.Random) -> Company:
    """4 categories, 12 products, 5 departments, 8 issues."""
    company, used = Company(), set[str]()

    def name(id_: str) -> str:
        while True:
            english = "".join(chance.sample(_LATIN, 3)).capitalize()
            chinese = "".join(chance.sample(_HAN, 4))
            if not {english, chinese} & used:
                break
        used.update({english, chinese})
        company.names[id_] = (chinese, english)
        return id_

    company.departments = [name(f"d-{at}") for at in range(5)]
    categories = [name(f"k-{at}") for at in range(4)]
    company.supports = dict.fromkeys(categories, "")
    for at in range(12):
        id_ = name(f"p-{at}")
        company.prices[id_] = chance.randrange(50, 5000) * 10 + at
        company.warranties[id_] = chance.choice([6, 12, 24, 36])
        company.category[id_] = categories[at % 4]
    company.handles = {name(f"i-{at}"): "" for at in range(8)}
    company.shuffled(chance)
    return company


Maker: TypeAlias = Callable[[Company, random.Random, int], Question | None]


def questions(company: Company, chance: random.Random, *, count: int) -> list[Question]:
    """Kinds in turn, both languages, nodes by chance."""
    makers: tuple[Maker, ...] = (
        _price,
        _supported,
        _handled,
        _in_category,
        _counted,
        _under,
        _dearest,
        _compared,
    )
    found: list[Question] = []
    while len(found) < count:
        made = makers[len(found) % len(makers)](company, chance, len(found) // len(makers) % 2)
        if made:
            found.append(made)
        else:
            makers = makers[1:] + makers[:1]
    return found


def _price(company: Company, chance: random.Random, language: int) -> Question:
    id_ = chance.choice(sorted(company.prices))
    text = ("{}多少钱？", "How much does the {} cost?")[language]
    return Question(
        text=text.format(company.names[id_][language]), expected=(str(company.prices[id_]),)
    )


def _supported(company: Company, chance: random.Random, language: int) -> Question:
    id_ = chance.choice(sorted(company.category))
    kind = company.category[id_]
    answer = company.supports[kind]
    text = ("{}由哪个部门支持？", "Which department supports the {}?")[language]
    return Question(
        text=text.format(company.names[id_][language]),
        expected=(company.names[answer][language],),
        forbidden=_others(company, company.departments, [answer], language),
        cited=("SUPPORTS", answer, kind),
    )


def _handled(company: Company, chance: random.Random, language: int) -> Question:
    id_ = chance.choice(sorted(company.handles))
    answer = company.handles[id_]
    text = ("{}归哪个部门处理？", "Who takes care of {}?")[language]
    return Question(
        text=text.format(company.names[id_][language]),
        expected=(company.names[answer][language],),
        forbidden=_others(company, company.departments, [answer], language),
        cited=("HANDLES", answer, id_),
    )


def _members(company: Company, kind: str) -> list[str]:
    return [id_ for id_, other in company.category.items() if other == kind]


def _in_category(company: Company, chance: random.Random, language: int) -> Question | None:
    kind = chance.choice(sorted(company.supports))
    members = _members(company, kind)
    if not members:
        return None
    text = ("{}类有哪些产品？", "Which products are in the category {}?")[language]
    return Question(
        text=text.format(company.names[kind][language]),
        expected=tuple(company.names[one][language] for one in members),
        forbidden=_others(company, company.prices, members, language),
    )


def _counted(company: Company, chance: random.Random, language: int) -> Question | None:
    department = chance.choice(company.departments)
    count = sum(other == department for other in company.handles.values())
    text = ("{}负责几个问题？", "How many issues does {} handle?")[language]
    expected = (str(count),)
    return Question(text=text.format(company.names[department][language]), expected=expected)


def _under(company: Company, chance: random.Random, language: int) -> Question | None:
    kind = chance.choice(sorted(company.supports))
    members = sorted(_members(company, kind), key=company.prices.__getitem__)
    if len(members) < 2:
        return None
    limit = company.prices[members[-1]]
    text = ("{}类里价格低于{}的产品有哪些？", "Which {} products cost less than {}?")[language]
    return Question(
        text=text.format(company.names[kind][language], limit),
        expected=tuple(company.names[one][language] for one in members[:-1]),
        forbidden=(company.names[members[-1]][language],),
    )


def _dearest(company: Company, chance: random.Random, language: int) -> Question | None:
    kind = chance.choice(sorted(company.supports))
    members = sorted(_members(company, kind), key=company.prices.__getitem__)
    if len(members) < 2:
        return None
    text = ("{}类最贵的产品是哪个？", "What is the most expensive product in {}?")[language]
    return Question(
        text=text.format(company.names[kind][language]),
        expected=(company.names[members[-1]][language],),
        forbidden=tuple(company.names[one][language] for one in members[:-1]),
    )


def _compared(company: Company, chance: random.Random, language: int) -> Question:
    one, other = chance.sample(sorted(company.prices), 2)
    text = ("{}和{}哪个便宜？", "Which is cheaper, {} or {}?")[language]
    first, second = company.names[one][language], company.names[other][language]
    cheaper = min((one, other), key=company.prices.__getitem__)
    mark = ("最低：", "lowest price: ")[language]
    return Question(
        text=text.format(first, second), expected=(f"{mark}{company.names[cheaper][language]}",)
    )


def _others(company: Company, among: Any, but: list[str], language: int) -> tuple[str, ...]:
    return tuple(company.names[one][language] for one in among if one not in but)


def rows(company: Company) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Nodes by label."""
    labels = {"d": "Department", "k": "Category", "p": "Product", "i": "Issue"}
    for id_, (chinese, english) in company.names.items():
        row: dict[str, Any] = {"id": id_, "name_zh": chinese, "name_en": english}
        if id_ in company.prices:
            row |= {
                "price": float(company.prices[id_]),
                "warranty_months": company.warranties[id_],
            }
        yield labels[id_[0]], row


def relationships(company: Company) -> Iterator[tuple[str, str, str, str, str]]:
    """Type, source label and id, target label and id."""
    for product, kind in company.category.items():
        yield "PART_OF", "Product", product, "Category", kind
    for kind, department in company.supports.items():
        yield "SUPPORTS", "Department", department, "Category", kind
    for issue, department in company.handles.items():
        yield "HANDLES", "Department", department, "Issue", issue
