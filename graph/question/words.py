"""The function words of both languages: what a question does, never what it is about.

What it is about has its words in the ontology and in the names of the graph.
"""

from collections.abc import Mapping
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
        "which", "what", "list", "show", "name", "give me", "find", "who", "whom", "tell me",
        "哪些", "哪个", "哪款", "哪种", "哪家", "哪位", "哪几", "哪一个", "哪一款", "哪", "什么", "列出", "找出",
        "列一下", "谁",
    ),
    Cue.COUNT: (
        "how many", "number of", "count", "count of", "total number",
        "几个", "几件", "几款", "几种", "几台", "几条", "几位", "几家", "几名", "几张", "几单", "几笔", "几类",
        "多少个", "多少件", "多少款", "多少种", "多少台", "多少条", "多少位", "多少家", "多少名", "多少张",
        "多少单", "多少笔", "多少类", "有多少", "共多少", "多少", "数量", "个数", "几",
    ),
    Cue.ALL: (
        "all", "every", "each", "list", "are there", "do you have", "do we have", "exist",
        "所有", "全部", "有哪些", "有什么", "列出", "一共有", "总共有", "都有",
    ),
    Cue.NOT: (
        "not", "no", "without", "don't", "doesn't", "isn't", "aren't", "didn't", "never", "except",
        "neither", "dont", "doesnt", "isnt", "arent", "除了", "不", "没有", "没", "非", "未", "无",
    ),
    Cue.MOST: (
        "most", "highest", "largest", "greatest", "longest", "biggest", "maximum", "top", "max",
        "higher", "longer", "larger", "greater", "bigger", "more",
        "最高", "最大", "最多", "最长", "最久", "更高", "更大", "更长", "更久", "更多", "较长", "较高",
    ),
    Cue.LEAST: (
        "least", "lowest", "smallest", "shortest", "minimum", "min", "fewest",
        "lower", "shorter", "smaller", "less", "fewer",
        "最低", "最小", "最少", "最短", "更低", "更小", "更短", "更少", "较短", "较低",
    ),
    Cue.NEWEST: (
        "latest", "newest", "most recent", "last", "recent", "最新", "最近", "最近一次", "最后", "最晚",
        "上一个", "上一笔", "上一单",
    ),
    Cue.OLDEST: ("earliest", "oldest", "first", "最早", "最先", "第一个", "第一笔", "第一单", "首个", "首单"),
    Cue.SUM: (
        "in total", "total of all", "altogether", "sum of", "combined", "in all", "sum", "total",
        "总共", "一共", "合计", "总和", "加起来", "总金额", "总额", "总计", "总消费",
    ),
    Cue.MEAN: ("average", "mean", "on average", "平均", "均价"),
    Cue.OWN: ("my", "mine", "i", "me", "we", "our", "我的", "我", "咱", "本人"),
    Cue.COMPARED: (
        "compare", "compared", "difference", "versus", "vs", "than", "or", "between", "same",
        "哪个更", "哪款更", "相比", "比", "对比", "比较", "区别", "还是", "差多少", "一样",
    ),
    Cue.WHETHER: (
        "is", "are", "does", "do", "did", "was", "can", "has", "have", "是否", "是不是", "能不能", "吗", "嘛",
        "有没有", "会不会",
    ),
    Cue.HOW: (
        "how do", "how can", "how to", "how should", "what can i do", "what should", "how does one",
        "怎么办", "怎么处理", "怎样", "如何", "怎么", "咋办", "咋",
    ),
    Cue.VERB: ("did", "has", "have"),
}  # fmt: skip
SILENT: Mapping[str, frozenset[str]] = {
    "en": frozenset(
        """a an the of in on at by to for from with and or is are was were be been being am do does
        did done has have had having it its this that these those there here i me my mine we our us
        you your yours they them their he him his she her please can could would will shall may
        might must should tell show give list name find let know me us want need like get got what
        which who whom whose when where how why much many long often long old about as if so just
        also too than then now today currently still yet already any some all every each both
        either one ones kind sort type exactly really actually right hello hi hey thanks thank
        dear ok okay well please whats s t re ve d ll m want wants look see out up into per sell
        sold via under over more less only currently called named number same other others else
        most least not no don doesn""".split()
    ),
    "zh": frozenset(
        "的 了 吗 呢 啊 吧 呀 哦 嘛 么 是 在 有 里 中 由 归 被 把 给 请 问 帮 告 诉 知 道 查 一 下 些 个 款 种 件 台 条 位 家 "
        "名 张 单 这 那 它 他 她 我 你 您 们 现 在 目 前 共 总 和 与 跟 及 还 以 都 能 可 会 要 想 看 列 出 显 示 所 全 部 上 "
        "为 来 去 到 就 也 又 最 更 比 多 少 几 什 哪 谁 怎 何 如 该 其 之 对 于 从 并 且 或 而 所 让 做 说 吃 找 元 块 年 月 日 "
        "号 天 啥 咋 呗 哈 嗯 类 时 候 用 属 叫 内 间 好 很 大 小 每 各 别 级 过 得 地 着 没 不 已 经 需 卖 算".split()
    ),
}
"""What says nothing by itself: its staying unexplained makes no reading less likely."""
FOCUS_GAP = 3
"""Between what asks ("which", 哪些) and the class that it asks for: tokens or Han characters."""
DETERMINERS = frozenset(
    "a an the his her their its my our your this that latest last first newest oldest each every "
    "any which what of recent expensive cheapest".split()
)
"""Before a noun; after the question's verb a bare word of the kind is a verb ("did they order")."""
