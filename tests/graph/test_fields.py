"""Every coordinate follows from the schema table, has a tier, and leads where its type may lead."""

import pytest

from graph.fields import (
    FIELDS,
    HIDDEN,
    ROW_TIERS,
    SAID,
    TIERS,
    TYPES,
    Field,
    Hop,
    camel,
    find_field,
)
from graph.schema import NODES, RELATIONSHIPS, Kind
from graph.vocabulary import Label, RelationshipType, Tier

ALL = [field for fields in FIELDS.values() for field in fields.values()]
TOLD = [field for fields in SAID.values() for field in fields.values()]
WORK = {Label.TICKET, Label.MESSAGE, Label.COMMENT, Label.ROUTE, Label.HANDOVER}


def test_every_property_of_every_type_is_a_field_or_hidden_with_a_reason() -> None:
    stored = {f"{label}.{item.name}" for label in TYPES for item in NODES[label].properties}
    shown = {f"{field.type}.{field.property.name}" for field in ALL if field.property}
    assert set(HIDDEN) <= stored
    assert shown == stored - set(HIDDEN)
    assert all(HIDDEN.values())


def test_what_is_secret_or_sensitive_is_no_field() -> None:
    assert not {field.tier for field in ALL} & {Tier.SECRET, Tier.SENSITIVE}


def test_every_coordinate_has_a_tier_and_no_other_has() -> None:
    assert set(TIERS) == {*map(str, TYPES), *(field.coordinate for field in (*ALL, *TOLD))}
    assert all(TIERS[field.coordinate] is field.tier for field in (*ALL, *TOLD))
    assert all(TIERS[label] is tier for label, tier in ROW_TIERS.items())


def test_a_property_field_has_the_tier_of_its_property() -> None:
    assert all(field.tier is field.property.tier for field in ALL if field.property)
    assert {field.tier for field in ALL if _sealed(field)} == {Tier.PERSONAL}


def _sealed(field: Field) -> bool:
    return field.property is not None and field.property.sealed


def test_sealed_properties_are_one_field_each() -> None:
    assert {field.coordinate for field in ALL if _sealed(field)} == {
        "Customer.name",
        "Customer.address",
        "Customer.birthDate",
        "Identity.value",
    }


def test_what_relationships_say_is_told_beside_the_field_and_no_more_openly() -> None:
    for one in TOLD:
        along = FIELDS[one.type][one.along]
        assert (one.hops, one.targets) == (along.hops, along.targets)
        assert one.name not in FIELDS[one.type]
        assert one.said == RELATIONSHIPS[one.hops[0].type].properties
        tiers = {along.tier, *(item.tier for item in one.said)}
        assert one.tier is max(tiers, key=list(Tier).index)
        assert find_field(one.coordinate) is one


def test_no_field_is_both_a_property_and_a_relationship() -> None:
    names = [(field.type, field.name) for field in ALL]
    expected = sum(len(fields) for fields in FIELDS.values())
    assert len(set(names)) == len(names) == expected
    for field in ALL:
        assert (field.property is None) == bool(field.hops) == bool(field.targets)
    stored = {(label, camel(item.name)) for label in TYPES for item in NODES[label].properties}
    assert not stored & {(field.type, field.name) for field in ALL if field.hops}


@pytest.mark.parametrize(
    "field", [field for field in ALL if field.hops], ids=lambda f: f.coordinate
)
def test_hops_lead_from_the_type_to_its_targets(field: Field) -> None:
    (hop,) = field.hops
    kind = RELATIONSHIPS[hop.type]
    here, there = (kind.targets, kind.sources) if hop.inverse else (kind.sources, kind.targets)
    assert field.type in here
    assert set(field.targets) <= set(there)
    assert set(field.targets) <= set(TYPES)


def test_every_relationship_between_types_is_reached_from_both_ends() -> None:
    """But where one end is of no use to a front end, which is said here."""
    one_way = {
        (RelationshipType.MENTIONS, Label.DEPARTMENT, True),
        (RelationshipType.PROPOSED, Label.DEPARTMENT, True),
        (RelationshipType.HANDED_FROM, Label.DEPARTMENT, True),
        (RelationshipType.HANDED_TO, Label.DEPARTMENT, True),
    }
    walked = {(hop.type, field.type, hop.inverse) for field in ALL for hop in field.hops}
    expected = {
        (kind.type, label, inverse)
        for kind in RELATIONSHIPS.values()
        for inverse, labels, others in (
            (False, kind.sources, kind.targets),
            (True, kind.targets, kind.sources),
        )
        for label in labels
        if label in TYPES and set(others) & set(TYPES)
    }
    assert walked == expected - one_way


@pytest.mark.parametrize("label", TYPES)
def test_what_touches_people_or_work_is_internal(label: Label) -> None:
    catalogue = label not in WORK | {Label.CUSTOMER, Label.IDENTITY, Label.ORDER, Label.AGENT}
    assert ROW_TIERS[label] is (Tier.PUBLIC if catalogue else Tier.INTERNAL)
    for field in FIELDS[label].values():
        if field.hops:
            open_ = catalogue and all(ROW_TIERS[one] is Tier.PUBLIC for one in field.targets)
            assert field.tier is (Tier.PUBLIC if open_ else Tier.INTERNAL), field.coordinate


@pytest.mark.parametrize(
    ("coordinate", "hop", "targets", "many"),
    [
        ("Ticket.department", Hop(type=RelationshipType.ASSIGNED_TO), [Label.DEPARTMENT], False),
        (
            "Ticket.customer",
            Hop(type=RelationshipType.RAISED, inverse=True),
            [Label.CUSTOMER],
            False,
        ),
        (
            "Ticket.mentions",
            Hop(type=RelationshipType.MENTIONS),
            [Label.PRODUCT, Label.CATEGORY, Label.ORDER, Label.DEPARTMENT],
            True,
        ),
        ("Handover.source", Hop(type=RelationshipType.HANDED_FROM), [Label.DEPARTMENT], False),
        ("Handover.target", Hop(type=RelationshipType.HANDED_TO), [Label.DEPARTMENT], False),
        (
            "Category.products",
            Hop(type=RelationshipType.PART_OF, inverse=True),
            [Label.PRODUCT],
            True,
        ),
    ],
)
def test_a_field_is_found_by_its_coordinate(
    coordinate: str, hop: Hop, targets: list[Label], many: bool
) -> None:
    field = find_field(coordinate)
    assert field is not None
    assert (field.coordinate, field.hops, field.many) == (coordinate, (hop,), many)
    assert list(field.targets) == targets


@pytest.mark.parametrize(
    "name", ["", ".", "Ticket", "Ticket.", "Ticket.lock", "Epoch.value", "ticket.state", "X.y"]
)
def test_what_is_no_field_is_not_found(name: str) -> None:
    assert find_field(name) is None


def test_only_single_texts_can_be_masked() -> None:
    masked = {field.coordinate for field in ALL if field.maskable}
    assert "Customer.name" in masked
    assert not masked & {"Ticket.createdAt", "Agent.languages", "Ticket.customer", "Ticket.rating"}
    assert all(
        field.property and field.property.kind is Kind.TEXT for field in ALL if field.maskable
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [("id", "id"), ("name_zh", "nameZh"), ("first_response_at", "firstResponseAt")],
)
def test_names_are_camel_case(name: str, expected: str) -> None:
    assert camel(name) == expected
