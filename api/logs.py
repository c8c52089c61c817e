"""Logs as JSON lines, with the request's id and never a personal value.

Only messages written in our own code, error codes, names and counts are logged: no text, no
parameter, no query string.
"""

import json
import logging
import sys
import time
from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="")
_OWN = ("code", "path", "kind", "method", "status", "ms")


class JsonLines(logging.Formatter):
    """One record, one line."""

    def format(self, record: logging.LogRecord) -> str:
        """Time in UTC, level, logger, message, and our own extras."""
        line: dict[str, object] = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if found := request_id.get():
            line["request_id"] = found
        line.update({key: getattr(record, key) for key in _OWN if hasattr(record, key)})
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__name__
            line["at_line"] = _place(record)
        return json.dumps(line, ensure_ascii=False, default=str)


def _place(record: logging.LogRecord) -> str:
    # Where, not what: an exception's text may quote what a customer wrote.
    trace = record.exc_info[2] if record.exc_info else None
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""


def configure_logs(level: str) -> None:
    """Send every logger to stderr as JSON lines. Called once by the command that serves."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # The driver and casbin log values below these levels.
    for noisy, least in (("neo4j", logging.CRITICAL), ("casbin", logging.WARNING)):
        logging.getLogger(noisy).setLevel(least)
