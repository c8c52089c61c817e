"""Products and their categories."""

from api.schema.noun import Noun
from graph.vocabulary import Label

PRODUCT = Noun(
    label=Label.PRODUCT,
    root="products",
    text="Something we sell. 产品",
    fields={
        "id": "Global id. 编号",
        "nameZh": "Chinese name. 中文名称",
        "nameEn": "English name. 英文名称",
        "descriptionZh": "Chinese description. 中文说明",
        "descriptionEn": "English description. 英文说明",
        "price": "List price. 价格",
        "warrantyMonths": "Warranty in months. 保修月数",
        "category": "Its category. 类别",
        "lines": "Business lines it belongs to. 业务线",
        "issues": "Issues that affect it. 问题",
        "resolutions": "Resolutions that apply to it. 解决方案",
        "departments": "Departments that support it. 支持部门",
        "aliases": "Other names. 别名",
        "orders": "Orders that contain it. 订单",
        "tickets": "Tickets that mention it. 工单",
    },
)
CATEGORY = Noun(
    label=Label.CATEGORY,
    root="categories",
    text="A group of products. 类别",
    fields={
        "id": "Global id. 编号",
        "nameZh": "Chinese name. 中文名称",
        "nameEn": "English name. 英文名称",
        "parent": "The category above. 上级类别",
        "children": "The categories below. 下级类别",
        "products": "Its products. 产品",
        "issues": "Issues that affect it. 问题",
        "resolutions": "Resolutions that apply to it. 解决方案",
        "departments": "Departments that support it. 支持部门",
        "aliases": "Other names. 别名",
        "tickets": "Tickets that mention it. 工单",
    },
)
