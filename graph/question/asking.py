"""What question words ask for: somebody, a time, an amount, a reason, yes or no, or what a noun
says.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from graph.question.lexicon import Hit, Kind, lexicon, meant, words_of
from graph.question.words import SILENT
from graph.text import HAN, fold
from graph.vocabulary import Label

LONGEST = 400
"""Characters: longer texts tell a story; no fact is read out of them."""
_MOST_APART = 4
_HELLO = r"^(?:(?:and|so|hi|hello|hey|ok|please|pls)\W+)*"
_ONE = re.compile(
    _HELLO + r"(?:who|whose|whom|which|where (?:is|are|was))\b"
    r"|(?:^|[,.!]\s)what(?:['’]?s| is| are)? (?!should|can|could|do |does|did|to |is|are|if|now"
    r"|about|happens|next|would|must|step|procedure|the (?:procedure|steps|best way)|was)"
    r"|\bhow (?:big|deep|far|heavy|high|loud|many|much|old|tall|wide)\b"
    r"|^can (?:the|a|an) |^(?:is|are|was|does|did|has)\b.*\?$"
    r"|\b(?:do|would|did) you (?:\w+ )?(?:think|like|prefer|feel|believe|buy|choose|pick)\b"
    r"|[你您]们?(?:觉得|认为|喜欢)|(?:数据|参数|规格|尺寸|资料)[。？?]*$|哪一?[家位个款年里儿天月]|谁|多少|多[大高重远长宽]|几折|什么时候|几(?!步|乎|何|个?月|[年天周次]|[个位家款])"
    r"|什么(?!办|原因|情况|问题|流程|步骤|方法|办法|毛病|操作|措施|处理|解决|事|时候)"
    rf"(?=[{HAN}])|[吗嘛][?？]*$"
)
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊陆郝孔崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚"
)
_SOMEBODYS = re.compile(
    rf"(?<![{HAN}])(?:[请帮]?(?:我|问)?(?:问?查?看?一?下)?)?[{_SURNAMES}]"
    rf"(?:[{HAN}]{{1,2}}(?:先生|女士|小姐)?|先生|女士|小姐)的?(?=订单|快递|包裹|退款|工单|发票|地址|电话)"
)
"""Whose things are asked for; how things are done in general is no answer."""
_WHO = re.compile(
    r"(?:^|[,.;?!]\s)(?:and |so |hi,? |please )*whom?\b(?! knows| can tell)"
    r"|\bwhose (?:order|ticket)s?\b|谁(?!家|知道|清楚|能)|哪[家位]"
)
_WHEN = re.compile(
    r"(?:^|[,.;?!]\s)(?:and |so |since )*when (?:is|was|were|did|do|does|will|has|had|exactly)\b"
    r"|\b(?:which|what) (?:exact )?(?:year|date|day|month)(?: exactly)?"
    r"(?=\?|$| (?:is|was|were|did|does|do|has|had|will)\b)"
    r"|哪一?[年天月日]|什么时候|何时|几点|\bwhat time\b"
)
_TO_COME = re.compile(
    r"\bwill\b|(?:什么时候|何时|哪一?[天日])(?:才|就|可以|能够?|会|要)?(?:能|会|到|送|发|有)"
)
_HOW_MUCH = re.compile(r"\bhow (?:much|expensive)\b|多少钱|几块钱|多贵")
_PAID = re.compile(
    r"\bdid (?:i|we|he|she|they|the (?:customer|buyer)) pay\b|\b(?:i|we) (?:have )?paid\b"
    r"|\bcosts? (?:me|us)\b|\b(?:was|were) (?:charged|paid)\b"
    r"|我们?(?:实际)?(?:付|花)了|我们?(?:是|当时|那时)*花?多少钱买"
)
_APART = re.compile(
    r"[贵宜高低长短]了?多少|\bby how (?:much|many)\b|\bhow (?:far|many [a-z]+) apart\b"
    r"|\bhow much (?:cheaper|costlier|dearer|longer|more expensive|pricier|shorter)\b"
)
_WHETHER = re.compile(
    _HELLO + r"(?:is|are|does|do|did|was|has|can)\b(?! there| you| any)"
    r"|是不是|^[^有卖]*[吗嘛][?？]*$|不[?？]+$|[对是]吧\W*$|对不对\W*$|\b(?:right|correct|true)\?$"
)
_UNTOLD = re.compile(
    r"[你您]们?(?:觉得|认为|喜欢)|\byour (?:opinion|favou?rite)\b"
    r"|\bwhy\b|\bhow come\b|为什么|为啥|为何|什么原因|怎么会"
    r"|\bforecast\b|\b(?:will|going to|expected to) (?:[\w ]{0,40} )?"
    r"(?:drop|fall|rise|grow|change|increase|decrease|sell|go (?:up|down))\b"
    r"|\b(?:going|be|goes) on (?:holiday|leave|vacation)\b|\bon leave\b|请假|休年假"
    r"|\bnext (?:winter|summer|spring|autumn|fall|season|quarter)\b|明年[春夏秋冬]"
    r"|预计|预测|估计会|将(?:会|来)|会(?:降|涨|跌|变)|下个?季度"
)
_HOW_DOES = re.compile(
    r"\bhow (?:much|long|far|often) (?:(?!more|less)[a-z]+ )?(?:does|do|did|can|could)\b"
)
_HOW_LONG = re.compile(r"\bhow long\b|多久|多长时间")
_SEVERAL = re.compile(
    r"\b(?:who|what|which|where|when|how)\b[^?.]*(?:[,;]\s*|\b(?=and))(?P<and>and\s)?"
    r"(?:who|what|which|where|when|how)\b"
    r"|(?:哪|谁|多少|几[个款台]|什么|多久)[^。？?]*[，,；;][^。？?]*(?:哪|谁|多少|几(?!乎)|什么|多久)"
)
_ASKING = r"(?:哪|谁|多少|多[久大长]|(?<![那这])几(?!乎)|什么)"
_HALVES = re.compile(
    r"^(?P<one>.*?\b(?:who|what|which|where|when|how)\b.{6,}?)(?<!:)[,;?]*\s(?:and |plus |also )?"
    r"(?=(?:who|what|which|where|when|how)\b)(?P<other>.{6,})$"
    r"|^(?P<its>.{8,}?),?\s(?:and|plus|&)\s(?P<value>its\s.{3,})$"
    rf"|^(?P<zh>[^，,；;？?]*{_ASKING}[^，,；;？?]*)(?<![里中])[，,；;？?]\s*(?:还有|以及|另外|并且|那么?)?"
    rf"(?P<rest>.*{_ASKING}.*)$",
    re.DOTALL,
)
_THE_ONE = re.compile(
    r"(?:and |ok |so )?(?P<one>the [a-z' -]{3,40} one)[,:]\s"
    r"(?P<other>(?:what|who|when|where|how|which)\b.{4,})$"
)
_AND = re.compile(r"\s?(?:和|与|及|以及|跟|、)\s?|,?\s(?:and|&|plus)\s(?:the\s|its\s)?")
_PAIRS = (("one", "other"), ("its", "value"), ("zh", "rest"))
_NOT = re.compile(r"\b(is|are|was|were|do|does|did|has|have)n['’]t\b", re.IGNORECASE)
_WHICH_OF = re.compile(
    "(?<=[个款台]里)那(?=[个款台种][^，,。？?]{0,3}(?:便宜|贵|大|小|长|短|好|高|低|多|少))"
)
_THESE_MONTHS = re.compile("(?<=[月日号天年])这[两三四五六七八九十几]个?(?:月|天|周|年|季度)")
_SAME_BUYER = re.compile(
    r"(?:apart from|besides|other than|except(?: for)?)(?: what(?:['’]s| is) in)?(?: order)? "
    r"(?P<en>#?[\w-]*\d[\w-]*)(?: itself)?, (?P<before>.*?)\b(?:the same|its|that|the) customer\b"
    r"(?: who placed it)?(?P<after>.*)"
    r"|除了(?:订单)?\s?(?P<zh>#?[A-Za-z\d-]*\d[A-Za-z\d-]*)(?:这单|这个订单)?(?:之外|以外|外)?[，,]?"
    r"(?:同一位?|这位|该|那位)(?:客户|顾客)(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
"""Other orders of whoever placed one: "apart from …, which orders did the same customer place?"."""
_OR_NOT = re.compile(rf"(?<=[{HAN}])不[?？]+$")
_HOW_MANY = re.compile(
    r"^([^，,。？?]{1,12}[^的，,])呢[，,]\s?有?(?:几|多少)[位个单家款台笔人]?[?？]*$"
)
_WORDS = re.compile(r"[A-Za-z]{2,6}(?![A-Za-z'’])")
_AND_WHICH = re.compile(r",?\s(?:and )?(?:if so,? )?which(?: ones?)?(?=\?*$)")
_SPOKEN_OF = re.compile(
    r"^((?:[^，,。？?]{1,4}[，,])?[^，,。？?]{2,20}?)呢[，,]\s?(?=[^，,。？?]{2,}[？?]?$)"
)
_WHAT = re.compile(
    r"\b(?:what|which)(?:['’]?s)?\s(?:(?:is|are|was|were|the|a|an|your|our|its|their|exact)\s)*"
    r"(?!(?:of|for|in|on|at|by|to|from|with)\b)(?P<noun>[a-z][a-z' -]*?)"
    r"(?=\s(?:of|for|in|on|at|by|to|from|with|without|under|over|does|do|did|is|are|was|were|has"
    r"|have|had|can|could|should|will|would|must|that|when|if|and|or)\b|[^a-z' -]|$)"
)
_WHAT_HAN = re.compile(rf"(?:哪一?[个种家类款位]|什么)(?!的)(?P<noun>[{HAN}]{{2}})")
_WHAT_DO = re.compile(r"\bwhat (?:do|does|did) (?:the |our |your |most )?$")
_MOST = re.compile(rf"最([{HAN}])|\b(?:most|least) ([a-z]{{3,}})|\b([a-z]{{3,}}est)\b")
_NO_NOUN = SILENT["en"] - {"number", "total"} | {"date", "dates", "day", "days", "year"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Asks:
    """What a question asks for. ``one``: somebody or something, rather than what to do;
    ``whether``: yes or no, and not what there is; ``to_come``: when something will be;
    ``untold``: why, or how things will change, which no graph of what was can tell;
    ``several``: two things in one sentence; ``besides`` are the characters of what comes after a
    comma and may ask for the same in other words: "who handles this, which team?"

    ``how_does``: how much, long or often something does what its verb says; ``apart``: how far two
    things differ; ``paid``: what somebody paid.

    ``nouns`` are the characters of what "what" or "which" asks for; ``superlatives`` those of what
    something is said to be most; ``doers`` are the kinds of those of whom it is asked what they do.
    """

    one: bool
    who: bool
    when: bool
    to_come: bool
    how_much: bool
    how_does: bool
    apart: bool
    paid: bool
    whether: bool
    how_long: bool
    untold: bool
    several: bool
    besides: frozenset[int]
    nouns: tuple[frozenset[int], ...]
    superlatives: tuple[frozenset[int], ...]
    doers: frozenset[Label]


def pays(folded: str) -> bool:
    """Whether it is asked what somebody paid."""
    return bool(_PAID.search(folded))


def run_together(text: str) -> str:
    """What is spoken of and what is asked of it as one, 最近那单呢，送到了吗; no "and which?"."""
    text = _WHICH_OF.sub("哪", text)
    text = _THESE_MONTHS.sub("", _NOT.sub(r"\1 not", text))
    if apart := _SAME_BUYER.fullmatch(text):
        said = apart.groupdict()
        whole = "{zh}的客户{rest}" if said["zh"] else "{before}the customer of {en} also{after}"
        text = whole.format(**said)
    text = _OR_NOT.sub("吗？", _WORDS.sub(lambda found: meant(found[0]), text))
    text = _HOW_MANY.sub(r"\1呢？", text)
    return _AND_WHICH.sub("", _SPOKEN_OF.sub(r"\1", text, count=1))


def asked_apart(text: str) -> list[str]:
    """The few questions that a text asks one after the other, "how much is it, and who …?", or of
    two values, "price and warranty of …"; none where it is one.
    """
    parts: list[str] = []
    if len(text) > LONGEST:
        return parts
    if both := _two_values(text):
        return both
    if chosen := _THE_ONE.match(fold(text)):
        one, other = (text[slice(*chosen.span(name))] for name in ("one", "other"))
        return [f"which is {one}", other]
    while len(parts) < _MOST_APART and (found := _HALVES.match(fold(text))):
        one, other = next(pair for pair in _PAIRS if found[pair[0]])
        parts.append(text[found.start(one) : found.end(one)])
        text = text[found.start(other) : found.end(other)]
    return [*parts, text] if parts else []


def _two_values(text: str) -> list[str]:
    """The text with each of two values that stand side by side, 价格和保修期."""
    folded = fold(text)
    values = [hit for hit in lexicon().find(folded) if hit.names_value]
    for one in values:
        for other in values:
            apart = one.said.property != other.said.property
            if apart and _AND.fullmatch(folded, one.end, max(other.start, one.end)):
                return [
                    f"{text[: one.end]}{text[other.end :]}",
                    f"{text[: one.start]}{text[other.start :]}",
                ]
    return []


def asks_of(folded: str, hits: Iterable[Hit]) -> Asks:
    """What ``folded`` text asks for, whose phrases are ``hits``."""
    classes = [hit for hit in hits if hit.kind is Kind.CLASS]
    when = bool(_WHEN.search(folded))
    several = _SEVERAL.search(folded)
    somebodys = bool(_SOMEBODYS.search(folded))
    return Asks(
        one=somebodys or bool(_ONE.search(folded)),
        who=bool(_WHO.search(folded)),
        when=when,
        to_come=when and not somebodys and bool(_TO_COME.search(folded)),
        how_does=bool(_HOW_DOES.search(folded)),
        how_much=bool(_HOW_MUCH.search(folded)),
        apart=bool(_APART.search(folded)),
        paid=pays(folded),
        whether=bool(_WHETHER.search(folded)),
        how_long=bool(_HOW_LONG.search(folded)),
        untold=bool(_UNTOLD.search(folded)),
        several=bool(several),
        besides=frozenset(
            range(several.end(), len(folded)) if several and not several["and"] else ()
        ),
        nouns=tuple(_nouns(folded, classes)),
        superlatives=tuple(
            frozenset(range(*found.span(found.lastindex or 0))) for found in _MOST.finditer(folded)
        ),
        doers=frozenset(hit.said for hit in classes if _WHAT_DO.search(folded[: hit.start])),
    )


def _nouns(folded: str, classes: Iterable[Hit]) -> Iterator[frozenset[int]]:
    """The first noun each time; of "what is the opening time of …" that of "time"."""
    for asked in _WHAT_HAN.finditer(folded):
        noun = frozenset(range(*asked.span("noun")))
        if not any(noun <= hit.places for hit in classes):
            yield noun
    for asked in _WHAT.finditer(folded):
        start, end = asked.span("noun")
        said = [word for word in words_of(folded[start:end]) if word.text not in _NO_NOUN]
        if said:
            word = said[-1] if folded.startswith(" of", end) else said[0]
            yield frozenset(range(start + word.start, start + word.end))
