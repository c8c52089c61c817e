// Elements from data. Text only ever becomes text: nothing here parses markup.
import { words } from './words.js'

export function el(name, properties = {}, ...children) {
  const node = Object.assign(document.createElement(name), properties)
  node.append(...children.filter((one) => one !== null && one !== undefined))
  return node
}

const state = (value) => el('span', { className: 'badge' }, value ? words.of(value) : words.of('withheld'))

export function row(ticket, choose) {
  const title = el('strong', {}, ticket.subject ?? words.of('withheld'))
  const place = [words.name(ticket.department), words.instant(ticket.createdAt)].filter(Boolean)
  const line = el('span', { className: 'meta' }, state(ticket.state), ` ${place.join(' · ')}`)
  const button = el('button', { type: 'button', onclick: () => choose(ticket.id) }, title, line)
  const item = el('li', {}, button)
  item.dataset.id = ticket.id
  return item
}

export function page(ticket, withheld, act) {
  const shown = (coordinate, value) => {
    if (withheld.denied?.includes(coordinate)) return [quiet('withheld')]
    if (value === null || value === undefined || value === '') return [quiet('nothing')]
    const masked = withheld.masked?.includes(coordinate)
    return [value, ...(masked ? [' ', el('span', { className: 'badge masked' }, words.of('masked'))] : [])]
  }
  const facts = [
    ['state', shown('Ticket.state', ticket.state && state(ticket.state))],
    ['created', shown('Ticket.createdAt', words.instant(ticket.createdAt))],
    ['department', shown('Ticket.department', words.name(ticket.department))],
    ['agent', shown('Ticket.agent', ticket.agent && plain(ticket.agent.id))],
    ['customer', shown('Customer.name', ticket.customer?.name)],
    ['issues', shown('Ticket.issues', nodes(ticket.issues).map((one) => words.name(one)).join(', '))],
  ]
  const list = el('dl', {}, ...facts.flatMap(([key, value]) => [
    el('dt', {}, words.of(key)), el('dd', {}, ...value),
  ]))
  const title = ticket.subject ?? `${words.of('ticket')} ${plain(ticket.id)}`
  return [
    el('h2', { id: 'ticket-title' }, title),
    list,
    ...said(ticket, withheld),
    el('div', { className: 'actions' }, ...(ticket.allowedTransitions ?? []).map((action) =>
      el('button', { type: 'button', onclick: () => act(action) }, words.of(action)))),
    ...receipt(ticket.receipt, withheld),
  ]
}

function said(ticket, withheld) {
  const title = el('h3', {}, words.of('messages'))
  if (!ticket.messages) return [title, quiet('withheld')]
  const masked = withheld.masked?.includes('Message.text')
  return [title, ...nodes(ticket.messages).map((one) => el('div', { className: 'said' },
    el('div', { className: 'meta' }, [one.author, words.instant(one.createdAt)].filter(Boolean).join(' · ')),
    one.text ?? words.of('withheld'),
    masked ? el('span', { className: 'badge masked' }, words.of('masked')) : null))]
}

function receipt(found, withheld) {
  const isDenied = ['Ticket.receipt', 'Ticket.route'].some((one) => withheld.denied?.includes(one))
  const title = el('h3', {}, words.of('receipt'))
  if (!found) return [title, quiet(isDenied ? 'withheld' : 'nothing')]
  const number = (value) => value.toFixed(2)
  const sum = `${words.of('confidence')} ${number(found.confidence)} · ${words.of('margin')} ${number(found.margin)}`
  return [
    title,
    el('p', { className: 'meta' }, found.reason ? `${words.of('triaged')} · ${sum}` : sum),
    ...found.candidates.slice(0, 3).map((one) => el('table', {},
      el('caption', {}, `${words.name(one.department)} · ${number(one.score)}`),
      el('thead', {}, el('tr', {}, ...['path', 'walked', 'points'].map((key) => el('th', { scope: 'col' }, words.of(key))))),
      el('tbody', {}, ...one.contributions.map((each) => el('tr', {},
        el('td', {}, each.pathKind),
        el('td', {}, each.walked.join(' → ')),
        el('td', { className: 'number' }, `+${number(each.points)}`)))))),
  ]
}

export function answer(found) {
  return [
    el('p', {}, found.handover && !found.answer ? words.of('unsure') : found.answer),
    el('p', { className: 'meta' }, `${words.of('confidence')} ${found.confidence.toFixed(2)}`,
      found.handover && found.answer ? ` · ${words.of('unsure')}` : ''),
    found.citations.length ? el('h3', {}, words.of('cited')) : null,
    el('ul', {}, ...found.citations.map((one) => el('li', { className: 'cited' },
      el('strong', {}, one.label), el('div', {}, one.excerpt), el('div', { className: 'meta' }, one.path)))),
  ].filter(Boolean)
}

export const nodes = (connection) => (connection?.edges ?? []).map((edge) => edge.node).filter(Boolean)

const quiet = (key) => el('span', { className: 'quiet' }, words.of(key))

// A global id is base64url of Type:id; a person reads the part behind the colon.
function plain(id) {
  const bytes = Uint8Array.from(atob(id.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0))
  return new TextDecoder().decode(bytes).split(':').slice(1).join(':')
}
