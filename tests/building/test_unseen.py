"""Documents as other companies write them: what is an issue, a resolution, a department there."""

import pytest

from extractors.building.document import Cell
from extractors.building.gists import gist_of
from extractors.building.sections import is_heard, is_of_questions, role_of
from tests.building.material import document, proposals, rows

STEPS = "1. Pull the plug.\n2. Wait a minute.\n"


def names(found: dict[str, dict[str, object]]) -> set[object]:
    return {row.get("name_en") or row.get("name_zh") for row in found.values()}


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("Problems & fixes", "trouble"),
        ("If something does not work", "trouble"),
        ("三、故障的排除方法", "trouble"),
        ("毛病 / Faults", "trouble"),
        ("Pump problems", ""),
        ("水泵故障", ""),
    ],
)
def test_headings_of_nothing_but_trouble_name_none(heading: str, role: str) -> None:
    assert role_of(Cell(text=heading, start=0)) == role


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("Pump will not start", True),
        ("How do I move my plan?", True),
        ("水泵不转", True),
        ("Are samples free?", False),
        ("How much does it weigh?", False),
        ("When to call us", False),
        ("Mounting", False),
    ],
)
def test_what_customers_say_is_told_from_what_they_look_up(heading: str, expected: bool) -> None:
    assert is_heard(heading) is expected


def test_a_title_of_questions_is_known() -> None:
    assert is_of_questions("Tidewater help centre")
    assert is_of_questions("水务常见问题")
    assert not is_of_questions("Tidewater pump")


def test_headings_below_a_title_of_questions_are_issues_with_their_answers() -> None:
    text = f"# Help center\n\n## Pump will not start\n\n{STEPS}\n"
    text += "## My meter is wrong\n\nSend a picture.\n\n"
    text += "## Is the water hard?\n\nYes, in the north.\n\n## Contact\n\nWrite to us.\n"
    found = proposals({"a.md": text})
    assert names(rows(found, "issues")) == {"Pump will not start", "My meter is wrong"}
    assert rows(found, "resolutions")["pump-will-not-start"]["resolves"] == ["pump-will-not-start"]


def test_fields_of_life_above_headings_that_complain_are_no_issues() -> None:
    text = "# Find help\n\n"
    for area, heading in (
        ("Kitchen", "Tap leaks"), ("Kitchen", "Drain is blocked"), ("Bath", "Shower stays cold"),
    ):  # fmt: skip
        text += ("" if f"## {area}" in text else f"## {area}\n\n") + f"### {heading}\n\n{STEPS}\n"
    found = proposals({"a.md": text})
    expected = {"Tap leaks", "Drain is blocked", "Shower stays cold"}
    assert names(rows(found, "issues")) == expected
    assert names(rows(found, "resolutions")) == expected


def test_notes_that_mostly_complain_are_several_topics() -> None:
    text = "# Pump 7 repair notes\n\n"
    text += "## When the pump fails\n\n* Close both taps by hand.\n* Open the lid and dry it.\n\n"
    text += "## When the display stays dark\n\n* Press the key for ten seconds.\n* Change it.\n\n"
    text += "## New this year\n\n* A blue lid.\n"
    found = proposals({"a.md": text})
    assert names(rows(found, "resolutions")) == {
        "When the pump fails", "When the display stays dark",
    }  # fmt: skip


def test_a_list_of_things_and_a_page_of_a_product_help_for_nothing() -> None:
    goods = "# Stock\n\n| Product | In Chinese |\n|---|---|\n| Pump Seven | 七号水泵 |\n"
    page = "# Pump Seven\n\n## What is in the box\n\n- Pump Seven\n- Two hoses\n- Manual\n\n"
    page += "## Care\n\nWipe it with a dry cloth every month, and never with oil of any kind.\n\n"
    found = proposals({"goods.md": goods, "page.md": page + goods})
    assert not rows(found, "resolutions")
    assert rows(found, "products")["pump-seven"]["name_zh"] == "七号水泵"


def test_a_table_of_faults_is_known_by_two_of_its_headers() -> None:
    text = "# Gate\n\n| What happens | Why | What helps |\n|---|---|---|\n"
    text += "| Gate rings | The chip is live | Wipe the chip. |\n"
    found = proposals({"a.md": text})
    assert rows(found, "resolutions")["gate-rings"]["actions_en"] == ["Wipe the chip."]
    assert rows(found, "issues").keys() == {"gate-rings"}


def test_a_table_of_duties_in_two_languages_names_departments_and_no_issues() -> None:
    text = "# Wer\n\n| Unit | In Chinese | Takes care of 负责 |\n|---|---|---|\n"
    text += (
        "| Meters | 水表组 | meters, pipes 水表、水管 |\n| Water Quality | 水质科 | taste 味道 |\n"
    )
    found = proposals({"a.md": text})
    departments = rows(found, "departments")
    assert departments["meters"]["name_zh"] == "水表组"
    assert departments.keys() == {"meters", "water-quality"}
    assert not rows(found, "issues")
    assert not rows(found, "products")


def test_one_word_before_chinese_names_a_department_in_both() -> None:
    text = "| Team 部门 | also called 又叫 | 职责 |\n|---|---|---|\n"
    text += "| Cellar 酒窖管理部 | 酒窖 | 酒 |\n"
    (row,) = rows(proposals({"a.md": f"# Wer\n\n{text}"}), "departments").values()
    assert (row["name_en"], row["name_zh"], row["aliases"]) == ("Cellar", "酒窖管理部", ["酒窖"])


def test_a_mention_with_more_than_the_name_is_no_product_of_its_own() -> None:
    manual = "# Manual\n\nApplies to: Pump Seven\n"
    work = "ticket,product,description\n1,Pump Seven (rented),drips\n"
    work += "2,二手-Pump Seven,drips\n3,Seven,x\n"
    found = proposals({"a.md": manual, "b.csv": work})
    assert rows(found, "products").keys() == {"pump-seven"}


def test_headings_of_two_languages_that_tell_of_the_same_are_one() -> None:
    chinese = "# 水务常见问题\n\n## 水表不走\n\n1. 关闭总阀 15 分钟。\n2. 长按 F3 键 40 秒。\n"
    chinese += "3. 等待 72 小时。\n\n"
    chinese += "## 账单没收到\n\n1. 查看邮箱。\n2. 重新申请。\n"
    english = "# Help center\n\n## The meter does not turn\n\n"
    english += "1. Close the main valve for fifteen minutes.\n"
    english += "2. Hold the key F3 for 40 seconds.\n3. Wait 72 hours.\n\n"
    english += "## Water tastes of iron, how come?\n\n1. Let it run.\n2. Ask us.\n"
    found = proposals({"a.md": chinese, "b.md": english})
    issues = rows(found, "issues")
    assert issues["the-meter-does-not-turn"]["name_zh"] == "水表不走"
    assert len(issues) == 3
    resolution = rows(found, "resolutions")["the-meter-does-not-turn"]
    assert len(resolution["actions_zh"]) == len(resolution["actions_en"]) == 3


def test_those_of_other_products_never_are() -> None:
    goods = "| Product | 中文名 |\n|---|---|\n| Pump Seven | 七号水泵 |\n| Lamp Nine | 九号灯 |\n"
    chinese = (
        "# 常见问题\n\n## 打不开\n\n适用：七号水泵\n\n1. 关闭 15 分钟。\n2. 长按 F3 键 40 秒。\n"
    )
    english = "# FAQ\n\n## It stays dark\n\nFor: Lamp Nine\n\n"
    english += "1. Off for 15 minutes.\n2. F3 for 40 seconds.\n"
    found = proposals({"g.md": f"# Goods\n\n{goods}", "a.md": chinese, "b.md": english})
    assert len(rows(found, "issues")) == 2


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("When an import of files fails", "Import of files fails", True),
        ("Meter reading wrong", "Meter readings are wrong after frost", True),
        ("Pump does not start", "Lamp does not start", False),
        ("Meter turns at night", "Meter does not turn at night", False),
        ("Error E4 on the display", "Error E5 on the display", False),
    ],
)
def test_names_of_the_same_gist_are_of_one_issue(one: str, other: str, is_same: bool) -> None:
    text = "".join(f"## {heading}\n\n{STEPS}\n" for heading in (one, other))
    found = rows(proposals({"a.md": f"# Pump manual\n\n# Troubleshooting\n\n{text}"}), "issues")
    assert (len(found) == 1) is is_same
    assert gist_of("水表不走") == frozenset()


def test_subjects_that_several_tickets_share_name_an_issue() -> None:
    said = ("It drips at night", "Water below the sink", "A puddle every day")
    lines = "".join(f"{n},Tap leaks at the base,{text}\n" for n, text in enumerate(said))
    found = rows(proposals({"a.csv": f"ticket,subject,description\n{lines}"}), "issues")
    assert names(found) == {"Tap leaks at the base"}


def test_the_number_of_a_ticket_is_no_part_of_a_subject() -> None:
    mail = "From: a@b.example\nSubject: Re: [Case-4411] FW: Tap leaks\n\nIt drips.\n"
    (record,) = document("a.eml", mail).records
    assert record["subject"].text == "Tap leaks"


def test_an_office_of_another_company_is_a_customer() -> None:
    ours = "From: Tide Helpline <ask@tide.example>\nTo: info@inn.example\n"
    ours += "Subject: Re: Leak\n\nWe come.\n"
    theirs = "From: Inn <info@inn.example>\nTo: ask@tide.example\nSubject: Leak\n\nIt drips.\n"
    work = "ticket,email,description\n1,service@school.example,drips\n"
    care = "From: Eve <eve@b.example>\nTo: service@tide.example\nSubject: Leak\n\nIt drips.\n"
    found = proposals({"a.eml": theirs, "b.eml": ours, "c.csv": work, "d.eml": care})
    values = {row["value"] for row in rows(found, "identities").values()}
    assert values == {"info@inn.example", "service@school.example", "eve@b.example"}


def test_markup_left_open_hides_nothing() -> None:
    page = "<html><head><title>Help<body><h1>Help center</h1><h2>Tap leaks<h2/><ol><li>Close it."
    page += "<li>Dry it.</ol\n<h2>No water</h2><table><tr><td>Ring<td>us</table>"
    found = document("a.html", page)
    assert [block.words.text for block in found.blocks if block.level] == [
        "Help center", "Tap leaks", "No water",
    ]  # fmt: skip
    assert [cell.text for block in found.blocks for cell in block.cells] == ["Ring", "us"]


def test_steps_may_be_numbered_in_full_width() -> None:
    text = "水泵手册\n====\n\n1.1 水泵不转\n\n（1）关闭阀门。\n（2）等待十分钟。\n"
    assert [b.words.text for b in document("a.txt", text).blocks if b.kind == "step"] == [
        "关闭阀门。", "等待十分钟。",
    ]  # fmt: skip
