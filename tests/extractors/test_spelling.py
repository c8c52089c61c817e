import pytest

from extractors.spelling import Spelling

KNOWN = {"washing", "machine", "drain", "water", "delivery", "machine drain", "空调", "w2026"}
SPELLING = Spelling(KNOWN)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("washnig", "washing"),
        ("machin", "machine"),
        ("drian", "drain"),
        ("watter", "water"),
        ("delievry", "delivery"),
        ("dleivrey", "delivery"),
        ("wsahign", "wsahign"),
        ("nashing", "nashing"),
        ("wahs", "wahs"),
        ("空週", "空週"),
        ("w2027", "w2027"),
        ("water", "water"),
    ],
)
def test_an_unknown_word_is_taken_for_a_near_one(written: str, meant: str) -> None:
    assert SPELLING.mended([written], known=KNOWN) == [meant]


def test_a_long_text_stays_as_it_is() -> None:
    text = ["watter"] * 61
    assert SPELLING.mended(text, known=KNOWN) == text


def test_only_the_first_few_are_mended() -> None:
    found = SPELLING.mended(["watter"] * 10, known=KNOWN)
    assert found == ["water"] * 6 + ["watter"] * 4
