"""Issues."""

from api.schema.noun import Noun
from graph.vocabulary import Label

ISSUE = Noun(
    label=Label.ISSUE,
    root="issues",
    text="What may be wrong. 问题",
    fields={
        "id": "Global id. 编号",
        "nameZh": "Chinese name. 中文名称",
        "nameEn": "English name. 英文名称",
        "descriptionZh": "Chinese description. 中文说明",
        "descriptionEn": "English description. 英文说明",
        "examplesZh": "How people say it in Chinese. 中文例句",
        "examplesEn": "How people say it in English. 英文例句",
        "needs": "Fields that whoever works on it has to read in full. 所需字段",
        "parent": "The issue it is a kind of. 上级问题",
        "children": "Its kinds. 下级问题",
        "affects": "Products and categories it affects. 影响对象",
        "skills": "Skills it requires. 所需技能",
        "departments": "Departments that handle it. 负责部门",
        "resolutions": "What resolves it. 解决方案",
        "aliases": "Other names. 别名",
        "tickets": "Tickets that concern it. 工单",
    },
)
