"""Phrase banks for the sample history: what customers say around the thing they write about.

Shared by every company and every issue, so nothing here names a fault, a product or a department.
Slots: ``{n}`` a small number, ``{m}`` a count of months, ``{d}`` a day, ``{x}`` what the bank's
comment says.
"""

from collections.abc import Mapping

GREETINGS: Mapping[str, tuple[str, ...]] = {
    "zh": (
        "你好，",
        "您好！",
        "客服在吗？",
        "亲，",
        "尊敬的客服，",
        "哈喽，",
        "在吗，",
        "麻烦问下，",
        "你们好，",
        "请问，",
        "打扰了，",
        "人工客服！",
    ),
    "en": (
        "Hello,",
        "Hi there,",
        "Good morning,",
        "Dear team,",
        "Hey,",
        "Good evening,",
        "Hi,",
        "To whom it may concern,",
        "Hello again,",
        "Dear Sir or Madam,",
        "Greetings,",
    ),
}

SIGN_OFFS: Mapping[str, tuple[str, ...]] = {
    "zh": (
        "谢谢！",
        "麻烦尽快回复。",
        "辛苦了。",
        "等你们消息。",
        "多谢帮忙！",
        "祝工作顺利。",
        "拜托了。",
        "请今天给个答复。",
        "感谢。",
        "急急急！",
        "在线等。",
    ),
    "en": (
        "Thanks.",
        "Kind regards",
        "Best wishes",
        "Please get back to me soon.",
        "Cheers",
        "Many thanks for your help.",
        "Waiting for your reply.",
        "Thank you in advance!",
        "Sincerely",
        "Please hurry.",
        "Regards",
    ),
}

# {x} is a product's name or alias.
MENTIONS: Mapping[str, tuple[str, ...]] = {
    "zh": (
        "我家的是{x}。",
        "型号是{x}。",
        "我买的{x}。",
        "关于{x}。",
        "说的是{x}这台。",
        "机器：{x}。",
        "去年买了你们的{x}。",
        "刚入手{x}没多久。",
        "{x}用了{m}个月。",
        "我在用{x}。",
    ),
    "en": (
        "It is the {x}.",
        "Model: {x}.",
        "I own a {x}.",
        "This is about my {x}.",
        "We bought the {x} last year.",
        "My {x} is {m} months old.",
        "I am writing about the {x}.",
        "Our {x} again.",
        "I have had the {x} for {n} weeks.",
    ),
}

# {x} is an order number.
ORDERS: Mapping[str, tuple[str, ...]] = {
    "zh": (
        "订单号{x}。",
        "单号：{x}",
        "订单是{x}，麻烦查一下。",
        "（订单 {x}）",
        "编号{x}那一单。",
    ),
    "en": (
        "Order number {x}.",
        "My order is {x}.",
        "(order {x})",
        "Reference {x}.",
        "The order in question: {x}.",
    ),
}

# {x} is a telephone number or an e-mail address.
CONTACTS: Mapping[str, tuple[str, ...]] = {
    "zh": ("可以打{x}找我。", "我的联系方式：{x}", "回复到{x}就行。", "{d}下午打{x}比较方便。"),
    "en": (
        "You can reach me on {x}.",
        "My contact: {x}",
        "Please answer to {x}.",
        "Best to try {x} on {d}.",
    ),
}

# {x} is the name or an alias of the issue, where the customer gives one.
NAMED: Mapping[str, tuple[str, ...]] = {
    "zh": (
        "想咨询一下{x}的问题。",
        "就是{x}，怎么弄？",
        "又是{x}。",
        "{x}，帮忙看看。",
        "主题：{x}。",
        "请问{x}应该找谁？",
        "我要处理{x}。",
    ),
    "en": (
        "My question is about {x}.",
        "It is a matter of {x}.",
        "Subject: {x}.",
        "Again {x}.",
        "Who do I ask about {x}?",
        "I need help, {x}.",
        "Could somebody look into {x}?",
    ),
}

# Said instead of any description: only the context can tell what is meant.
VAGUE: Mapping[str, tuple[str, ...]] = {
    "zh": (
        "还是老样子，怎么办？",
        "上次说的那个事有结果了吗？",
        "不行啊。",
        "跟{d}一样的情况。",
        "你们看一下截图吧。",
        "照你们说的做了，没用。",
        "又来了，已经第{n}次。",
        "有人管吗？",
        "电话里讲过了，就是那个毛病。",
        "到底怎么处理？",
    ),
    "en": (
        "Same as before, what now?",
        "Any news on what I told you on {d}?",
        "It did not help.",
        "Please see the screenshot.",
        "I did what you said and nothing changed.",
        "There it is again, time number {n}.",
        "Is anybody looking after this?",
        "I explained it on the phone, that is what I mean.",
        "So what happens next?",
    ),
}

DETAILS: Mapping[str, tuple[str, ...]] = {
    "zh": (
        "从{d}开始的。",
        "已经{n}天了。",
        "家里有老人和孩子，比较着急。",
        "说明书翻了好几遍没找到。",
        "试过重启，也问过邻居。",
        "之前一直挺好，没出过事。",
        "网上查了好多办法，越看越糊涂。",
        "我平时上班，只有晚上有空。",
        "上次的客服说{n}个小时内回电，没等到。",
        "照片可以发给你们。",
        "买的时候可不是这么说的。",
        "不知道是不是我操作不对。",
        "这个要多久能好？",
        "周末之前能弄好吗？",
        "我不太懂这些，麻烦讲简单点。",
        "我爱人也打过一次电话。",
        "希望不要再推来推去。",
        "要是需要什么材料告诉我。",
        "费用大概多少先说清楚。",
        "朋友推荐我才选你们家的，有点失望。",
        "第一次遇到这种事。",
        "我住得有点远，{n}公里外。",
        "下周要出差，尽量早点。",
        "其他都挺满意的。",
        "已经反映{n}回了。",
        "能不能给个准话？",
        "小区{d}停过一次水电。",
        "我把过程录了视频。",
    ),
    "en": (
        "It started on {d}.",
        "That was {n} days ago.",
        "We have small children, so it is urgent.",
        "I read the whole manual and found nothing.",
        "I restarted everything and asked a friend.",
        "Until now I never had any trouble.",
        "The forums say ten different things.",
        "I work during the day and am free only in the evening.",
        "I can send pictures.",
        "Your colleague promised to call within {n} hours and never did.",
        "That is not what I was told when I bought it.",
        "Maybe I am doing something wrong.",
        "How long is this going to take?",
        "Can this be settled before the weekend?",
        "I am not a technical person, please keep it simple.",
        "My husband already rang once.",
        "Please do not pass me from one desk to the next.",
        "Tell me if you need any papers.",
        "Let me know the cost first.",
        "A friend recommended you, so I am a little disappointed.",
        "This has never happened to me before.",
        "I live {n} kilometres out of town.",
        "I am travelling next week, so sooner is better.",
        "Apart from that I am quite happy.",
        "I have written {n} times now.",
        "A straight answer would be nice.",
        "We had a power cut on {d}.",
        "I recorded a short video of it.",
    ),
}

# {x} names some other issue, which is not what the ticket is about.
ASIDES: Mapping[str, tuple[str, ...]] = {
    "zh": (
        "上个月{x}已经处理好了，这次是别的。",
        "不是{x}，别搞错了。",
        "之前{x}也找过你们。",
        "客服一开始以为是{x}。",
    ),
    "en": (
        "Last month's {x} is solved, this is something else.",
        "And no, it is not {x}.",
        "I wrote to you before because of {x}.",
        "Your bot thought it was {x}.",
    ),
}

# Joins a second concern to the first.
ALSO: Mapping[str, tuple[str, ...]] = {
    "zh": ("另外，", "还有一件事：", "顺便问下，", "对了，", "再就是，"),
    "en": ("Also,", "One more thing:", "By the way,", "Besides that,", "And another matter."),
}

# {n} a number: the first line of a quoted message.
QUOTE_HEADS: Mapping[str, tuple[str, ...]] = {
    "zh": ("—— 原始邮件 ——", "{d}您写道：", "> 客服回复："),
    "en": ("On {d} you wrote:", "-------- Original message --------", "> From: customer care"),
}

QUOTE_TAILS: Mapping[str, tuple[str, ...]] = {
    "zh": ("> 您的来信我们已收到，编号{n}号，请耐心等待。", "> 感谢联系，我们会在{n}小时内答复。"),
    "en": (
        "> We have received your message and will answer within {n} hours.",
        "> Thank you for contacting us, your request has number {n}.",
    ),
}

DAYS: Mapping[str, tuple[str, ...]] = {
    "zh": ("周一", "周二", "星期三", "周四", "礼拜五", "周末", "昨天", "前天", "上周", "月初"),
    "en": (
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "the weekend",
        "Sunday",
        "the 3rd",
        "the 12th",
        "the 27th",
    ),
}
