"""Department, as far as routes name it."""

import strawberry

from graph.knowledge import Knowledge
from graph.vocabulary import Label


@strawberry.type(description="A department that tickets are routed to. 部门")
class Department:
    """Its names come from the knowledge snapshot that routed."""

    id: strawberry.ID = strawberry.field(description="Id of the department. 编号")
    name_zh: str | None = strawberry.field(description="Chinese name. 中文名称")
    name_en: str | None = strawberry.field(description="English name. 英文名称")


def department_of(knowledge: Knowledge, id_: str) -> Department:
    """The department with its names, or with its id alone when it has gone since."""
    name = knowledge.names.get((Label.DEPARTMENT, id_))
    return Department(
        id=strawberry.ID(id_),
        name_zh=name.name_zh if name else None,
        name_en=name.name_en if name else None,
    )
