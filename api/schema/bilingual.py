"""A text in both languages."""

import strawberry


@strawberry.type(description="The same in both languages. 双语文字")
class Words:
    """For people."""

    zh: str = strawberry.field(description="In Chinese. 中文")
    en: str = strawberry.field(description="In English. 英文")
