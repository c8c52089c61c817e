"""What is sealed opens only for its owner, field and key; hints and indexes tell no value."""

import base64
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.errors import KeyFileError, SealError
from policies.sealing import Sealer, hint, load_master_key, name_tokens

MASTER = bytes(range(32))
SEALER = Sealer.from_key(MASTER)
OWNER, FIELD = "Customer:c-1", "Customer.name"
KEY = SEALER.new_data_key(OWNER)
POSIX = pytest.mark.skipif(os.name != "posix", reason="file modes are a POSIX matter")


def sealed(value: str = "曹秀兰") -> str:
    return SEALER.seal(value, owner=OWNER, field=FIELD, data_key=KEY)


@given(st.text())
def test_a_value_opens_to_what_was_sealed(value: str) -> None:
    assert SEALER.unseal(sealed(value), owner=OWNER, field=FIELD, data_key=KEY) == value


def test_sealing_twice_gives_two_texts_and_neither_holds_the_value() -> None:
    one, other = sealed("Anna Lee"), sealed("Anna Lee")
    assert one != other
    assert b"Anna" not in base64.urlsafe_b64decode(one)


def test_another_sealer_with_the_same_master_key_opens_it() -> None:
    again = Sealer.from_key(MASTER)
    assert again.unseal(sealed(), owner=OWNER, field=FIELD, data_key=KEY) == "曹秀兰"


@pytest.mark.parametrize(
    ("sealer", "owner", "field", "data_key"),
    [
        pytest.param(SEALER, "Customer:c-2", FIELD, KEY, id="owner"),
        pytest.param(SEALER, OWNER, "Customer.address", KEY, id="field"),
        pytest.param(SEALER, OWNER, FIELD, SEALER.new_data_key(OWNER), id="data key"),
        pytest.param(
            SEALER, "Customer:c-2", FIELD, SEALER.new_data_key("Customer:c-2"), id="owner and key"
        ),
        pytest.param(Sealer.from_key(bytes(32)), OWNER, FIELD, KEY, id="master key"),
        pytest.param(SEALER, OWNER, FIELD, "", id="no data key"),
        pytest.param(SEALER, OWNER, FIELD, "not base64 at all", id="garbage for a key"),
    ],
)
def test_a_wrong_owner_field_or_key_does_not_open(
    sealer: Sealer, owner: str, field: str, data_key: str
) -> None:
    with pytest.raises(SealError) as error:
        sealer.unseal(sealed(), owner=owner, field=field, data_key=data_key)
    assert "曹秀兰" not in str(error.value)


@given(st.integers(min_value=0, max_value=10**6), st.integers(min_value=1, max_value=255))
def test_a_value_with_one_altered_byte_does_not_open(place: int, change: int) -> None:
    content = bytearray(base64.urlsafe_b64decode(sealed()))
    content[place % len(content)] ^= change
    altered = base64.urlsafe_b64encode(bytes(content)).decode()
    with pytest.raises(SealError):
        SEALER.unseal(altered, owner=OWNER, field=FIELD, data_key=KEY)


@pytest.mark.parametrize("text", ["", "A", "AAAA", "!!!!", "曹", "AAAAAAAAAAAAAAAA"])
def test_what_was_never_sealed_does_not_open(text: str) -> None:
    with pytest.raises(SealError):
        SEALER.unseal(text, owner=OWNER, field=FIELD, data_key=KEY)


def test_a_data_key_of_another_owner_does_not_seal() -> None:
    with pytest.raises(SealError):
        SEALER.seal("x", owner="Customer:c-2", field=FIELD, data_key=KEY)


@given(st.text(), st.text())
def test_an_index_is_equal_for_equal_forms_only(one: str, other: str) -> None:
    assert (SEALER.index(one) == SEALER.index(other)) is (one == other)


def test_an_index_depends_on_the_master_key_and_holds_no_value() -> None:
    assert SEALER.index("13812345678") != Sealer.from_key(bytes(32)).index("13812345678")
    assert "138" not in SEALER.index("13812345678")
    assert len(SEALER.index("x")) == 22


def test_a_fingerprint_tells_bodies_apart() -> None:
    assert SEALER.fingerprint(b"a") == SEALER.fingerprint(b"a") != SEALER.fingerprint(b"b")


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        ("anna.lee@example.com", "email", "a***@example.com"),
        ("not an address", "email", "****"),
        ("13812345678", "phone", "****5678"),
        ("1234567", "phone", "****"),
        ("CRM-10007", "number", "****0007"),
        ("曹秀兰", "name", "曹**"),
        ("曹", "name", "曹*"),
        ("Anna Lee", "name", "A***"),
        ("", "name", "***"),
        ("云溪市晴川路 147 号", "text", "****"),
        ("  13812345678 ", "phone", "****5678"),
    ],
)
def test_a_hint_is_what_masked_reading_shows(value: str, kind: str, shown: str) -> None:
    assert hint(value, kind=kind) == shown


@given(
    st.text(st.characters(exclude_characters="*", exclude_categories=["Cs"]), min_size=2),
    st.sampled_from(["email", "phone", "number", "name", "text", "unknown"]),
)
def test_a_hint_never_holds_the_value(value: str, kind: str) -> None:
    stripped = value.strip()
    assert len(stripped) < 2 or stripped not in hint(value, kind=kind)


@pytest.mark.parametrize(
    ("name", "tokens"),
    [
        ("Silas  VANTERPOOL", ["silas vanterpool", "silas", "vanterpool"]),
        ("曹秀蘭", ["曹秀兰"]),
        ("", [""]),
    ],
)
def test_a_name_is_looked_up_whole_and_by_word(name: str, tokens: list[str]) -> None:
    assert name_tokens(name) == tokens


@POSIX
def test_a_new_key_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "master.key"
    key = load_master_key(path, create=True)
    assert len(key) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert load_master_key(path, create=True) == load_master_key(path, create=False) == key
    assert [one.name for one in path.parent.iterdir()] == ["master.key"]


def test_a_missing_key_is_not_made_unless_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    with pytest.raises(KeyFileError, match="set DESKGRAPH_MASTER_KEY_FILE"):
        load_master_key(path, create=False)
    assert not path.exists()


@POSIX
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_a_key_that_others_may_read_is_refused_with_the_remedy(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "master.key"
    load_master_key(path, create=True)
    path.chmod(mode)
    with pytest.raises(KeyFileError, match="chmod 600"):
        load_master_key(path, create=True)


@pytest.mark.parametrize(
    "content",
    [b"", b"not base64", base64.b64encode(bytes(31)), base64.b64encode(bytes(33)), b"\xff\xfe"],
)
def test_what_is_no_key_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "master.key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(KeyFileError):
        load_master_key(path, create=True)
    assert path.read_bytes() == content


def test_processes_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "master.key"
    program = (
        "import sys; from pathlib import Path; from policies.sealing import load_master_key; "
        "sys.stdin.readline(); print(load_master_key(Path(sys.argv[1]), create=True).hex())"
    )
    command = [sys.executable, "-c", program, str(path)]
    processes = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    keys = {process.communicate(timeout=60)[0].strip() for process in processes}
    assert all(process.returncode == 0 for process in processes)
    assert keys == {load_master_key(path, create=False).hex()}
    assert [one.name for one in path.parent.iterdir()] == ["master.key"]


@given(st.binary())
def test_what_was_closed_comes_back_as_it_was(content: bytes) -> None:
    closed = SEALER.close(content, purpose="cursor")
    assert closed == SEALER.close(content, purpose="cursor")
    assert Sealer.from_key(MASTER).reopen(closed, purpose="cursor") == content


@pytest.mark.parametrize("wrong", ["", "=", "é", "x" * 40, "altered", "purpose"])
def test_what_was_not_closed_here_does_not_open(wrong: str) -> None:
    closed = SEALER.close(b"0123456789", purpose="cursor")
    given = {"altered": f"B{closed[1:]}" if closed[0] != "B" else f"C{closed[1:]}"}
    given["purpose"] = closed
    with pytest.raises(SealError):
        SEALER.reopen(given.get(wrong, wrong), purpose="other" if wrong == "purpose" else "cursor")
