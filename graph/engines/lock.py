"""A lock on a file that the operating system drops with the process that holds it."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def file_lock(path: Path, *, wait_seconds: float) -> Iterator[None]:
    """Hold ``path`` alone; closing the file gives it back, also when the process is killed.

    Raises:
        TimeoutError: another process held it for all of ``wait_seconds``.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _wait(descriptor, deadline=time.monotonic() + wait_seconds)
        yield
    finally:
        os.close(descriptor)


def _wait(descriptor: int, *, deadline: float) -> None:
    while True:
        with suppress(OSError):
            _take(descriptor)
            return
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.02)
