// Everything that this page says, in both languages.
const WORDS = {
  en: {
    skip: 'To the tickets', token: 'Token', signIn: 'Sign in', ask: 'Ask', question: 'Your question',
    send: 'Ask', tickets: 'Tickets', none: 'No tickets that you may see.', more: 'Load more',
    ticket: 'Ticket', choose: 'Choose a ticket from the list.', other: '中文', live: 'live',
    quiet: 'not connected', anonymous: 'not signed in', state: 'State', customer: 'Customer',
    department: 'Department', agent: 'Agent', created: 'Created', issues: 'Issues',
    messages: 'Messages', masked: 'masked', withheld: 'not for your role', nothing: '—',
    receipt: 'Why it is here', confidence: 'confidence', margin: 'ahead by', path: 'Path',
    walked: 'Walked', points: 'Points', triaged: 'A person decides', cited: 'Where this comes from',
    unsure: 'Not sure enough; a person should take over.', cancel: 'Cancel', do: 'Do it',
    text: 'Text', reason: 'Reason', rating: 'Rating, 1 to 5', gone: 'This ticket is not to be seen.',
    failed: 'The server does not answer.',
    new: 'new', triage: 'triage', assigned: 'assigned', answered: 'answered', solved: 'solved', reopened: 'reopened',
    ASSIGN: 'Assign', TRIAGE: 'To triage', ANSWER: 'Answer', HANDOVER: 'Hand over',
    RESOLVE: 'Resolve', REOPEN: 'Reopen', COMMENT: 'Comment', RATE: 'Rate',
  },
  zh: {
    skip: '跳到工单', token: '令牌', signIn: '登录', ask: '提问', question: '您的问题',
    send: '提问', tickets: '工单', none: '没有您可以查看的工单。', more: '加载更多',
    ticket: '工单', choose: '请从列表中选择一个工单。', other: 'English', live: '实时',
    quiet: '未连接', anonymous: '未登录', state: '状态', customer: '客户',
    department: '部门', agent: '坐席', created: '创建时间', issues: '问题',
    messages: '消息', masked: '已脱敏', withheld: '您的角色不可见', nothing: '—',
    receipt: '为何在此部门', confidence: '置信度', margin: '领先', path: '路径',
    walked: '经过的节点', points: '得分', triaged: '由人工决定', cited: '引用来源',
    unsure: '把握不足，应由人工接手。', cancel: '取消', do: '确定',
    text: '正文', reason: '原因', rating: '评分（1 到 5）', gone: '无法查看此工单。',
    failed: '服务器没有响应。',
    new: '新建', triage: '分诊中', assigned: '已分派', answered: '已答复', solved: '已解决', reopened: '已重开',
    ASSIGN: '分派', TRIAGE: '转分诊', ANSWER: '答复', HANDOVER: '转交',
    RESOLVE: '解决', REOPEN: '重开', COMMENT: '备注', RATE: '评分',
  },
}

export const words = {
  language: navigator.language.startsWith('zh') ? 'zh' : 'en',
  of(key) {
    return WORDS[this.language][key] ?? key
  },
  name(node) {
    if (!node) return null
    const [first, second] = this.language === 'zh' ? ['nameZh', 'nameEn'] : ['nameEn', 'nameZh']
    return node[first] ?? node[second] ?? node.id
  },
  instant(value) {
    const form = { dateStyle: 'medium', timeStyle: 'short' }
    return value && new Intl.DateTimeFormat(this.language, form).format(new Date(value))
  },
}
