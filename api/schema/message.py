"""What belongs to a ticket: messages, comments, handovers."""

from api.schema.noun import Noun
from graph.vocabulary import Label

MESSAGE = Noun(
    label=Label.MESSAGE,
    root="messages",
    text="What was said to a ticket, redacted. 消息",
    fields={
        "id": "Global id. 编号",
        "text": "The words, without personal identifiers. 正文（已脱敏）",
        "author": "Who said it. 作者",
        "createdAt": "When. 时间",
        "ticket": "Its ticket. 工单",
    },
)
COMMENT = Noun(
    label=Label.COMMENT,
    root="comments",
    text="A note that customers do not see. 备注",
    fields={
        "id": "Global id. 编号",
        "text": "The words. 正文",
        "author": "Who wrote it. 作者",
        "createdAt": "When. 时间",
        "ticket": "Its ticket. 工单",
    },
)
HANDOVER = Noun(
    label=Label.HANDOVER,
    root="handovers",
    text="A ticket going from one department to another. 转交",
    fields={
        "id": "Global id. 编号",
        "reason": "Why. 原因",
        "actor": "Who did it. 操作者",
        "createdAt": "When. 时间",
        "ticket": "Its ticket. 工单",
        "source": "Where it came from. 来源部门",
        "target": "Where it went. 目标部门",
    },
)
