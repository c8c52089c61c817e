"""Check digits that tell an identifier from a number that merely looks like one.

Sources: ISO/IEC 7812-1 (Luhn), ISO 13616 (mod 97), GB 11643-1999 (mod 11-2).
"""

from collections.abc import Callable, Mapping

_GB_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_GB_DIGITS = "10X98765432"


def luhn(value: str) -> bool:
    """ISO/IEC 7812-1 over 12 to 19 digits, as card numbers have."""
    if not 12 <= len(value) <= 19:
        return False
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(value)))
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0


def mod97(value: str) -> bool:
    """ISO 13616: the rearranged IBAN, letters as 10..35, leaves 1 modulo 97."""
    if not 15 <= len(value) <= 34:
        return False
    digits = "".join(str(int(char, 36)) for char in value[4:] + value[:4])
    return int(digits) % 97 == 1


def gb11643(value: str) -> bool:
    """GB 11643: the eighteenth character of a Chinese resident identity number."""
    total = sum(int(digit) * weight for digit, weight in zip(value, _GB_WEIGHTS, strict=False))
    return len(value) == 18 and value[17].upper() == _GB_DIGITS[total % 11]


CHECKS: Mapping[str, Callable[[str], bool]] = {"luhn": luhn, "mod97": mod97, "gb11643": gb11643}
