"""What may go wrong in the extractors' room. ``code`` is stable; the text is for a person."""


class ExtractorError(Exception):
    """Base of the room."""

    code = "extractor_error"


class PatternError(ExtractorError):
    """A row of ``patterns/identifiers.yaml`` cannot be used; the message names it."""

    code = "pattern_invalid"


class ModelError(ExtractorError):
    """A model folder is missing, damaged, or made by another version of its component."""

    code = "model_unusable"


class TrainingError(ExtractorError):
    """The rows given cannot train anything, for example fewer than two classes."""

    code = "training_impossible"
