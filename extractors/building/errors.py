"""Why a file could not be read, said for a person; the other files go on."""

from extractors.errors import ExtractorError


class UnreadableFileError(ExtractorError):
    """A file that gives nothing. ``reason`` is one of ``REASONS``."""

    code = "file_unreadable"

    def __init__(self, reason: str) -> None:
        super().__init__(REASONS[reason])
        self.reason = reason


REASONS = {
    "empty": "the file is empty",
    "binary": "this is not a text file",
    "damaged": "the file is damaged or not of the format its name says",
    "encrypted": "the file is encrypted; save it without a password",
    "no_text": "the pages hold images and no text; text recognition is needed first",
    "too_large": "the file is larger, or unpacks to more, than is read",
    "too_slow": "reading took too long",
    "no_header": "neither headers nor values tell what its columns hold",
    "not_read": "the file could not be opened",
}
