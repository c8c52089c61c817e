"""Customers and the handles by which they are known."""

from api.schema.noun import Noun
from graph.vocabulary import Label

CUSTOMER = Noun(
    label=Label.CUSTOMER,
    root="customers",
    text="A person or company that buys from us. 客户",
    fields={
        "id": "Global id. 编号",
        "name": "Name; sealed. 姓名",
        "address": "Postal address; sealed. 地址",
        "birthDate": "Date of birth; sealed. 出生日期",
        "language": "Preferred language, zh or en. 语言",
        "region": "Where they live. 地区",
        "tier": "How they are served. 客户等级",
        "identities": "Handles they are known by. 身份标识",
        "orders": "What they ordered. 订单",
        "tickets": "What they asked of us. 工单",
        "departments": "Departments that serve them. 服务部门",
    },
)
IDENTITY = Noun(
    label=Label.IDENTITY,
    root="identities",
    text="A handle of a customer in one system. 身份标识",
    fields={
        "id": "Global id. 编号",
        "system": "The system that knows it. 来源系统",
        "kind": "email, phone, wechat, app or crm. 类型",
        "value": "The handle itself; sealed. 值",
        "customer": "Whose it is. 客户",
    },
)
