"""Personal values as the graph keeps them: sealed, with a masked hint and a blind index.

* ``x_sealed``: AES-256-GCM (NIST SP 800-38D) under a data key of the owner's own, bound to owner
  and field as associated data, so that a value moved elsewhere does not open. The data key is
  stored with the owner, wrapped by the master key: deleting it erases all of the owner's values.
* ``x_hint``: already masked text, safe to show where masked reading is allowed; no key is used.
* ``x_index``: HMAC-SHA-256 of the normal form under one key, for equality only.
"""

import base64
import binascii
import hashlib
import hmac
import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from graph.text import fold, has_han
from policies.errors import KeyFileError, SealError

_KEY_BYTES = 32
_NONCE_BYTES = 12
_INDEX_BYTES = 16
_MASK = "*"
_URL_SAFE = bytes.maketrans(b"+/", b"-_")


@dataclass(frozen=True, slots=True)
class Sealer:
    """Seals and opens with one master key. Holds no state but keys."""

    _wrapping: AESGCM
    _indexing: bytes
    _closing: AESSIV

    @classmethod
    def from_key(cls, master: bytes) -> "Sealer":
        """Derive the working keys from the 32-byte ``master`` (HKDF, RFC 5869)."""

        def derive(purpose: bytes) -> bytes:
            kdf = HKDF(algorithm=hashes.SHA256(), length=_KEY_BYTES, salt=None, info=purpose)
            return kdf.derive(master)

        return cls(
            AESGCM(derive(b"deskgraph wrap v1")),
            derive(b"deskgraph index v1"),
            AESSIV(derive(b"deskgraph close v1")),
        )

    def new_data_key(self, owner: str) -> str:
        """A fresh data key for ``owner`` (``Customer:c-1``), wrapped; text, to be stored."""
        return _encrypt(self._wrapping, secrets.token_bytes(_KEY_BYTES), f"key|{owner}")

    def seal(self, value: str, *, owner: str, field: str, data_key: str) -> str:
        """``value`` as text that only this owner's key opens, for this field.

        Raises:
            SealError: ``data_key`` is not this owner's, or was wrapped by another master key.
        """
        return _encrypt(self._open_key(data_key, owner), value.encode(), f"{owner}|{field}")

    def unseal(self, sealed: str, *, owner: str, field: str, data_key: str) -> str:
        """What ``seal`` was given.

        Raises:
            SealError: wrong key, owner or field, or the value was altered.
        """
        return _decrypt(self._open_key(data_key, owner), sealed, f"{owner}|{field}").decode()

    def index(self, normal: str) -> str:
        """A blind index of a normal form: equal forms give equal text, nothing else is told."""
        digest = hmac.digest(self._indexing, normal.encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(digest[:_INDEX_BYTES]).rstrip(b"=").decode()

    def fingerprint(self, content: bytes) -> str:
        """Tells whether a replayed request has the same body, without keeping the body."""
        return hmac.digest(self._indexing, content, hashlib.sha256).hex()[:32]

    def close(self, content: bytes, *, purpose: str) -> str:
        """What leaves us to come back: unreadable, unalterable, and the same text every time.

        AES-SIV (RFC 5297), which needs no nonce, under a key of its own.
        """
        closed = self._closing.encrypt(content, [purpose.encode()])
        # In one step: a page has fifty of them.
        return binascii.b2a_base64(closed, newline=False).translate(_URL_SAFE, b"=").decode()

    def reopen(self, closed: str, *, purpose: str) -> bytes:
        """What ``close`` was given.

        Raises:
            SealError: it is not ours, was altered, or was closed for another purpose.
        """
        try:
            content = base64.b64decode(closed + "=" * (-len(closed) % 4), b"-_", validate=True)
            return self._closing.decrypt(content, [purpose.encode()])
        except (InvalidTag, ValueError):
            raise SealError("the text was not closed here for this purpose") from None

    def _open_key(self, data_key: str, owner: str) -> AESGCM:
        return AESGCM(_decrypt(self._wrapping, data_key, f"key|{owner}"))


def _encrypt(cipher: AESGCM, content: bytes, bound_to: str) -> str:
    nonce = os.urandom(_NONCE_BYTES)
    sealed = nonce + cipher.encrypt(nonce, content, bound_to.encode())
    return base64.urlsafe_b64encode(sealed).decode()


def _decrypt(cipher: AESGCM, sealed: str, bound_to: str) -> bytes:
    try:
        content = base64.urlsafe_b64decode(sealed)
        return cipher.decrypt(content[:_NONCE_BYTES], content[_NONCE_BYTES:], bound_to.encode())
    except (InvalidTag, ValueError):
        raise SealError("the value does not open with this key for this owner and field") from None


def hint(value: str, *, kind: str = "text") -> str:
    """``value`` masked for people who may know that it exists, not what it is.

    E-mail keeps its first letter and domain, phones and numbers their last four digits, names
    their first character; anything else keeps nothing but its presence.
    """
    value = value.strip()
    if kind == "email" and "@" in value:
        local, _, domain = value.partition("@")
        return f"{local[:1]}{_MASK * 3}@{domain}"
    if kind in {"phone", "number"}:
        return f"{_MASK * 4}{value[-4:]}" if len(value) > 7 else _MASK * 4
    if kind == "name":
        return value[:1] + _MASK * (max(len(value) - 1, 1) if has_han(value) else 3)
    return _MASK * 4


def name_tokens(value: str) -> list[str]:
    """Normal forms by which a person's name is looked up: the whole, and each word of it."""
    whole = " ".join(fold(value).split())
    return list(dict.fromkeys((whole, *whole.split(" "))))


def load_master_key(path: Path, *, create: bool) -> bytes:
    """The 32 bytes in ``path``; with ``create``, a new development key made 0600 if absent.

    Raises:
        KeyFileError: absent and not to be created, readable by others, or not 32 bytes in base64.
    """
    if create and not path.exists():
        _create(path)
    try:
        mode = path.stat().st_mode
        content = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        raise KeyFileError(f"{path}: no readable key file; set DESKGRAPH_MASTER_KEY_FILE") from None
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise KeyFileError(f"{path}: others may read it; run: chmod 600 {path}")
    try:
        key = base64.b64decode(content, validate=True)
    except ValueError:
        key = b""
    if len(key) != _KEY_BYTES:
        raise KeyFileError(f"{path}: not a key; expected 32 random bytes in base64")
    return key


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    content = base64.b64encode(secrets.token_bytes(_KEY_BYTES))
    # Written aside and linked: two starting processes agree on one key, and none sees half of it.
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content + b"\n")
    try:
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        aside.unlink()
