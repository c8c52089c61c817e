"""Files that say what a policy must and must not do, as a person reads them.

A folder of YAML files. ``principals`` and ``resources`` are named once, in any of the files, and
are known in all of them; a case is one line, ``[who, action, what, effect]``::

    principals:
      kim: {roles: [agent], departments: [billing]}
    resources:
      ours: {type: Ticket, departments: [billing], customer: c-1}
    cases:
      - [kim, read, ours.subject, full]

A resource says where its walks lead (``graph/scopes.py``): to which departments, lines, customer
and agent. ``effect`` is ``full``, ``masked`` or ``none``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from graph.fields import ROW_TIERS
from graph.model import Actor
from graph.rights import ACTIONS, RESOURCES, Scope, Show
from policies.errors import CaseFileError
from policies.objects import OBJECTS, actions_of
from policies.text import ROLES

PRINCIPAL_KEYS = ("roles", "customer", "departments", "lines", "agent", "granted")
RESOURCE_KEYS = ("type", "id", "customer", "departments", "lines", "agent")
SECTIONS = ("principals", "resources", "cases")
_LISTS = frozenset({"roles", "departments", "lines", "granted"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Resource:
    """A row of ``type``, or a resource of that name, and whose it is by scope."""

    type: str
    values: Mapping[Scope, frozenset[str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """``who`` doing ``action`` to ``what`` (``ours.subject``) must come to ``expected``."""

    file: str
    line: int
    who: str
    actor: Actor
    action: str
    what: str
    coordinate: str
    resource: Resource
    expected: Show


def read_cases(folder: Path) -> list[Case]:
    """Every case of every ``*.yaml`` in ``folder``, in the order of files and lines.

    Raises:
        CaseFileError: no such folder, no case, or a file with an unknown name, key or effect.
    """
    files = {path.name: _entries(path) for path in sorted(folder.glob("*.yaml"))}
    actors: dict[str, Actor] = {}
    resources: dict[str, Resource] = {}
    for name, entries in files.items():
        for section, line, key, value in entries:
            where = f"{name}:{line}"
            if section != "cases" and (key in actors or key in resources):
                raise CaseFileError(f"{where}: {key!r} is named already")
            if section == "principals":
                actors[key] = _actor(key, value, where)
            elif section == "resources":
                resources[key] = _resource(key, value, where)
    cases = [
        _case(value, file=name, line=line, actors=actors, resources=resources)
        for name, entries in files.items()
        for section, line, _, value in entries
        if section == "cases"
    ]
    if not cases:
        raise CaseFileError(f"{folder}: no *.yaml file with cases")
    return cases


def _entries(path: Path) -> list[tuple[str, int, str, Any]]:
    """(section, line, name, value) of everything in one file; cases have no name."""
    try:
        loader = yaml.SafeLoader(path.read_text(encoding="utf-8"))
        root = loader.get_single_node()
        return list(_walk(loader, root, path.name)) if root else []
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise CaseFileError(f"{path.name}:{line}: not YAML: {error.problem}") from None
    except yaml.YAMLError as error:
        raise CaseFileError(f"{path.name}: not YAML: {error}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise CaseFileError(f"{path.name}: cannot be read: {error}") from None


def _walk(
    loader: yaml.SafeLoader, root: yaml.Node, file: str
) -> Iterator[tuple[str, int, str, Any]]:
    if not isinstance(root, yaml.MappingNode):
        raise CaseFileError(f"{file}:1: expected the sections {', '.join(SECTIONS)}")
    for key, value in root.value:
        section, line = str(key.value), key.start_mark.line + 1
        if section not in SECTIONS:
            allowed = ", ".join(SECTIONS)
            raise CaseFileError(f"{file}:{line}: section is {section!r}; allowed: {allowed}")
        named = section != "cases"
        if not isinstance(value, yaml.MappingNode if named else yaml.SequenceNode):
            shape = "names, each with its keys" if named else "a list of cases"
            raise CaseFileError(f"{file}:{line}: {section} holds {shape}")
        for item in value.value:
            name, node = item if named else (None, item)
            built = loader.construct_object(node, deep=True)
            yield (
                section,
                (name or node).start_mark.line + 1,
                str(name.value) if name else "",
                built,
            )


def _actor(name: str, value: Any, where: str) -> Actor:
    given = _checked(value, PRINCIPAL_KEYS, f"{where}: {name}")
    roles = _strings(given.get("roles"))
    if unknown := sorted(roles - set(ROLES)):
        raise CaseFileError(f"{where}: {name}: no role {unknown[0]!r}; roles: {', '.join(ROLES)}")
    return Actor(
        id=name,
        roles=roles,
        customer_id=given.get("customer"),
        department_ids=_strings(given.get("departments")),
        line_ids=_strings(given.get("lines")),
        agent_id=given.get("agent"),
        granted_ids=_strings(given.get("granted")),
    )


def _resource(name: str, value: Any, where: str) -> Resource:
    given = _checked(value, RESOURCE_KEYS, f"{where}: {name}")
    types = (*ROW_TIERS, *RESOURCES)
    if given.get("type") not in types:
        found = given.get("type")
        raise CaseFileError(f"{where}: {name}: type is {found!r}; allowed: {', '.join(types)}")
    values = {
        Scope.OWN_LINE: _strings(given.get("lines")),
        Scope.OWN_DEPARTMENT: _strings(given.get("departments")),
        Scope.OWN_CUSTOMER: _strings(given.get("customer")),
        Scope.ASSIGNED: _strings(given.get("agent")),
        Scope.GRANTED: _strings(given.get("id")),
    }
    return Resource(type=given["type"], values=values)


def _checked(value: Any, keys: tuple[str, ...], where: str) -> Mapping[str, Any]:
    """``value`` as a mapping with these keys only, each a text or, where it may, a list of them."""
    if not isinstance(value, dict):
        raise CaseFileError(f"{where}: expected the keys {', '.join(keys)}")
    for key, given in value.items():
        if key not in keys:
            raise CaseFileError(f"{where}: no key {key!r}; allowed: {', '.join(keys)}")
        fits = isinstance(given, list if key in _LISTS else str)
        if not fits or not all(isinstance(one, str) for one in given):
            raise CaseFileError(f"{where}: {key} is {'a list' if key in _LISTS else 'one text'}")
    return value


def _strings(value: Any) -> frozenset[str]:
    return frozenset([value] if isinstance(value, str) else value or ())


def _case(
    value: Any,
    *,
    file: str,
    line: int,
    actors: Mapping[str, Actor],
    resources: Mapping[str, Resource],
) -> Case:
    where = f"{file}:{line}"
    if not isinstance(value, list) or [*map(type, value)] != [str] * 4:
        raise CaseFileError(f"{where}: a case is [who, action, what, effect], four texts")
    who, action, what, expected = value
    name, dot, field = what.partition(".")
    for word, one, known in (
        ("who", who, actors), ("action", action, ACTIONS), ("what", name, resources),
        ("effect", expected, tuple(Show)),
    ):  # fmt: skip
        if one not in known:
            raise CaseFileError(f"{where}: {word} is {one!r}; known: {', '.join(known)}")
    coordinate = f"{resources[name].type}{dot}{field}"
    if coordinate not in OBJECTS:
        raise CaseFileError(f"{where}: there is no {coordinate!r}")
    if action not in actions_of(coordinate):
        allowed = ", ".join(sorted(actions_of(coordinate)))
        raise CaseFileError(f"{where}: {action!r} on {coordinate}; it knows: {allowed}")
    return Case(
        file=file,
        line=line,
        who=who,
        actor=actors[who],
        action=action,
        what=what,
        coordinate=coordinate,
        resource=resources[name],
        expected=Show(expected),
    )
