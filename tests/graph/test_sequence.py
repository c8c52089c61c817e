from hypothesis import given
from hypothesis import strategies as st

from graph.sequence import Sequence, ages, ages_between, ticket_id

MOMENT = st.integers(min_value=1_600_000_000_000, max_value=4_000_000_000_000)


@given(MOMENT)
def test_one_process_gives_4096_different_numbers_for_one_millisecond(at: int) -> None:
    numbers = Sequence()
    assert len({numbers.next(at) for _ in range(4096)}) == 4096


@given(MOMENT, st.integers(min_value=1, max_value=10**9))
def test_a_later_millisecond_has_the_larger_number_in_any_process(at: int, later: int) -> None:
    assert Sequence().next(at) < Sequence().next(at + later)


@given(MOMENT)
def test_numbers_fit_in_a_signed_64_bit_integer(at: int) -> None:
    assert Sequence().next(at) < 2**63


@given(MOMENT, MOMENT)
def test_ticket_ids_sort_like_their_numbers(one: int, other: int) -> None:
    a, b = Sequence().next(one), Sequence().next(other)
    # Equal lengths until the year 2527: ids sort as text.
    assert (ticket_id(a) < ticket_id(b)) == (a < b)


def test_a_ticket_id_has_no_letters_that_look_like_digits() -> None:
    id_ = ticket_id(Sequence().next(1_780_000_000_000))
    assert id_.startswith("T-")
    assert not set(id_.removeprefix("T-")) & set("ILOU")


@given(MOMENT, st.integers(min_value=0, max_value=10**12), st.floats(min_value=0, max_value=1))
def test_every_number_of_a_stretch_is_found_by_few_words(at: int, long: int, part: float) -> None:
    first, last = at << 20, (at + long) << 20
    words = ages_between(first, last)
    assert len(words) <= 64
    for seq in (first, last, first + int((last - first) * part)):
        assert set(words) & set(ages(seq).split())


@given(MOMENT, st.integers(min_value=10**6, max_value=10**11))
def test_what_lies_well_outside_a_stretch_is_not_found(at: int, long: int) -> None:
    first, last = at << 20, (at + long) << 20
    words = set(ages_between(first, last))
    for seq in (first - 2 * (last - first) // 3, last + 2 * (last - first) // 3):
        assert not words & set(ages(seq).split())
