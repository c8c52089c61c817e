"""What may go wrong in the policies' room. ``code`` is stable; the text is for a person."""


class PoliciesError(Exception):
    """Base of the room."""

    code = "policies_error"


class PolicyTextError(PoliciesError):
    """A row of the policy cannot be read; the message names file, line and what is allowed."""

    code = "policy_invalid"


class CaseFileError(PoliciesError):
    """A file of cases cannot be read; the message names file, line and what is allowed."""

    code = "cases_invalid"


class SealError(PoliciesError):
    """A sealed value cannot be opened: wrong key, other owner or field, or altered."""

    code = "seal_broken"


class KeyFileError(PoliciesError):
    """The master key file is missing, readable by others, or not a key."""

    code = "key_unusable"
