"""Orders."""

from api.schema.noun import Noun
from graph.vocabulary import Label

ORDER = Noun(
    label=Label.ORDER,
    root="orders",
    text="What a customer bought. 订单",
    fields={
        "id": "Global id. 编号",
        "number": "Number as printed. 订单号",
        "status": "Where it stands. 状态",
        "currency": "ISO 4217 code. 币种",
        "paymentMethod": "How it was paid. 支付方式",
        "tracking": "Tracking number. 运单号",
        "total": "Sum in the currency. 金额",
        "placedAt": "When it was placed. 下单时间",
        "customer": "Who placed it. 客户",
        "products": "What it contains. 产品",
        "tickets": "Tickets that mention it. 工单",
    },
)
