"""The two media types of GraphQL over HTTP: which one an answer takes, which a body may have."""

from collections.abc import Iterator

RESPONSE = "application/graphql-response+json"
JSON = "application/json"
_ANY = {"*/*", "application/*"}
_UTF8 = {"", "utf-8", "utf8"}


def answer_type(accept: str) -> str:
    """What the client likes best; ``application/json`` where it does not care.

    Older clients send ``*/*`` and expect 200 whatever happened: only who names the newer type gets
    its status codes.
    """
    best, weight = JSON, 0.0
    for media, quality in _ranges(accept):
        found = RESPONSE if media == RESPONSE else JSON if media in {JSON, *_ANY} else None
        if found and quality > weight:
            best, weight = found, quality
    return best


def is_json(content_type: str) -> bool:
    """Whether a body is JSON in UTF-8: a type that no form and no plain request can send."""
    media, _, rest = content_type.lower().partition(";")
    charset = next(
        (
            part.split("=", 1)[1].strip(" \"'")
            for part in rest.split(";")
            if part.strip().startswith("charset=")
        ),
        "",
    )
    return media.strip() == JSON and charset in _UTF8


def _ranges(accept: str) -> Iterator[tuple[str, float]]:
    for part in accept.lower().split(","):
        media, *parameters = (one.strip() for one in part.split(";"))
        quality = 1.0
        for one in parameters:
            if one.startswith("q="):
                try:
                    quality = float(one[2:])
                except ValueError:
                    quality = 0.0
        yield media, quality
