"""Departments and the business lines that they belong to."""

from api.schema.noun import Noun
from graph.vocabulary import Label

DEPARTMENT = Noun(
    label=Label.DEPARTMENT,
    root="departments",
    text="A department that tickets are routed to. 部门",
    fields={
        "id": "Global id. 编号",
        "nameZh": "Chinese name. 中文名称",
        "nameEn": "English name. 英文名称",
        "descriptionZh": "Chinese description. 中文说明",
        "descriptionEn": "English description. 英文说明",
        "triage": "Whether it takes what nothing else is sure of. 是否分诊",
        "parent": "The department above. 上级部门",
        "children": "The departments below. 下级部门",
        "lines": "Business lines it belongs to. 业务线",
        "issues": "Issues it handles. 负责的问题",
        "supports": "Products and categories it supports. 支持对象",
        "aliases": "Other names. 别名",
        "customers": "Customers it serves. 服务的客户",
        "agents": "Its members. 客服人员",
        "tickets": "Tickets assigned to it. 工单",
    },
)
BUSINESS_LINE = Noun(
    label=Label.BUSINESS_LINE,
    root="businessLines",
    text="A part of the business. 业务线",
    fields={
        "id": "Global id. 编号",
        "nameZh": "Chinese name. 中文名称",
        "nameEn": "English name. 英文名称",
        "descriptionZh": "Chinese description. 中文说明",
        "descriptionEn": "English description. 英文说明",
        "departments": "Its departments. 部门",
        "products": "Its products. 产品",
        "aliases": "Other names. 别名",
    },
)
