from hypothesis import given
from hypothesis import strategies as st

from extractors.identifiers import find_marks, load_patterns
from extractors.redaction import redact
from graph.text import fold

PATTERNS = load_patterns()


def redacted(text: str) -> str:
    return redact(text, find_marks(fold(text), PATTERNS))


def test_personal_identifiers_leave_their_kind_and_orders_stay() -> None:
    text = "订单W-2026-001234，联系Anna@Example.com或１３８１２３４５６７８。"
    assert redacted(text) == "订单W-2026-001234，联系[email]或[phone]。"


def test_text_without_personal_identifiers_is_the_same_object() -> None:
    text = "空调不制冷"
    assert redacted(text) is text


@given(st.text(), st.text())
def test_a_value_never_stays(left: str, right: str) -> None:
    value = "secret.person@example.com"
    assert value not in redacted(f"{left} {value} {right}")


@given(st.text())
def test_redacting_twice_changes_nothing(text: str) -> None:
    once = redacted(f"{text} a@example.com 13812345678")
    assert redacted(once) == once
