"""Agents, their skills and working hours."""

from api.schema.noun import Noun
from graph.vocabulary import Label

AGENT = Noun(
    label=Label.AGENT,
    root="agents",
    text="A person who works tickets. 客服人员",
    fields={
        "id": "Global id. 编号",
        "nameZh": "Chinese name. 中文名称",
        "nameEn": "English name. 英文名称",
        "languages": "Languages they work in. 语言",
        "capacity": "How many tickets at once. 接单上限",
        "roles": "Roles they act in. 角色",
        "departments": "Where they are a member. 部门",
        "skills": "What they can do. 技能",
        "calendar": "When they work. 工作日历",
        "tickets": "Tickets they work on. 工单",
    },
)
CALENDAR = Noun(
    label=Label.CALENDAR,
    root="calendars",
    text="Working hours. 工作日历",
    fields={
        "id": "Global id. 编号",
        "nameZh": "Chinese name. 中文名称",
        "nameEn": "English name. 英文名称",
        "timezone": "Such as Asia/Shanghai; UTC without. 时区",
        "hours": "Such as mon-fri 09:00-18:00. 工作时间",
        "holidays": "Days without work, such as 2026-01-01. 节假日",
        "agents": "Who works by it. 适用人员",
    },
)
SKILL = Noun(
    label=Label.SKILL,
    root="skills",
    text="What an agent can do. 技能",
    fields={
        "id": "Global id. 编号",
        "nameZh": "Chinese name. 中文名称",
        "nameEn": "English name. 英文名称",
        "agents": "Who has it. 客服人员",
        "issues": "Issues that require it. 问题",
    },
)
