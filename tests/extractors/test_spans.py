from hypothesis import given
from hypothesis import strategies as st

from extractors.spans import Spans

SPAN = st.tuples(st.integers(0, 60), st.integers(1, 9)).map(lambda pair: (pair[0], sum(pair)))


@given(st.lists(SPAN))
def test_a_span_is_taken_exactly_when_all_its_characters_are_free(
    spans: list[tuple[int, int]],
) -> None:
    kept, taken = Spans(), set[int]()
    for start, end in spans:
        wanted = set(range(start, end))
        free = not wanted & taken
        assert kept.take(start, end) is free
        if free:
            taken |= wanted


def test_a_hundred_thousand_spans_are_settled_quickly() -> None:
    kept = Spans()
    assert sum(kept.take(at % 100_000, at % 100_000 + 1) for at in range(200_000)) == 100_000
