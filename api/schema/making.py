"""Types made from tables: the one place that knows how strawberry is handed a type as data."""

import keyword
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField


@dataclass(frozen=True, kw_only=True, slots=True)
class Typed:
    """A field or an argument: what it is, in words, and its own arguments."""

    of: Any
    text: str
    arguments: tuple[StrawberryArgument, ...] = ()


def shell(name: str, *bases: type) -> type:
    """An empty class, to be referred to before its fields are known."""
    return type(name, bases, {"__module__": __name__, "__annotations__": {}})


def object_type(cls: type, text: str, fields: Mapping[str, Typed]) -> None:
    """Make ``cls`` an object type; nothing resolves its fields."""
    _fill(cls, fields)
    strawberry.type(cls, description=text)


def input_type(cls: type, text: str, fields: Mapping[str, Typed], *, one_of: bool = False) -> None:
    """Make ``cls`` an input; a field is required where its type is not optional."""
    _fill(cls, fields, default=strawberry.UNSET)
    strawberry.input(cls, description=text, one_of=one_of)


def enum_type(name: str, text: str, values: Mapping[str, tuple[Any, str]]) -> Any:
    """An enum; each value stands for something and says so."""
    members = {
        key: strawberry.enum_value(value, description=words)
        for key, (value, words) in values.items()
    }
    return strawberry.enum(Enum(name, members), description=text)  # type: ignore[call-overload]


def argument(name: str, typed: Typed) -> StrawberryArgument:
    """One argument, optional where its type is."""
    return StrawberryArgument(
        python_name=_python(name),
        graphql_name=name,
        type_annotation=StrawberryAnnotation(typed.of),
        description=typed.text,
    )


def _fill(cls: type, fields: Mapping[str, Typed], **more: Any) -> None:
    for name, typed in fields.items():
        made = StrawberryField(
            python_name=_python(name),
            graphql_name=name,
            type_annotation=StrawberryAnnotation(typed.of),
            description=typed.text,
            **more,
        )
        made.arguments = list(typed.arguments)
        setattr(cls, _python(name), made)
        cls.__annotations__[_python(name)] = typed.of


def arguments(fields: Mapping[str, Typed]) -> tuple[StrawberryArgument, ...]:
    """All of ``fields`` as arguments."""
    return tuple(argument(name, typed) for name, typed in fields.items())


def in_words(names: Iterable[str]) -> str:
    """``a, b or c``."""
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last


def _python(name: str) -> str:
    return f"{name}_" if keyword.iskeyword(name) else name


def name_of(python: str) -> str:
    """What ``_python`` was given."""
    name = python.removesuffix("_")
    return name if keyword.iskeyword(name) else python
