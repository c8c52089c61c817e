"""The identifiers of the graph: the only names that may stand in Cypher text.

Labels are ``UpperCamel``, relationship types ``UPPER_SNAKE``; no label equals a type, ignoring
case, because one of the engines keeps both in one namespace.
"""

from enum import StrEnum


class Label(StrEnum):
    """Every node label that is written today."""

    AGENT = "Agent"
    ALIAS = "Alias"
    API_KEY = "ApiKey"
    BUSINESS_LINE = "BusinessLine"
    CALENDAR = "Calendar"
    CATEGORY = "Category"
    CHANNEL = "Channel"
    COMMENT = "Comment"
    CUSTOMER = "Customer"
    DEPARTMENT = "Department"
    EPOCH = "Epoch"
    FEEDBACK = "Feedback"
    HANDOVER = "Handover"
    IDENTITY = "Identity"
    ISSUE = "Issue"
    MESSAGE = "Message"
    MIGRATION = "Migration"
    ORDER = "Order"
    POLICY_VERSION = "PolicyVersion"
    PRODUCT = "Product"
    REQUEST = "Request"
    RESOLUTION = "Resolution"
    ROUTE = "Route"
    SKILL = "Skill"
    SOURCE = "Source"
    TICKET = "Ticket"


GOODS = (Label.PRODUCT, Label.CATEGORY)
"""What an issue is of and a resolution applies to: the narrower label first."""


class RelationshipType(StrEnum):
    """Every relationship type, read from source to target."""

    AFFECTS = "AFFECTS"
    ALIAS_OF = "ALIAS_OF"
    APPLIES_TO = "APPLIES_TO"
    ASSIGNED_TO = "ASSIGNED_TO"
    BELONGS_TO = "BELONGS_TO"
    CONCERNS = "CONCERNS"
    CONTAINS = "CONTAINS"
    DERIVED_FROM = "DERIVED_FROM"
    HANDED_FROM = "HANDED_FROM"
    HANDED_OVER = "HANDED_OVER"
    HANDED_TO = "HANDED_TO"
    HANDLES = "HANDLES"
    HAS_COMMENT = "HAS_COMMENT"
    HAS_MESSAGE = "HAS_MESSAGE"
    HAS_SKILL = "HAS_SKILL"
    IDENTIFIED_BY = "IDENTIFIED_BY"
    MEMBER_OF = "MEMBER_OF"
    MENTIONS = "MENTIONS"
    PART_OF = "PART_OF"
    PLACED = "PLACED"
    PROPOSED = "PROPOSED"
    RAISED = "RAISED"
    RECEIVED_VIA = "RECEIVED_VIA"
    REQUIRES = "REQUIRES"
    RESOLVES = "RESOLVES"
    ROUTED_BY = "ROUTED_BY"
    SERVES = "SERVES"
    SOLVED_BY = "SOLVED_BY"
    SUBTYPE_OF = "SUBTYPE_OF"
    SUPPORTS = "SUPPORTS"
    WORKED_BY = "WORKED_BY"
    WORKS_BY = "WORKS_BY"


class Tier(StrEnum):
    """How far a property may travel, from anyone to almost no one."""

    PUBLIC = "public"
    INTERNAL = "internal"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"
    SECRET = "secret"  # noqa: S105 - the name of a tier
