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


Made: TypeAlias = tuple[str, tuple[str, ...], tuple[str, ...]]
"""A question, what its answer says, and what it must not say."""
Maker: TypeAlias = Callable[[Order, World], Made | None]


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


def _orders_of(order: Order, world: World) -> list[Order]:
    """All orders of whoever placed this one."""
    return [one for one in world["orders"].values() if one["user_id"] == order["user_id"]]


def _numbers(orders: Sequence[Order]) -> tuple[str, ...]:
    return tuple(one["order_id"] for one in orders)


def _threshold(values: Sequence[float]) -> float | None:
    """A round number between the least and the greatest, equal to none."""
    least, greatest = min(values), max(values)
    found = round((least + greatest) / 2)
    return float(found) if least < found < greatest and found not in values else None


def _extreme_item(text: str, *, greatest: bool) -> Maker:
    def make(order: Order, _: World) -> Made | None:
        prices = sorted({float(item["price"]) for item in order["items"]}, reverse=greatest)
        first = [item["name"] for item in order["items"] if float(item["price"]) == prices[0]]
        rest = {item["name"] for item in order["items"]} - set(first)
        if len(prices) < 2 or any(one in other for one in rest for other in first):
            return None
        return text, tuple(dict.fromkeys(first)), tuple(sorted(rest))

    return make


def _items_over(text: str, *, over: bool) -> Maker:
    def make(order: Order, _: World) -> Made | None:
        limit = _threshold([float(item["price"]) for item in order["items"]])
        if limit is None:
            return None
        kept = {item["name"] for item in order["items"] if (float(item["price"]) > limit) is over}
        rest = {item["name"] for item in order["items"]} - kept
        if any(one in other for one in rest for other in kept):
            return None
        return text.replace("{limit}", f"{limit:g}"), tuple(kept), tuple(sorted(rest))

    return make


def _orders_count(text: str) -> Maker:
    return lambda order, world: (text, (str(len(_orders_of(order, world))),), ())


def _orders_with_status(text: str, words: Mapping[str, str] | None = None) -> Maker:
    def make(order: Order, world: World) -> Made | None:
        own = _orders_of(order, world)
        status = order["status"]
        if " " in status or (words and status not in words):
            return None
        kept = [one for one in own if one["status"] == status]
        rest = [one for one in own if one["status"] != status]
        said = text.replace("{status}", words[status] if words else status)
        return said, _numbers(kept), _numbers(rest)

    return make


def _orders_over(text: str, *, over: bool) -> Maker:
    def make(order: Order, world: World) -> Made | None:
        own = _orders_of(order, world)
        limit = _threshold([total(one) for one in own])
        if limit is None:
            return None
        kept = [one for one in own if (total(one) > limit) is over]
        rest = [one for one in own if (total(one) > limit) is not over]
        return text.replace("{limit}", f"{limit:g}"), _numbers(kept), _numbers(rest)

    return make


def _extreme_order(text: str, *, greatest: bool) -> Maker:
    def make(order: Order, world: World) -> Made | None:
        own = sorted(_orders_of(order, world), key=total, reverse=greatest)
        if len(own) < 2 or total(own[0]) == total(own[1]):
            return None
        return text, _numbers(own[:1]), _numbers(own[1:])

    return make


def _spent(text: str) -> Maker:
    def make(order: Order, world: World) -> Made:
        return text, (_money(sum(total(one) for one in _orders_of(order, world))),), ()

    return make


def _status_count(text: str, words: Mapping[str, str] | None = None) -> Maker:
    def make(order: Order, world: World) -> Made | None:
        status = order["status"]
        if " " in status or (words and status not in words):
            return None
        count = sum(one["status"] == status for one in world["orders"].values())
        return text.replace("{status}", words[status] if words else status), (str(count),), ()

    return make


def _bought_by(text: str) -> Maker:
    def make(order: Order, world: World) -> Made | None:
        item = _single(order)
        if item is None:
            return None
        holding = [
            one
            for one in world["orders"].values()
            if any(other["product_id"] == item["product_id"] for other in one["items"])
        ]
        return text.replace("{product}", item["name"]), (str(len(holding)),), ()

    return make


def _region(order: Order, world: World) -> str:
    return str(world["users"][order["user_id"]]["address"]["state"])


def _ordered_in(region: str, world: World) -> list[Order]:
    """All orders of customers who live there."""
    return [one for one in world["orders"].values() if _region(one, world) == region]


def _region_of(text: str) -> Maker:
    return lambda order, world: (text, (_region(order, world),), ())


def _living(text: str) -> Maker:
    def make(order: Order, world: World) -> Made:
        region = _region(order, world)
        living = [one for one in world["users"].values() if one["address"]["state"] == region]
        return text.replace("{region}", region), (str(len(living)),), ()

    return make


def _region_orders(
    text: str, words: Mapping[str, str] | None = None, *, state: bool = False
) -> Maker:
    def make(order: Order, world: World) -> Made | None:
        region, status = _region(order, world), order["status"]
        if state and (" " in status or (words and status not in words)):
            return None
        found = _ordered_in(region, world)
        kept = [one for one in found if not state or one["status"] == status]
        said = text.replace("{status}", words[status] if words else status)
        return said.replace("{region}", region), (str(len(kept)),), ()

    return make


def _region_sum(text: str) -> Maker:
    def make(order: Order, world: World) -> Made:
        region = _region(order, world)
        spent = sum(total(one) for one in _ordered_in(region, world))
        return text.replace("{region}", region), (_money(spent),), ()

    return make


def _most_spent(text: str) -> Maker:
    def make(order: Order, world: World) -> Made | None:
        region = _region(order, world)
        spent: Counter[str] = Counter()
        for one in _ordered_in(region, world):
            spent[one["user_id"]] += round(100 * total(one))
        (best, most), *others = spent.most_common()
        if others and others[0][1] == most:
            return None
        return text.replace("{region}", region), (best,), ()

    return make


def _holds(text: str, yes: Made, no: Made) -> Maker:
    """Whether an order holds a product that another one of the shop, or it itself, holds."""

    def make(order: Order, world: World) -> Made:
        others = _others(order, world)
        held = int(order["order_id"][-1]) % 2 == 0 or not others
        name = _names(order)[0] if held else others[int(order["order_id"][-2]) % len(others)]
        _, expected, forbidden = yes if held else no
        return text.replace("{product}", name), expected, forbidden

    return make


def _also_placed(text: str) -> Maker:
    def make(order: Order, world: World) -> Made | None:
        others = [one for one in _orders_of(order, world) if one is not order]
        return (text, _numbers(others), ()) if others else None

    return make


_STATUS_ZH = {
    "pending": "待处理",
    "processed": "已处理",
    "delivered": "已送达",
    "cancelled": "已取消",
}
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
        _item_price("订单{order}里的{product}多少钱？"),
    ),
    "dearest item": (
        _extreme_item("What is the most expensive item in order {order}?", greatest=True),
        _extreme_item("Which product in {order} is the cheapest?", greatest=False),
        _extreme_item("订单{order}里最贵的商品是什么？", greatest=True),
        _extreme_item("{order}这个订单中哪件商品最便宜？", greatest=False),
    ),
    "items by price": (
        _items_over("Which items in order {order} cost more than {limit} dollars?", over=True),
        _items_over("List the products in order {order} under ${limit}.", over=False),
        _items_over("订单{order}里哪些商品的单价超过{limit}？", over=True),
        _items_over("订单{order}中{limit}元以下的商品有哪些？", over=False),
    ),
    "orders counted": (
        _orders_count("How many orders has customer {customer} placed?"),
        _orders_count("How many orders does {customer} have?"),
        _orders_count("客户{customer}一共下了多少个订单？"),
    ),
    "orders by status": (
        _orders_with_status("Which orders of customer {customer} are {status}?"),
        _orders_with_status("Show me the {status} orders of customer {customer}."),
        _orders_with_status("客户{customer}有哪些{status}的订单？", _STATUS_ZH),
    ),
    "orders by total": (
        _orders_over("Which orders of customer {customer} cost more than {limit}?", over=True),
        _orders_over("List orders below {limit} dollars placed by {customer}.", over=False),
        _orders_over("客户{customer}的哪些订单金额超过{limit}？", over=True),
    ),
    "dearest order": (
        _extreme_order("What is the most expensive order of customer {customer}?", greatest=True),
        _extreme_order("Which order of customer {customer} has the lowest total?", greatest=False),
        _extreme_order("客户{customer}金额最大的订单是哪个？", greatest=True),
    ),
    "spent": (
        _spent("How much has customer {customer} spent in total?"),
        _spent("客户{customer}总共消费了多少钱？"),
    ),
    "counted by status": (
        _status_count("How many orders are {status}?"),
        _status_count("有多少个订单{status}？", _STATUS_ZH),
    ),
    "region": (
        _region_of("Which region does the customer of order {order} live in?"),
        _region_of("订单{order}的客户在哪个地区？"),
    ),
    "living": (
        _living("How many customers live in {region}?"),
        _living("{region}地区有多少位客户？"),
    ),
    "orders by region": (
        _region_orders("How many orders were placed by customers in {region}?"),
        _region_orders("{region}的客户一共下了多少个订单？"),
        _region_orders(
            "How many {status} orders do we have from customers in {region}?", state=True
        ),
        _region_orders("{region}的客户有多少个{status}的订单？", _STATUS_ZH, state=True),
    ),
    "sum by region": (
        _region_sum("What do the orders of customers in {region} add up to?"),
        _region_sum("{region}客户的订单总金额合计多少？"),
    ),
    "most spent": (
        _most_spent("Which customer in {region} has spent the most?"),
        _most_spent("{region}地区哪位客户消费最多？"),
    ),
    "holds": (
        _holds("Does order {order} contain the {product}?", ("", ("Yes",), ()), ("", ("No",), ())),
        _holds("订单{order}里有没有{product}？", ("", ("是",), ("不是",)), ("", ("不是",), ())),
    ),
    "also placed": (
        _also_placed("Which other orders has the customer of {order} placed?"),
        _also_placed("下{order}这单的客户还下过哪些订单？"),
    ),
    "holding": (
        _bought_by("How many orders contain the {product}?"),
        _bought_by("有多少个订单包含{product}？"),
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
                    text=text.replace("{order}", order["order_id"]).replace(
                        "{customer}", order["user_id"]
                    ),
                    expected=expected,
                    forbidden=forbidden,
                )
            )
    return questions


def is_right(question: Question, answer: str) -> bool:
    """Whether ``answer`` says all that is expected, as whole words, and nothing that is wrong."""
    # The question's own order number must not count as a number of the answer.
    said = answer
    for number in re.findall(r"#W\d{7}", question.text):
        said = said.replace(number, " ")
    return all(_says(said, one) for one in question.expected) and not any(
        _says(said, one) for one in question.forbidden
    )


def _says(text: str, part: str) -> bool:
    return re.search(rf"(?<![\w.]){re.escape(part)}(?![\w]|\.\d)", text, re.ASCII) is not None
