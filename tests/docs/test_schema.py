from pathlib import Path

from graphql import build_schema as parse_schema

from api.schema import build_schema

SDL = Path(__file__).parents[2] / "api" / "schema.graphql"


def test_the_committed_schema_is_the_built_one() -> None:
    """Run ``make schema`` after a change, and read the difference."""
    assert SDL.read_text(encoding="utf-8").rstrip() == build_schema().as_str().rstrip()


def test_everything_in_the_schema_is_described() -> None:
    schema = parse_schema(SDL.read_text(encoding="utf-8"))
    ours = {name: type_ for name, type_ in schema.type_map.items() if not name.startswith("__")}
    undescribed = [
        f"{name}.{field}"
        for name, type_ in ours.items()
        for field, value in getattr(type_, "fields", {}).items()
        if not value.description
    ]
    assert undescribed == []
