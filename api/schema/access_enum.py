"""The words of the policy as GraphQL has them; a test holds that none is missing."""

from enum import Enum

import strawberry
from strawberry import enum_value


@strawberry.enum(description="A role of the policy. 角色")
class AccessRole(Enum):
    """``ROLES`` of ``policies/text.py``."""

    CUSTOMER = enum_value("customer", description="A customer, of what is theirs. 客户")
    AGENT = enum_value("agent", description="Works on tickets of departments. 客服人员")
    SPECIALIST = enum_value("specialist", description="An agent for a whole line. 专家")
    SUPERVISOR = enum_value("supervisor", description="Decides in a line. 主管")
    EDITOR = enum_value("editor", description="Keeps the knowledge. 知识编辑")
    ANALYST = enum_value("analyst", description="Counts and groups. 分析员")
    AUDITOR = enum_value("auditor", description="Sees who may see what. 审计员")
    ADMIN = enum_value("admin", description="Runs the platform. 管理员")
    SERVICE = enum_value("service", description="A channel or another program. 服务")


@strawberry.enum(description="What a rule may be about: a type of rows, or a resource. 策略对象")
class AccessSubject(Enum):
    """``SUBJECTS`` of ``api/services/access.py``."""

    CUSTOMER = enum_value("Customer", description="Customers. 客户")
    IDENTITY = enum_value("Identity", description="Identities. 身份标识")
    ORDER = enum_value("Order", description="Orders. 订单")
    PRODUCT = enum_value("Product", description="Products. 产品")
    CATEGORY = enum_value("Category", description="Categories. 类别")
    ISSUE = enum_value("Issue", description="Issues. 问题")
    RESOLUTION = enum_value("Resolution", description="Resolutions. 解决方案")
    ALIAS = enum_value("Alias", description="Aliases. 别名")
    DEPARTMENT = enum_value("Department", description="Departments. 部门")
    BUSINESS_LINE = enum_value("BusinessLine", description="Business lines. 业务线")
    AGENT = enum_value("Agent", description="Agents. 客服人员")
    SKILL = enum_value("Skill", description="Skills. 技能")
    CALENDAR = enum_value("Calendar", description="Working calendars. 工作日历")
    CHANNEL = enum_value("Channel", description="Channels. 渠道")
    TICKET = enum_value("Ticket", description="Tickets. 工单")
    MESSAGE = enum_value("Message", description="Messages. 消息")
    COMMENT = enum_value("Comment", description="Comments. 备注")
    ROUTE = enum_value("Route", description="Routes. 路由")
    HANDOVER = enum_value("Handover", description="Handovers. 转交")
    HISTORY = enum_value("History", description="Loading a past. 历史数据")
    KNOWLEDGE = enum_value("Knowledge", description="Asking and loading knowledge. 知识")
    MODEL = enum_value("Model", description="Training models. 模型")
    POLICY = enum_value("Policy", description="The policy itself. 策略")
    SCHEMA = enum_value("Schema", description="Introspection of this API. 接口结构")


@strawberry.enum(description="What a rule allows or denies. 操作")
class AccessAction(Enum):
    """``ACTIONS`` of ``graph/rights.py``."""

    READ = enum_value("read", description="See a row or a value. 读取")
    FILTER = enum_value("filter", description="Choose rows by a value. 筛选")
    SORT = enum_value("sort", description="Order rows by a value. 排序")
    AGGREGATE = enum_value("aggregate", description="Count, group, measure. 聚合")
    CREATE = enum_value("create", description="Make a row. 创建")
    UPDATE = enum_value("update", description="Change a row or a value. 更新")
    DELETE = enum_value("delete", description="Remove a row. 删除")
    RUN = enum_value("run", description="Run what a resource stands for. 运行")
    ASSIGN = enum_value("assign", description="Give a ticket to somebody. 分派")
    TRIAGE = enum_value("triage", description="Leave a ticket to a person who chooses. 分诊")
    ANSWER = enum_value("answer", description="Write to the customer. 答复")
    HANDOVER = enum_value("handover", description="Hand a ticket over. 转交")
    CORRECT = enum_value("correct", description="Say where a ticket should have gone. 更正路由")
    RESOLVE = enum_value("resolve", description="Declare a ticket solved. 解决")
    REOPEN = enum_value("reopen", description="Open a ticket again. 重开")
    COMMENT = enum_value("comment", description="Note something inside. 备注")
    RATE = enum_value("rate", description="Say how it went. 评分")


@strawberry.enum(description="Which rows a right reaches. 范围")
class AccessScope(Enum):
    """``Scope`` of ``graph/rights.py``."""

    ANY = enum_value("any", description="Anybody's. 任何人的")
    OWN_LINE = enum_value("own_line", description="Of the actor's business lines. 本业务线的")
    OWN_DEPARTMENT = enum_value(
        "own_department", description="Of the actor's departments. 本部门的"
    )
    OWN_CUSTOMER = enum_value("own_customer", description="The actor's as a customer. 客户本人的")
    ASSIGNED = enum_value("assigned", description="That the actor works on. 分派给本人的")
    GRANTED = enum_value("granted", description="Granted in an emergency. 紧急授权的")


@strawberry.enum(description="What is shown of a value. 显示方式")
class AccessShow(Enum):
    """``Show`` of ``graph/rights.py``."""

    FULL = enum_value("full", description="All of it. 完整")
    MASKED = enum_value("masked", description="Its masked form. 脱敏")
    NONE = enum_value("none", description="Nothing. 不可见")


@strawberry.enum(description="Why a scope shows what it shows. 原因")
class AccessReason(Enum):
    """``REASONS`` of ``policies/explain.py``."""

    RULE = enum_value("rule", description="The rule decides. 由该规则决定")
    NO_RULE = enum_value("no-rule", description="No rule allows it. 没有规则允许")
    ANYWHERE = enum_value(
        "anywhere", description="Shown in scope any, so here too. 任何范围内都可见"
    )
    NO_MASK = enum_value("no-mask", description="Masked, but has no mask. 无法脱敏")
    UNREAD = enum_value("unread", description="Not read in full here. 此处不能完整读取")
