import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.text import count_han, fold, has_han, search_text, sought, tokens, words

UNICODE = st.text(st.characters(codec=None))


@given(UNICODE)
def test_folding_keeps_length_and_places(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    assert all(fold(char) == folded[at] for at, char in enumerate(text))


@given(UNICODE)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        pytest.param("WiFi连不上", "wifi连不上", id="case"),
        pytest.param("ＡＢＣ１２３＠ｘ．ｃｏｍ", "abc123@x.com", id="full width"),
        pytest.param("空氣淨化器 濾芯", "空气净化器 滤芯", id="traditional"),
        pytest.param("ｱ　！", "ア !", id="half-width kana, ideographic space"),
        pytest.param("㎡ ﬁ İ", "㎡ ﬁ İ", id="what would lengthen stays"),
        pytest.param("ΣÉ", "σé", id="other scripts"),
        pytest.param("a\ud83d!", "a\ufffd!", id="half a character"),
        pytest.param("", "", id="empty"),
    ],
)
def test_case_width_and_traditional_forms_no_longer_matter(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("folded", "found"),
    [
        ("空调不制冷", ["空", "调", "不", "制", "冷", "空调", "调不", "不制", "制冷"]),
        ("my ac leaks", ["my", "ac", "leaks"]),
        ("净化器pro2滤芯", ["净", "化", "器", "净化", "化器", "pro2", "滤", "芯", "滤芯"]),
        ("it isn't on", ["it", "isn't", "on"]),
        ("a_b-c", ["a", "b", "c"]),
        ("冷", ["冷"]),
        ("—— 。", []),
    ],
)
def test_latin_becomes_words_and_han_becomes_characters_and_pairs(
    folded: str, found: list[str]
) -> None:
    assert tokens(folded) == found


def test_search_text_is_folded_tokens_between_single_spaces() -> None:
    assert search_text("空調 AC\n壞了") == "空 调 空调 ac 坏 了 坏了"


@given(UNICODE)
def test_search_text_never_holds_another_space_than_its_separators(text: str) -> None:
    assert search_text(text).split(" ") == (list(dict.fromkeys(tokens(fold(text)))) or [""])
    assert not any(char.isspace() for token in tokens(fold(text)) for char in token)


@given(st.text("水漏了 a"), st.text("水漏了 a"))
def test_what_is_sought_finds_what_all_tokens_find(text: str, other: str) -> None:
    there = set(tokens(other))
    assert (set(sought(text)) <= there) == (set(tokens(text)) <= there)
    assert set(sought(text)) <= set(tokens(text))


def test_characters_are_sought_where_they_have_no_pair() -> None:
    assert sought("水 空调 ac 空调") == ["水", "空调", "ac"]


def test_words_stay_whole_runs() -> None:
    assert words("净化器pro2 的 滤芯") == ["净化器", "pro2", "的", "滤芯"]


@pytest.mark.parametrize(
    ("text", "count"), [("WiFi连不上", 3), ("wifi", 0), ("かな漢", 1), ("㐀", 1), ("", 0)]
)
def test_han_characters_are_counted_and_kana_are_not(text: str, count: int) -> None:
    assert (count_han(text), has_han(text)) == (count, count > 0)
