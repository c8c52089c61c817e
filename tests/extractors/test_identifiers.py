from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.errors import PatternError
from extractors.identifiers import alphanumeric, find_marks, load_patterns, phone, shaped_numbers
from graph.model import Mark
from graph.text import fold

PATTERNS = load_patterns()


def marks(text: str) -> tuple[Mark, ...]:
    return find_marks(fold(text), PATTERNS)


FOUND = [
    ("email", "anna.lee@example.com", "anna.lee@example.com"),
    ("email", "Anna.LEE+desk@Example.co.uk", "anna.lee+desk@example.co.uk"),
    ("iban", "GB82 WEST 1234 5698 7654 32", "gb82west12345698765432"),
    ("national-id", "11010519491231002X", "11010519491231002x"),
    ("ssn", "123-45-6789", "123456789"),
    ("bank-card", "4111 1111 1111 1111", "4111111111111111"),
    ("bank-card", "4111-1111-1111-1111", "4111111111111111"),
    ("ip-address", "192.168.10.254", "192.168.10.254"),
    ("order", "W-2026-001234", "w2026001234"),
    ("order", "DD20260402-0947", "dd202604020947"),
    ("order", "#W1234567", "w1234567"),
    ("order", "XW-2026-001234", "xw2026001234"),
    ("order", "SO20261018", "so20261018"),
    ("phone", "13812345678", "13812345678"),
    ("phone", "+86 138 1234 5678", "13812345678"),
    ("phone", "(202) 555-0143", "2025550143"),
    ("phone", "+1 202-555-0143", "2025550143"),
    ("phone", "+49 30 1234 5678", "493012345678"),
    ("phone", "400-820-8820", "4008208820"),
    ("phone", "010-62345678", "01062345678"),
]
NOT_FOUND = [
    pytest.param("anna.lee@example", id="no top-level domain"),
    pytest.param("@example.com", id="no local part"),
    pytest.param("GB82 WEST 1234 5698 7654 33", id="IBAN, wrong check digits"),
    pytest.param("110105194912310021", id="national id, wrong check digit"),
    pytest.param("110105194913310021", id="national id, month 13"),
    pytest.param("000-45-6789", id="SSN area 000"),
    pytest.param("4111 1111 1111 1112", id="card, wrong check digit"),
    pytest.param("192.168.10.256", id="octet above 255"),
    pytest.param("1.2.3", id="a version"),
    pytest.param("KFR-35GW", id="a model"),
    pytest.param("净化器Pro2 800G", id="a product"),
    pytest.param("20261018", id="digits of nothing"),
    pytest.param("138123456789", id="twelve digits"),
    pytest.param("2026-04-02", id="a date"),
    pytest.param("room 2201, 3 pieces at 2519.00", id="plain numbers"),
]
AROUND = [
    pytest.param("{}", id="alone"),
    pytest.param("please use {} for it", id="between words"),
    pytest.param("我的是{}，谢谢", id="beside Han characters"),
    pytest.param("（{}）", id="in full-width brackets"),
    pytest.param("𝄞🙂 {}。", id="after characters beyond the first plane"),
]


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize(("kind", "written", "normal"), FOUND)
def test_an_identifier_is_found_with_kind_place_and_normal_form(
    around: str, kind: str, written: str, normal: str
) -> None:
    text = around.format(written)
    (mark,) = marks(text)
    assert (mark.kind, mark.value, text[mark.start : mark.end]) == (kind, normal, written)
    assert mark.personal is (kind != "order")


@pytest.mark.parametrize("text", NOT_FOUND)
def test_what_only_looks_like_an_identifier_is_none(text: str) -> None:
    assert marks(text) == ()


@pytest.mark.parametrize("said", ["order 10023456", "订单号：10023456", "Order no. 10023456"])
def test_digits_alone_are_an_order_where_a_word_says_so(said: str) -> None:
    (mark,) = marks(said)
    assert (mark.kind, mark.value, said[mark.start : mark.end]) == ("order", "10023456", "10023456")


def test_what_looks_like_the_orders_of_a_company_is_one() -> None:
    shapes = ["99999999", "999", "a9a9a9", "aa/9999/999"]
    lettered, digits = (shaped_numbers(shapes, lettered=one) for one in (True, False))
    patterns = (*lettered, *PATTERNS, *digits)
    text = (
        "70105035 和 70179925 哪个大？call 13812345678, 70105035.50, 123 W3H9T7 bk/2026/014, "
        "bk 2026 015, w3h9t7@example.com"
    )
    found = find_marks(fold(text), patterns)
    assert [(one.kind, one.value) for one in found] == [
        ("order", "70105035"),
        ("order", "70179925"),
        ("phone", "13812345678"),
        ("order", "w3h9t7"),
        ("order", "bk2026014"),
        ("order", "bk2026015"),
        ("email", "w3h9t7@example.com"),
    ]
    assert shaped_numbers(["999", "aaaaaaaa"], lettered=False) == ()
    assert shaped_numbers(["999", "aaaaaaaa"], lettered=True) == ()


def test_full_width_digits_are_digits() -> None:
    text = "电话：１３８１２３４５６７８"
    (mark,) = marks(text)
    assert (mark.kind, mark.value, mark.start, mark.end) == ("phone", "13812345678", 3, 14)


@pytest.mark.parametrize(
    ("text", "value"), [("微信号：desk_helper", "desk_helper"), ("WeChat ID: desk-helper1", "desk")]
)
def test_a_wechat_id_needs_its_name_before_it(text: str, value: str) -> None:
    (mark,) = marks(text)
    assert mark.kind == "wechat"
    assert value in mark.value
    assert mark.personal


def test_several_identifiers_come_in_order_of_place_and_never_overlap() -> None:
    found = marks("订单W-2026-001234，电话13812345678或a@b.co，卡4111111111111111")
    assert [mark.kind for mark in found] == ["order", "phone", "email", "bank-card"]


@given(st.text(st.characters(codec=None)), st.text(st.characters(codec=None)))
def test_places_hold_in_any_text_and_marks_never_overlap(left: str, right: str) -> None:
    text = f"{left} a.b@example.com {right} 13812345678"
    found = marks(text)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(0 <= one.start < one.end <= len(text) for one in found)


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("+86 138-1234-5678", "13812345678"),
        ("0086 13812345678", "13812345678"),
        ("1 202 555 0143", "2025550143"),
        ("202.555.0143", "2025550143"),
        ("13812345678", "13812345678"),
    ],
)
def test_two_spellings_of_a_phone_number_become_one(written: str, same: str) -> None:
    assert phone(written) == same


def test_letters_and_digits_only() -> None:
    assert alphanumeric("Ｗ-2026 / 001234") == "w2026001234"


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("{kind: x, personal: true, normal: text}", "'pattern' is missing or unknown"),
        ("{kind: x, personal: true, pattern: a, normal: loud}", "'loud' is missing or unknown"),
        (
            "{kind: x, personal: true, pattern: a, normal: text, check: crc}",
            "'crc' is missing or unknown",
        ),
        ("{kind: x, personal: true, pattern: '(', normal: text}", "not a regular expression"),
    ],
)
def test_a_broken_row_is_named(row: str, says: str) -> None:
    with pytest.raises(PatternError, match=says) as error:
        load_patterns(f"- {row}")
    assert "identifiers.yaml, row 1 (x)" in str(error.value)
