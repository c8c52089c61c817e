"""Aliases: what else people call things."""

from api.schema.noun import Noun
from graph.vocabulary import Label

ALIAS = Noun(
    label=Label.ALIAS,
    root="aliases",
    text="Another name of something. 别名",
    fields={
        "id": "Global id. 编号",
        "text": "The name. 文字",
        "names": "What it names. 所指",
    },
)
