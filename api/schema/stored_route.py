"""Routes as they are kept with their tickets."""

from api.schema.noun import Noun
from graph.vocabulary import Label

ROUTE = Noun(
    label=Label.ROUTE,
    root="routes",
    text="Where a ticket was routed, as stored. 路由",
    fields={
        "id": "Global id. 编号",
        "model": "Versioned name of the model. 模型",
        "reason": "Why a person had to decide. 分诊原因",
        "confidence": "The best candidate's score, 0 to 1. 置信度",
        "margin": "Best score less the second. 差距",
        "policyEpoch": "Policy in force. 策略纪元",
        "knowledgeEpoch": "Knowledge in force. 知识纪元",
        "createdAt": "When. 时间",
        "ticket": "Its ticket. 工单",
        "proposed": "Departments that were candidates. 候选部门",
    },
)
