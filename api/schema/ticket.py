"""Tickets."""

from enum import Enum

import strawberry

from api.schema.noun import Noun
from graph.vocabulary import Label


@strawberry.enum(description="What can be done to a ticket by name. 工单操作")
class TicketAction(Enum):
    """Those of ``graph/states.py``."""

    ASSIGN = strawberry.enum_value(
        "assign", description="Give it to a department or an agent. 分派"
    )
    TRIAGE = strawberry.enum_value("triage", description="Leave it to a person who chooses. 分诊")
    ANSWER = strawberry.enum_value("answer", description="Write to the customer. 答复")
    HANDOVER = strawberry.enum_value(
        "handover", description="Hand it over to another department. 转交"
    )
    CORRECT = strawberry.enum_value("correct", description="Say where it should have gone. 更正")
    RESOLVE = strawberry.enum_value("resolve", description="Declare it solved. 解决")
    REOPEN = strawberry.enum_value("reopen", description="Open it again. 重开")
    COMMENT = strawberry.enum_value("comment", description="Note something inside. 备注")
    RATE = strawberry.enum_value("rate", description="Say how it went. 评分")


TICKET = Noun(
    label=Label.TICKET,
    root="tickets",
    text="A customer's request, from arrival to resolution. 工单",
    fields={
        "id": "Global id. 编号",
        "state": "Where it stands. 状态",
        "subject": "Its first words, redacted. 主题",
        "language": "zh or en. 语言",
        "createdAt": "When it arrived. 创建时间",
        "firstResponseAt": "When it was first answered. 首次响应时间",
        "assignedAt": "When it was routed. 分派时间",
        "handedOverAt": "When it was last handed over. 转交时间",
        "correctedAt": "When a person last corrected where it went. 更正时间",
        "solvedAt": "When it was solved. 解决时间",
        "reopenedAt": "When it was last reopened. 重开时间",
        "seq": "Place in the order of arrival. 序号",
        "version": "Moves with every change. 版本",
        "reopenedCount": "How often it was reopened. 重开次数",
        "rating": "What the customer thought of it, 1 to 5. 评分",
        "customer": "Who raised it. 客户",
        "channel": "How it arrived. 渠道",
        "department": "Who has it. 部门",
        "agent": "Who works on it. 客服人员",
        "issues": "What it is about. 问题",
        "mentions": "What it mentions. 提及",
        "messages": "What was said. 消息",
        "comments": "What was noted inside. 备注",
        "handovers": "How it went from hand to hand. 转交",
        "route": "How it was routed. 路由",
        "resolution": "What solved it. 解决方案",
    },
)
CHANNEL = Noun(
    label=Label.CHANNEL,
    root="channels",
    text="A way by which messages arrive. 渠道",
    fields={
        "id": "Global id. 编号",
        "nameZh": "Chinese name. 中文名称",
        "nameEn": "English name. 英文名称",
        "tickets": "Tickets that came by it. 工单",
    },
)
