// What this page asks, and what each action on a ticket needs.
const ROW = 'id subject state createdAt department { id nameZh nameEn }'

export const VIEWER = '{ viewer { id roles } }'
export const TICKETS = `query ($first: Int!, $after: String) { tickets(first: $first, after: $after) {
  pageInfo { hasNextPage endCursor } edges { node { ${ROW} } } } }`
export const TICKET = `query ($id: ID!) { ticket(id: $id) {
  ${ROW} version allowedTransitions
  customer { id name region }
  agent { id }
  issues(first: 5) { edges { node { id nameZh nameEn } } }
  messages(first: 20) { edges { node { id text author createdAt } } }
  receipt {
    department { id nameZh nameEn } confidence margin reason
    candidates { department { id nameZh nameEn } score contributions { pathKind points walked } }
  } } }`
export const CHANGED = `subscription { ticketChanged { kind ticketId ticket { ${ROW} } } }`
export const ASK = `query ($question: String!) { ask(question: $question) {
  answer confidence handover citations { id label path excerpt } } }`
export const DEPARTMENTS = '{ departments(first: 50) { edges { node { id nameZh nameEn } } } }'

export const ACTIONS = {
  ASSIGN: { mutation: 'assignTicket', input: 'AssignTicketInput', fields: ['departmentId'] },
  TRIAGE: { mutation: 'triageTicket', input: 'TriageTicketInput', fields: [] },
  ANSWER: { mutation: 'answerTicket', input: 'AnswerTicketInput', fields: ['text'] },
  HANDOVER: { mutation: 'handOverTicket', input: 'HandOverTicketInput', fields: ['departmentId', 'reason'] },
  RESOLVE: { mutation: 'resolveTicket', input: 'ResolveTicketInput', fields: [] },
  REOPEN: { mutation: 'reopenTicket', input: 'ReopenTicketInput', fields: [] },
  COMMENT: { mutation: 'commentOnTicket', input: 'CommentOnTicketInput', fields: ['text'] },
  RATE: { mutation: 'rateTicket', input: 'RateTicketInput', fields: ['rating'] },
}

export const mutation = ({ mutation, input }) => `mutation ($input: ${input}!) {
  ${mutation}(input: $input) { userErrors { message } } }`
