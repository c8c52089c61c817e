"""Mails to records: who wrote, about what, in words of their own; quotes and signatures apart."""

import email
import email.policy
import re
from collections.abc import Iterator, Sequence
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import parseaddr

from extractors.building.decoding import decode, sound
from extractors.building.document import Block, Cell, Document, Record
from extractors.building.errors import UnreadableFileError
from extractors.building.html import to_lines
from extractors.building.lines import parse_lines

_BODY = 200_000
_MESSAGES = 100_000
_FROM = re.compile(rb"(?m)^From [^\n]*\n(?=[A-Za-z-]+: )")
_QUOTED = re.compile(r"\s*(?:>|｜>)")
_BELOW_IS_QUOTED = re.compile(
    r"\s*(?:-{2,}\s*(?:original message|forwarded message|原始邮件|转发邮件|原邮件)"
    r"|_{10,}\s*$"
    r"|on\b.{4,120}\bwrote\s*:\s*$"
    r"|在.{4,80}(?:写道|写到)\s*[:：]"
    r"|.{2,60}于.{4,40}写道\s*[:：]"
    r"|(?:from|发件人|寄件者)\s*[:：].{1,120}$)",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    r"\s*(?:--\s?$|(?:best|kind|warm|with kind|with best)?\s*(?:regards|wishes)\b.{0,20}$"
    r"|(?:yours )?(?:sincerely|faithfully|truly)\b.{0,12}$|(?:thanks|cheers|thank you)[,.! ]*$"
    r"|sent from my\b.*$|发自我的.*$"
    r"|(?:此致|敬礼|祝好|顺颂商祺|谢谢|致礼|祝商祺|祝您生活愉快)[!！。,，~ ]*$)",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"(?:(?:(?:re|fwd?|aw|wg|回复|答复|转发)\s*(?:\[\d+\])?\s*[:：]|\[[^\[\]]{0,30}\d[^\[\]]{0,10}\])\s*)+",
    re.IGNORECASE,
)
"""Replies, forwards, and the numbers that ticket systems put before a subject."""
_BROKEN = (MessageError, LookupError, ValueError, AttributeError, RecursionError, TypeError)
_SIGNATURE_LINES = 12


def read_mail(data: bytes, *, file: str) -> Document:
    """See ``readers.Reader``: one message."""
    return _document([data], file=file)


def read_mbox(data: bytes, *, file: str) -> Document:
    """See ``readers.Reader``: messages one after the other, each begun by a ``From`` line."""
    starts = [found.end() for found in _FROM.finditer(data)][:_MESSAGES]
    if not starts:
        raise UnreadableFileError("damaged")
    ends = [data.rfind(b"\nFrom ", 0, start) for start in starts[1:]] + [len(data)]
    return _document([data[start:end] for start, end in zip(starts, ends, strict=True)], file=file)


def split_body(body: str) -> tuple[str, str]:
    """(what the writer says, signature); quoted parts belong to neither."""
    lines: list[str] = []
    for line in body.split("\n"):
        if _BELOW_IS_QUOTED.match(line):
            break
        if not _QUOTED.match(line):
            lines.append(line.rstrip())
    while lines and not lines[-1]:
        lines.pop()
    first = max(1, len(lines) - _SIGNATURE_LINES)
    at = next((n for n in range(first, len(lines)) if _SIGNED.match(lines[n])), len(lines))
    return "\n".join(lines[:at]).strip(), "\n".join(lines[at:]).strip()


def _document(messages: Sequence[bytes], *, file: str) -> Document:
    text, records, blocks = "", list[Record](), list[Block]()
    parts: list[str] = []
    length = 0
    for message in messages:
        record, written, told = _message(message, base=length)
        if record:
            records.append(record)
            blocks += told
            parts.append(written)
            length += len(written)
    text = "".join(parts)
    if not records:
        raise UnreadableFileError("damaged")
    return Document(file=file, text=text, blocks=tuple(blocks), records=tuple(records))


def _message(data: bytes, *, base: int) -> tuple[Record, str, tuple[Block, ...]]:
    try:
        message = email.message_from_bytes(data[: 32 << 20], policy=email.policy.default)
        name, address = parseaddr(str(message.get("From", "")))
        _, recipient = parseaddr(str(message.get("To", "")))
        subject = _subject(str(message.get("Subject", "")))
        thread = str(message.get("References", "") or message.get("In-Reply-To", "")).split()
        own = str(message.get("Message-ID", "")).strip()
        body = _body(message)
    except _BROKEN:
        return {}, "", ()
    said, signature = split_body(body[:_BODY])
    if not address and not said:
        return {}, "", ()
    fields = (
        ("customer", name if "@" not in name else ""),
        ("email", address),
        ("recipient", recipient),
        ("thread", thread[0] if thread else own),
        ("subject", subject),
        ("text", said),
        ("signature", signature),
    )
    return _written(fields, base=base)


def _subject(said: str) -> str:
    said = said.strip()
    before = _SUBJECT.match(said)
    return said[before.end() :].strip() if before else said


def _written(
    fields: Sequence[tuple[str, str]], *, base: int
) -> tuple[Record, str, tuple[Block, ...]]:
    record: dict[str, Cell] = {}
    parts: list[str] = []
    at, blocks = base, tuple[Block, ...]()
    for field, given in fields:
        if value := sound(given):
            record[field] = Cell(text=value, start=at)
            if field == "text":
                blocks = parse_lines(value, base=at)
            parts.append(f"{value}\n")
            at += len(value) + 1
    return record, "".join((*parts, "\n")), blocks


def _body(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        part = next(_texts(message), message)
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes) or not payload.strip():
        return ""
    text = _decoded(payload, str(part.get_content_charset() or ""))
    return to_lines(text) if part.get_content_type() == "text/html" else text


def _texts(message: EmailMessage) -> Iterator[EmailMessage]:
    for part in message.walk():
        if part.get_content_maintype() == "text":
            yield part


def _decoded(payload: bytes, charset: str) -> str:
    """By the declared charset where the bytes are in it, else by their looks."""
    charset = "gb18030" if charset.lower() in ("gb2312", "gbk") else charset
    try:
        return payload.decode(charset or "utf-8").replace("\r\n", "\n")
    except (LookupError, UnicodeDecodeError):
        return decode(payload)
