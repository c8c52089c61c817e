"""Companies at random, of words that files, markup and graphs trip over."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

_WORDS = (
    "空调", "净化器Pro2", "第一行\n第二行", 'say "no"', "it's", "back\\slash", "🙂👩\u200d🔧", "~",
    "null", "no",
    "1.50", "2026-01-01", "007", "- x", "a: b", "# c", "{d}", "[e]", "<f>", "|", ">", "%g",
    "@h", "tab\tbed", "“引号”", "ümlaut", "&amp;", "trailing:", "''' \"\"\"", "line\u2028end",
    "next\u0085line", "1e5", "0x1F", "true", "a, b; c.", "^^xsd:date", "@en", "ß", "Ⅳ", "é",
)  # fmt: skip

Rows = dict[str, list[dict[str, Any]]]


def company(number: int) -> Rows:
    """Every exported table, filled at random; the same for the same ``number``."""
    rng = Random(number)
    ids = {
        name: [f"{name[:3]}-{place}.{rng.randint(0, 99)}_x" for place in range(1, size)]
        for name, size in (
            ("business_lines", 3), ("channels", 3), ("calendars", 3), ("skills", 5),
            ("departments", 6), ("agents", 6), ("categories", 6), ("products", 9), ("issues", 9),
            ("resolutions", 9),
        )
    }  # fmt: skip
    return {
        name: [
            {"id": id_, **_names(rng), **_FILL[name](rng, ids, place)}
            for place, id_ in enumerate(listed)
        ]
        for name, listed in ids.items()
    }


def _text(rng: Random) -> str:
    return " ".join(rng.choice(_WORDS) for _ in range(rng.randint(1, 3)))


def _texts(rng: Random) -> list[str]:
    return [_text(rng) for _ in range(rng.randint(0, 4))]


def _names(rng: Random) -> dict[str, Any]:
    kind = rng.randint(0, 2)
    return {
        **({"name_zh": _text(rng)} if kind != 1 else {}),
        **({"name_en": _text(rng)} if kind != 0 else {}),
    }


def _some(rng: Random, *lists: Sequence[str]) -> list[str]:
    return [one for ids in lists for one in ids if rng.random() < 0.4]


def _above(rng: Random, ids: Sequence[str], place: int) -> str | None:
    return rng.choice(ids[:place]) if place and rng.random() < 0.6 else None


def _leveled(rng: Random, ids: Sequence[str]) -> list[str]:
    return [f"{one}:{rng.randint(1, 5)}" for one in _some(rng, ids)]


def _described(rng: Random) -> dict[str, Any]:
    return {"aliases": [f"{_text(rng)} {rng.random()}" for _ in range(rng.randint(0, 3))]} | (
        {"description_zh": _text(rng), "description_en": _text(rng)} if rng.random() < 0.5 else {}
    )


Ids = Mapping[str, Sequence[str]]


def _calendar(rng: Random, _: Ids, place: int) -> dict[str, Any]:
    return {
        "timezone": "Asia/Shanghai",
        "hours": ["mon-fri 09:00-18:00", "sat 10:00-12:00"][: 1 + place % 2],
        "holidays": ["2026-10-01", "2026-01-01"] if rng.random() < 0.7 else [],
    }


def _department(rng: Random, ids: Ids, place: int) -> dict[str, Any]:
    return {
        **_described(rng),
        "part_of": _above(rng, ids["departments"], place),
        "belongs_to": _some(rng, ids["business_lines"]),
        "handles": _some(rng, ids["issues"]),
        "supports": _some(rng, ids["products"], ids["categories"]),
        "triage": True if place == 1 else None,
    }


def _agent(rng: Random, ids: Ids, _: int) -> dict[str, Any]:
    return {
        "member_of": _some(rng, ids["departments"]),
        "skills": _leveled(rng, ids["skills"]),
        "languages": _some(rng, ["zh", "en"]),
        "calendar": rng.choice(ids["calendars"]) if rng.random() < 0.7 else None,
        "capacity": rng.randint(0, 9),
        "roles": ["specialist"] if rng.random() < 0.5 else [],
    }


def _category(rng: Random, ids: Ids, place: int) -> dict[str, Any]:
    found = _described(rng)
    return {"aliases": found["aliases"], "part_of": _above(rng, ids["categories"], place)}


def _product(rng: Random, ids: Ids, _: int) -> dict[str, Any]:
    return {
        **_described(rng),
        "part_of": rng.choice(ids["categories"]) if rng.random() < 0.8 else None,
        "belongs_to": _some(rng, ids["business_lines"]),
        "price": rng.choice(["0", "1999.00", "0.000000001", "123456789012345", "0.1", "12.345"]),
        "warranty_months": rng.choice([None, "0", "36"]),
    }


def _issue(rng: Random, ids: Ids, place: int) -> dict[str, Any]:
    return {
        **_described(rng),
        "subtype_of": _above(rng, ids["issues"], place),
        "affects": _some(rng, ids["products"], ids["categories"]),
        "requires": _leveled(rng, ids["skills"]),
        "examples_zh": _texts(rng),
        "examples_en": _texts(rng),
        "needs": ["Customer.phone", "Customer.address"][: rng.randint(0, 2)] and ["Order.number"],
    }


def _resolution(rng: Random, ids: Ids, _: int) -> dict[str, Any]:
    steps = _texts(rng)
    return {
        "resolves": _some(rng, ids["issues"]),
        "applies_to": _some(rng, ids["products"], ids["categories"]),
        "actions_zh": steps,
        "conditions_zh": [_text(rng) for _ in steps] if rng.random() < 0.5 else [],
        "expected_zh": [_text(rng) for _ in steps] if rng.random() < 0.5 else [],
        "actions_en": ["same", "same", "other"] if rng.random() < 0.5 else [],
    }


def _plain(_: Random, __: Ids, ___: int) -> dict[str, Any]:
    return {}


_FILL = {
    "business_lines": lambda rng, ids, _: _described(rng),
    "channels": _plain,
    "calendars": _calendar,
    "skills": _plain,
    "departments": _department,
    "agents": _agent,
    "categories": _category,
    "products": _product,
    "issues": _issue,
    "resolutions": _resolution,
}
