"""The function words of both languages: what a question does, never what it is about.

What it is about has its words in the ontology and in the names of the graph.
"""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum


class Cue(StrEnum):
    """What a function word asks for."""

    WHICH = "which"
    COUNT = "count"
    ALL = "all"
    NOT = "not"
    MOST = "most"
    LEAST = "least"
    NEWEST = "newest"
    OLDEST = "oldest"
    SUM = "sum"
    MEAN = "mean"
    OWN = "own"
    COMPARED = "compared"
    WHETHER = "whether"
    HOW = "how"
    VERB = "verb"


CUES: Mapping[Cue, tuple[str, ...]] = {
    Cue.WHICH: (
        "which", "what", "whose job", "whose responsibility", "whose task", "list", "show",
        "name", "give me", "find", "who", "whom", "tell me", "哪些", "哪个", "哪款", "哪种",
        "哪家", "哪位", "哪几", "哪一个", "哪一款", "哪张", "哪单", "哪笔", "哪", "什么", "列出",
        "找出", "列一下", "谁", "有那几", "有那些",
    ),
    Cue.COUNT: (
        "how many", "number of", "count", "count of", "total number", "几个", "几件", "几款",
        "几种", "几样", "几项", "几本", "几只", "几辆", "几处", "几台", "几条", "几位", "几家",
        "几名", "几张", "几单", "几笔",
        "几次单", "几回单", "几类", "几份", "几套", "几盒", "几包", "几袋", "几瓶",
        "几晚", "几人", "几个人", "多少人", "多少个", "多少件", "多少款", "多少种", "多少台",
        "多少条", "多少位", "多少家", "多少名", "多少张", "多少单", "多少笔", "多少类", "多少份",
        "多少套", "多少盒", "多少包", "有多少", "共多少", "多少", "数量", "个数", "几",
    ),
    Cue.ALL: (
        "in our range", "in your range", "in the range", "in our catalogue", "on offer",
        "all", "every", "each", "list", "are there", "do you have", "do we have", "exist",
        "have you got", "have we got", "do u have", "can people", "can customers", "can we",
        "所有", "全部", "有哪些", "有什么", "有些什么", "有些啥",
        "有啥", "都有啥", "列出", "列一下", "都列", "一共有", "总共有", "都有",
        "都发", "发我", "发给我", "可以走", "可以通过", "能通过", "可以用",
    ),
    Cue.NOT: (
        "not", "no", "without", "don't", "doesn't", "isn't", "aren't", "didn't", "never",
        "except", "excluding", "leaving out", "not counting", "apart from", "other than",
        "neither", "nor", "dont", "doesnt", "isnt", "arent", "cannot", "can't", "cant", "won't",
        "wasn't", "weren't", "hasn't", "haven't", "hadn't", "couldn't", "wouldn't", "除了", "除去",
        "排除", "不算", "不含", "不包括", "不", "没有", "没", "非", "未", "无",
    ),
    Cue.MOST: (
        "most", "highest", "largest", "greatest", "longest", "biggest", "maximum", "top",
        "higher", "longer", "larger", "greater", "bigger", "more", "largest number of",
        "highest number of", "most often",
        "most frequently", "最频繁", "最常", "最勤", "第二多", "第三多", "第二高", "第三高",
        "第二大", "第二长", "多一点", "多一些", "多些", "多?", "多吗", "多么", "多不多", "人多",
        "人更多", "人最多", "最高", "最大", "最多", "最长", "最久", "更高", "更大", "更长", "更久",
        "更多", "较长", "较高",
    ),
    Cue.LEAST: (
        "least", "lowest", "smallest", "shortest", "minimum", "fewest", "lower", "shorter",
        "smaller", "less", "fewer", "第二少", "第三少", "第二低", "第二小", "第二短", "最低",
        "少吗", "少么", "人少", "人更少", "人最少", "最小", "最少", "最短", "更低", "更小", "更短",
        "更少", "较短", "较低",
    ),
    Cue.NEWEST: (
        "latest", "later", "newest", "most recent", "last", "recent",
        "更晚", "后下", "最新", "最近", "最近一次", "最后",
        "最晚", "上一个", "上一笔", "上一单", "最近一单", "最近一笔", "最近那单", "最近的一单",
        "最新一单", "最后一单",
    ),
    Cue.OLDEST: (
        "earliest", "earlier", "oldest", "first",
        "更早", "先下", "最早", "最先", "第一个", "第一笔", "第一单", "首个",
        "首单",
    ),
    Cue.SUM: (
        "in total", "total of all", "altogether", "all together", "added together", "add up to",
        "add up",
        "added up", "plus", "together", "orders together", "sum of", "has spent", "have spent",
        "花了多少", "消费了多少", "combined", "in all", "sum", "total",
        "加在一起", "加一块", "总数", "总共", "一共", "合计", "总和", "加起来", "总金额", "总额",
        "总计", "总消费",
    ),
    Cue.MEAN: (
        "average", "avg", "mean", "on average", "平均", "均价", "人均",
    ),
    Cue.OWN: (
        "my", "mine", "i", "me", "we", "our", "我的", "我", "咱", "本人",
    ),
    Cue.COMPARED: (
        "compare", "compared", "difference", "versus", "vs", "than", "or", "between", "same",
        "apart", "exceed", "exceeds",
        "哪个更", "哪款更", "相比", "比", "对比", "比较", "区别", "还是", "差多少", "差几", "一样",
        "in order of", "in order by", "rank", "sort", "排序", "排一下", "排个序", "从低到高",
        "从高到低", "从便宜到贵", "从贵到便宜",
    ),
    Cue.WHETHER: (
        "is", "are", "does", "do", "did", "was", "can", "has", "have", "是否", "是不是",
        "能不能", "吗", "嘛", "有没有", "会不会", "放不放", "归不归", "属不属于", "在不在",
        "贵不贵", "要不要", "需不需要", "对吧", "是吧", "对不对",
    ),
    Cue.HOW: (
        "how do", "how can", "how to", "how should", "what can i do", "what should",
        "how does one", "what to do", "what do i do", "what do i tell", "what do we do",
        "what do they do", "what can they do",
        "what can we do", "what now",
        "steps", "procedure", "步骤", "流程", "该做什么", "先做什么", "做些什么", "怎么办",
        "怎么处理", "怎样", "如何", "怎么", "咋办", "咋",
    ),
    Cue.VERB: (
        "did", "has", "have",
    ),
}  # fmt: skip
LISTING = frozenset({"find", "list", "name", "show"})
"""What asks for a list and may also tell of one: "the invoice lists another product"."""
_SILENT_EN = """
    a able about across actually all already also altogether am among amongst an and any anybody
    anyone anything anyway are as asap ask asked asking asks at available be been being boss
    both btw but by called can carried carries carry case cases catalog catalogue certain
    certainly cheers colleague colleagues come comes coming could curious currently d dear did
    different do does doesn don done each either else entire even ever every everybody everyone
    everything exactly find for from get give gonna got guess had has have having he hear heard
    hello help helps her here hey hi him his hiya hmm how i if in information into is it its
    just keep kind kindly know known knows lady least less let like list ll lol long look m
    manager many may maybe me might mine moment more most much must my name named need no not
    nothing now number of often ok okay old on one ones only or other others our out over
    overall per perhaps please pls plz possible possibly presently question quick quickly range
    re really recorded right s said same say says see sell several shall she should show side
    simply single so sold some somebody someone somewhere sorry sort sit sits still stuff
    suppose t tell than thank thanks that the their them then there these they thing things
    think this those through thx to today told too total ty type u under up ur us usually
    various ve very via wanna want wants was we well were what whats when where whether which
    who whole whom whose why will with wonder wondering would yet you your yours
"""
_SILENT_ZH = """
    笔 份 批 次
    一 上 下 不 与 且 个 中 为 么 之 也 了 于 些 什 从 他 以 们 件 会 位 何 你 候 做 元 全 共 其
    内 几 出 列 别 到 前 单 卖 去 又 及 叫 可 台 号 吃 各 名 吗 吧 呀 告 呗 呢 咋 和 哈 哦 哪 啊
    啥 嗯 嘛 在 地 块 多 大 天 她 好 如 它 家 对 小 少 就 属 已 帮 年 并 张 归 很 得 怎 总 您 想
    我 或 所 找 把 日 时 是 显 更 最 月 有 条 来 查 款 每 比 没 现 用 由 的 目 看 着 知 示 种 算
    类 级 经 儿 给 而 能 被 要 让 诉 该 说 请 谁 跟 过 还 这 道 那 部 都 里 问 间 需 项
"""
_SILENT_PHRASES = [
    "(?<=[^，。？ ])(?:[里那这]面|里头)",
    "[两俩三](?:样|者)(?=总共|一共|加|合计)",
    "(?<!有)[那这]几(?:个人|位|个|款|台)",
    "(?:处理|负责)的人(?=得|要|需|应|必须)",
    "评(?:到|为|了|成)?(?=[了]?几级)",
    "(?:所有|全部)(?:的)?订单(?=加起来|加在一起|合计)",
    "(?:查一?下|看一?下|查)(?:订单号|单号)",
    "通过",
    "(?<=我)自己",
    r"[（(][^（）()]*(?:不[要一]|not\b|whether)[^（）()]*[）)]",
    "请列出(?:[^，,。？?]{0,4}(?:id|编号|名字))?(?=[。.]?$)",
    "按[^，,。？?]{1,6}?(?:来)?算(?:的话)?(?=[，,])",
    "(?:客户|用户)?自己(?:弄|修|搞|处理)不(?:好|了|定)(?:的话)?",
    "除了?这[单个笔](?:之外|以外|外)?(?=还)",
    "是?一起(?=买|下单|订|购)",
    "(?:手上|手头|手里)(?=[现目一共还有的])",
    r"(?<=\d)['’]s\b",
    r"\b(?:pull|bring) up\b",
    r"\btaking\b(?= all\b)",
    r"(?<=\bmost )money\b",
    "[这那][个种类](?:问题|毛病|情况|故障|现象)",
    "(?:迄今|到目前|截至目前)(?:为止)?",
    "[瞅瞧](?:一眼|一下|瞅|瞧)?",
    "既",
    "联系(?:我们|你们)",
    "官方",
    "到现在(?:为止)?",
    "新增(?:了|加)?(?=[多几])",
    "[客用]户们?常说的?",
    "(?:客户|用户|顾客|大家)(?=(?:可以|能)(?:走|通过|用)[哪什])",
    "(?:历史上|有史以来|至今)",
    r"check(?:\s?一?下)",
    "(?:公司)?(?:一共|总共|目前|现在)?(?:下设|设了|设有)",
    "(?:我们|咱们?)?公司(?=(?:总共|一共|共有)[^员人]*$)",
    "请教",
    "[排上值](?=[^，,。？?]{1,6}班(?!次))",
    "整机",
    "(?:全|整个)公司(?:里)?",
    "(?:先说|说到|说回|再说|至于)(?:说)?",
    "处于",
    "达到",
    "请问",
    "帮忙",
    "看一眼",
    "东西",
    "来着",
    "看一下",
    "看下",
    "报一下",
    "知识库",
    "参考",
    "活儿",
    "一点",
    "的话",
    "麻烦",
    "打听",
    "咨询",
    "了解",
    "顺便",
    "对了",
    "老板",
    "领导",
    "同事问",
    "急",
    "谢谢",
    "辛苦",
    "具备",
    "能不能",
    "可不可以",
    "方便",
    "告知",
    "一遍",
    "目前",
    "现在",
    "当前",
    "分别",
    "大概",
    "究竟",
    "到底",
    "其实",
    "比如",
    "例如",
    "咱们",
    "家里",
    "有没有",
    "这位",
    "那位",
    "哪位",
    "各自",
    "总共",
    "全部",
    "具体",
    "详细",
    "相关",
    "情况",
    "信息",
    "资料",
]
_SOMEBODY = (
    r"\bdid (?:the|this|that) [a-z]+\b"
    r"(?= (?:buy|order|pay|place|purchase|take|get|book|return|receive)\b)"
)
_WAITING = (
    r"\b(?:the |my |a )?(?:customer|caller|client|lady|man)(?:'s| is)? "
    r"(?:already |still )?(?:on the (?:phone|line)|waiting|holding)\b"
    "|(?:客户|顾客|对方|人家)(?:还)?(?:在线上?等着?|在等着?|等着|在电话上)"
)
_AT_LEISURE = (
    r"\bwhen(?:ever)? you (?:have|get|find) (?:a|some|the) "
    r"(?:chance|minute|moment|sec(?:ond)?|time)\b"
)
_TO_NO_AVAIL = (
    "(?:如果|要是|万一)?(?:这样|那样|[这那它])?(?:还是?|仍然?|也)?(?:不行|没用|没效果?|不管用"
    "|(?:处理|解决|搞|弄|修)不(?:了|定|好))(?:的话|[，,])[，,]?"
    r"|\b(?:and )?if (?:that|this|it|none of (?:that|this|it))(?: still)?"
    r"(?: (?:does not|did not|will not|would not)|\s(?:doesn|didn|won|wouldn)['’]?t|)"
    r" (?:helps?|works?|fix(?:es)? it|solves? it|fails?)\b,?"
)
"""Before what comes next, when what was told has not helped."""
_ONLY_SO = (
    r"[,，;；。?？.]\s?(?:只|就)?(?:报|给|说|要|告诉|发)?我?(?:个|一下)?(?:编号|单号|名字|名称|id)"
    r"(?:给我)?(?:就行|即可|就好|就可以|就够)了?\W*$"
    r"|[,;.?]\s?(?:just|only) (?:the |their )?(?:ids?|names?|numbers?)"
    r"(?: please| is enough| are enough| will do)?\W*$"
)
"""In what form something is told."""
_COUNTED_IN = re.compile(
    r"[,(（，]\s?(?:even |also )?(?:(?:including|counting) (?:the )?[a-z]+(?: ones| orders)?"
    r"|[a-z]+ (?:orders |ones )?included)(?=\W*$)"
    r"|[（(，,]?(?:包[括含]|含|连)?[^，,（(。？?]{1,5}?的?(?:订单|单子)?"
    r"也(?:都|要)?(?:算|包括|计入|统计)(?:在内|进去|上)?[)）]?(?=\W*$)"
)
"""What is counted in bounds nothing."""
_COUNTS_IN = ("也", "includ", "counting")
_SILENT_PHRASE = re.compile(
    "|".join(
        (
            *_SILENT_PHRASES,
            r"\bin order to\b",
            r"\bgoing on\b",
            r"\b(?:get in touch with|contact|reach) us\b",
            r"\bat present\b",
            r"\bwhatever (?:their|its|the) (?:status|state)\b|不管什么状态|无论状态",
            r"\bin the (?:whole |entire )?company\b",
            r"\bon (?:record|file)\b",
            r"\bin the system\b",
            r"\bso far\b",
            r"(?<=\bmy )own\b",
            r"\bbefore(?=\W*$)",
            r"\bi mean\b",
            r"\bany idea\b|\bthese days\b|\bnowadays\b",
            r"\bgood (?:morning|afternoon|evening|day)\b",
            _AT_LEISURE,
            r"\bi\.e\.?|\be\.g\.?",
            r"\bin (?:money|monetary|value) terms\b|\bin terms of (?:money|value)\b",
            _WAITING,
            _ONLY_SO,
            _TO_NO_AVAIL,
            r"\bof all\b(?! (?:the|my|our|these|those)\b)",
            r"\b(?:came|come|have come) in\b",
            _SOMEBODY,
        )
    )
)
"""What says nothing together, though each word of it may say something."""


def silent_spans(folded: str) -> Iterator[tuple[int, int]]:
    """Where phrases stand that say nothing."""
    yield from (found.span() for found in _SILENT_PHRASE.finditer(folded))
    if any(word in folded for word in _COUNTS_IN):
        yield from (found.span() for found in _COUNTED_IN.finditer(folded))


SILENT: Mapping[str, frozenset[str]] = {
    "en": frozenset(_SILENT_EN.split()),
    "zh": frozenset(_SILENT_ZH.split()),
}
"""What says nothing by itself: its staying unexplained makes no reading less likely."""
REPORTED = re.compile(
    r"^(?:有?[个位]?(?:顾客|客户|用户|买家)(?:今天|刚才|刚刚|刚)?(?:来电|打电话来?)?(?:说|反映|反馈|称|问)[他她]?[，,：:]?"
    r"|(?:an? |the |my )?(?:customer|caller|client|buyer)(?: is|'s)? "
    r"(?:says?|said|saying|reports?|reported|complains?|complained|asks?|claims?|claimed|requests?"
    r"|(?:wants?|needs?)(?! to\b))(?: that)?[:,]? "
    r"|[^,:：，?？]{1,40}?(?:asks?|wants to know|说|问)[:：]\s?"
    r"|(?:my|our|an?|the|some|one) [a-z]+(?: [a-z]+)? "
    r"(?:asks?|asked|is asking|is wondering|wonders|wants to know|wanted to know"
    r"|would like to know)(?: me| us)? "
    r"(?=what|which|who|how|when|where|if|whether)"
    r"|(?:my|our|an?|the|some|one) [a-z]+(?: [a-z]+){0,4}? "
    r"(?:wants|needs|requests|asks for|is after|is looking for|would like)(?= the\b)"
    r"|(?:我们?的?|有)?(?:邻居|朋友|同事|妈妈?|爸爸?|老婆|老公|家人|亲戚|室友)"
    r"(?:想问|想知道|来问|问)(?:一下|下|我)?[，,]?)"
)
"""Who told whoever asks of something: no customer is asked for."""
TELLING = re.compile(
    r"\b(?:asks?|asked|asking) (?:me|us)\b|\b(?:want|wants|like|need|needs) to know\b"
    r"|\b(?:let|tell) me know\b|\bnot (?:quite )?sure about\b|\bwanna know\b"
    r"|\bwonder(?:s|ing)?\b|想问(?:[一问]?下|问)?|想(?:知道|了解|打听)|问我|来问"
)
"""Before it somebody tells what it is about; after it is what is asked."""
THAN = re.compile(r"\bthan\b|比")
FOCUS_GAP = 3
"""Between what asks ("which", 哪些) and the class that it asks for: tokens or Han characters."""
_DETERMINERS = """
    a an any cheapest each every expensive first her his its last latest my newest of oldest our
    recent that the their this what which your
"""
DETERMINERS = frozenset(_DETERMINERS.split())
"""Before a noun; after the question's verb a bare word of the kind is a verb ("did they order")."""
