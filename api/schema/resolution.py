"""Resolutions."""

from api.schema.noun import Noun
from graph.vocabulary import Label

RESOLUTION = Noun(
    label=Label.RESOLUTION,
    root="resolutions",
    text="How an issue is resolved. 解决方案",
    fields={
        "id": "Global id. 编号",
        "nameZh": "Chinese name. 中文名称",
        "nameEn": "English name. 英文名称",
        "actionsZh": "Steps, in Chinese. 操作步骤（中文）",
        "conditionsZh": "When each step applies, in Chinese. 适用条件（中文）",
        "expectedZh": "What to expect of each step, in Chinese. 预期结果（中文）",
        "actionsEn": "Steps, in English. 操作步骤（英文）",
        "conditionsEn": "When each step applies, in English. 适用条件（英文）",
        "expectedEn": "What to expect of each step, in English. 预期结果（英文）",
        "issues": "Issues it resolves. 问题",
        "appliesTo": "Products and categories it applies to. 适用对象",
        "tickets": "Tickets it solved. 工单",
    },
)
