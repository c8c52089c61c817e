import pytest

from extractors.check_digits import gb11643, luhn, mod97


@pytest.mark.parametrize(
    ("value", "valid"),
    [
        ("4111111111111111", True),
        ("4111111111111112", False),
        ("6222021234567890128", True),
        ("79927398713", False),  # right by the formula, too short for a card
    ],
)
def test_luhn(value: str, valid: bool) -> None:
    assert luhn(value) is valid


@pytest.mark.parametrize(
    ("value", "valid"),
    [
        ("gb82west12345698765432", True),
        ("gb82west12345698765433", False),
        ("de89370400440532013000", True),
        ("de8937040044", False),
    ],
)
def test_mod97(value: str, valid: bool) -> None:
    assert mod97(value) is valid


@pytest.mark.parametrize(
    ("value", "valid"),
    [
        ("11010519491231002X", True),
        ("11010519491231002x", True),
        ("110105194912310021", False),
        ("1101051949123100", False),
    ],
)
def test_gb11643(value: str, valid: bool) -> None:
    assert gb11643(value) is valid


@pytest.mark.parametrize("place", range(16))
def test_luhn_notices_any_single_wrong_digit(place: int) -> None:
    right = "4111111111111111"
    wrong = str((int(right[place]) + 1) % 10)
    assert not luhn(f"{right[:place]}{wrong}{right[place + 1 :]}")
