"""Archives are looked at before they are unpacked: how much would come out, and of what."""

import io
import zipfile

from extractors.building.errors import UnreadableFileError

_UNPACKED = 256 << 20
_PART = 96 << 20
_PARTS = 5_000
_RATIO = 300
_OLE = b"\xd0\xcf\x11\xe0"
"""What office programs wrap encrypted documents in."""


def check_archive(data: bytes) -> None:
    """Nothing where the archive may be unpacked. Sizes it declares are never exceeded by zipfile.

    Raises:
        UnreadableFileError: encrypted, damaged, or it would unpack to too much.
    """
    if data.startswith(_OLE):
        raise UnreadableFileError("encrypted")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        raise UnreadableFileError("damaged") from None
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnreadableFileError("encrypted")
    sizes = [entry.file_size for entry in entries]
    unpacked = sum(sizes)
    is_bomb = unpacked > 8 << 20 and unpacked > _RATIO * len(data)
    if is_bomb or unpacked > _UNPACKED or max(sizes, default=0) > _PART or len(sizes) > _PARTS:
        raise UnreadableFileError("too_large")
