"""The retail world: real orders loaded as any company's, then asked about.

Expected answers are computed here from the JSON alone; nothing of the product's code is used.
"""

import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

Order: TypeAlias = Mapping[str, Any]
World: TypeAlias = Mapping[str, Mapping[str, Any]]
_CATEGORY = "retail"


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What is asked, and what a right answer has to say."""

    template: str
    text: str
    expected: tuple[str, ...]
    forbidden: tuple[str, ...] = ()


def read_world(folder: Path) -> World:
    """``users``, ``orders`` and ``products`` by id."""
    return {
        name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("users", "orders", "products")
    }


def write_seed(world: World, folder: Path) -> None:
    """The world as seed files: what a shop's own export script would write."""
    tables: dict[str, Iterator[dict[str, Any]]] = {
        "categories": iter([{"id": _CATEGORY, "name_en": "Retail goods"}]),
        "products": map(_product, world["products"].values()),
        "customers": (_customer(*item) for item in world["users"].items()),
        "identities": (row for item in world["users"].items() for row in _identities(*item)),
        "orders": map(_order, world["orders"].values()),
    }
    for table, rows in tables.items():
        lines = (f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
        (folder / f"{table}.jsonl").write_text("".join(lines), encoding="utf-8")


def _product(product: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": product["product_id"], "name_en": product["name"], "part_of": _CATEGORY}


def _customer(id_: str, user: Mapping[str, Any]) -> dict[str, Any]:
    name, address = user["name"], user["address"]
    return {
        "id": id_,
        "name": f"{name['first_name']} {name['last_name']}",
        "language": "en",
        "address": ", ".join(filter(None, (address["address1"], address["address2"]))),
        "region": address["state"],
    }


def _identities(id_: str, user: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield {"id": f"{id_}-crm", "customer": id_, "system": "crm", "kind": "crm", "value": id_}
    yield {
        "id": f"{id_}-email",
        "customer": id_,
        "system": "webshop",
        "kind": "email",
        "value": user["email"],
    }


def _order(order: Order) -> dict[str, Any]:
    row = {
        "id": order["order_id"].lstrip("#").lower(),
        "number": order["order_id"],
        "customer": order["user_id"],
        "status": order["status"],
        "items": [_item(item) for item in order["items"]],
        "total": total(order),
        "currency": "USD",
        "payment_method": _paid_with(order),
    }
    if found := tracking(order):
        row["tracking"] = found[0]
    return row


def _item(item: Mapping[str, Any]) -> str:
    variant = ", ".join(f"{name} {value}" for name, value in item["options"].items())
    return f"{item['product_id']} x1 @ {item['price']:.2f} # {variant}"


def total(order: Order) -> float:
    """What the items cost together."""
    return round(sum(float(item["price"]) for item in order["items"]), 2)


def tracking(order: Order) -> list[str]:
    """Numbers of the parcels, if any left."""
    return [number for one in order["fulfillments"] for number in one["tracking_id"]]


def _paid_with(order: Order) -> str:
    return str(order["payment_history"][0]["payment_method_id"])


def _names(order: Order) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item["name"] for item in order["items"]))


def _others(order: Order, world: World) -> tuple[str, ...]:
    names = set(_names(order))
    everything = {product["name"] for product in world["products"].values()}
    return tuple(
        sorted(name for name in everything - names if not any(name in one for one in names))
    )


def _money(value: float) -> str:
    return f"{value:.2f}"


def _single(order: Order) -> Mapping[str, Any] | None:
    """An item whose product stands in the order once."""
    counts = Counter(item["name"] for item in order["items"])
    return next((item for item in order["items"] if counts[item["name"]] == 1), None)


Maker: TypeAlias = Callable[[Order, World], tuple[str, tuple[str, ...], tuple[str, ...]] | None]


def _status(text: str) -> Maker:
    return lambda order, _: (text, (order["status"],), ())


def _total(text: str) -> Maker:
    return lambda order, _: (text, (_money(total(order)),), ())


def _contents(text: str) -> Maker:
    return lambda order, world: (text, _names(order), _others(order, world))


def _count(text: str) -> Maker:
    return lambda order, _: (text, (str(len(order["items"])),), ())


def _customer_of(text: str) -> Maker:
    return lambda order, _: (text, (order["user_id"],), ())


def _payment(text: str) -> Maker:
    return lambda order, _: (text, (_paid_with(order),), ())


def _parcel(text: str) -> Maker:
    return lambda order, _: (text, tuple(tracking(order)[:1]), ()) if tracking(order) else None


def _item_price(text: str) -> Maker:
    def make(order: Order, _: World) -> tuple[str, tuple[str, ...], tuple[str, ...]] | None:
        item = _single(order)
        if item is None:
            return None
        return text.replace("{product}", item["name"]), (_money(item["price"]),), ()

    return make


TEMPLATES: Mapping[str, Sequence[Maker]] = {
    "status": (
        _status("What is the status of order {order}?"),
        _status("Has order {order} been delivered yet?"),
        _status("Where is my order {order}?"),
        _status("订单{order}现在是什么状态？"),
    ),
    "total": (
        _total("How much did order {order} cost in total?"),
        _total("What is the total amount of order {order}?"),
        _total("订单{order}一共多少钱？"),
    ),
    "contents": (
        _contents("Which products are in order {order}?"),
        _contents("What items does order {order} contain?"),
        _contents("订单{order}里有哪些商品？"),
    ),
    "count": (
        _count("How many items are in order {order}?"),
        _count("订单{order}一共有几件商品？"),
    ),
    "customer": (
        _customer_of("Which customer placed order {order}?"),
        _customer_of("订单{order}是谁下的单？"),
    ),
    "payment": (
        _payment("How was order {order} paid?"),
        _payment("Which payment method was used for order {order}?"),
        _payment("订单{order}的付款方式是什么？"),
    ),
    "tracking": (
        _parcel("What is the tracking number of order {order}?"),
        _parcel("订单{order}的快递单号是多少？"),
    ),
    "item price": (
        _item_price("How much was the {product} in order {order}?"),
        _item_price("What is the price of the {product} in order {order}?"),
    ),
}


def make_questions(world: World, *, count: int, random_seed: int) -> list[Question]:
    """``count`` questions, templates in turn, orders and wordings by chance."""
    chance = random.Random(random_seed)
    orders = list(world["orders"].values())
    questions: list[Question] = []
    names = list(TEMPLATES)
    while len(questions) < count:
        name = names[len(questions) % len(names)]
        order = chance.choice(orders)
        made = chance.choice(TEMPLATES[name])(order, world)
        if made:
            text, expected, forbidden = made
            questions.append(
                Question(
                    template=name,
                    text=text.replace("{order}", order["order_id"]),
                    expected=expected,
                    forbidden=forbidden,
                )
            )
    return questions


def is_right(question: Question, answer: str) -> bool:
    """Whether ``answer`` says all that is expected, as whole words, and nothing that is wrong."""
    # The question's own order number must not count as a number of the answer.
    said = re.sub(r"#?W\d{7}", " ", answer)
    return all(_says(said, one) for one in question.expected) and not any(
        _says(said, one) for one in question.forbidden
    )


def _says(text: str, part: str) -> bool:
    return re.search(rf"(?<![\w.]){re.escape(part)}(?![\w]|\.\d)", text, re.ASCII) is not None
