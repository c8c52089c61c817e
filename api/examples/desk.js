// A small desk: sign in, read and move tickets, follow them, ask. Everything is in other files but
// what happens when.
import { Client } from './client.js'
import { ACTIONS, ASK, CHANGED, DEPARTMENTS, mutation, TICKET, TICKETS, VIEWER } from './queries.js'
import { answer, el, nodes, page, row } from './view.js'
import { words } from './words.js'

const SOME = 20
const MOST = 100
const client = new Client()
const at = (id) => document.getElementById(id)
let end = null
let chosen = null
let stop = () => {}
let viewer = null
let answered = null
let followed = false
// What an answer belongs to may have changed while it was under way.
let round = 0
// Loads of the list follow each other; what is heard meanwhile may be newer than what is loaded.
let turn = Promise.resolve()
let loading = false
const meanwhile = []

async function trying(work, control) {
  at('error').hidden = true
  if (control) control.disabled = true
  try {
    return await work()
  } catch (error) {
    at('error').textContent = error.code ? error.message : words.of('failed')
    at('error').hidden = false
  } finally {
    if (control) control.disabled = false
  }
}

function speak() {
  client.language = words.language
  document.documentElement.lang = words.language
  at('language').textContent = words.of('other')
  for (const node of document.querySelectorAll('[data-word]')) node.textContent = words.of(node.dataset.word)
  greet()
  listening(followed)
}

function greet() {
  const roles = viewer?.roles.join(', ')
  at('who').textContent = viewer ? (roles || words.of('anonymous')) : ''
}

function listening(on) {
  followed = on
  at('live').textContent = words.of(on ? 'live' : 'quiet')
  at('live').classList.toggle('on', on)
}

async function begin() {
  const mine = ++round
  stop()
  meanwhile.length = 0
  chosen = viewer = answered = null
  at('ticket').replaceChildren(el('h2', { id: 'ticket-title' }, words.of('ticket')), el('p', { className: 'quiet' }, words.of('choose')))
  at('answer').replaceChildren()
  at('tickets').replaceChildren()
  at('more').hidden = true
  greet()
  listening(false)
  await trying(async () => {
    const found = (await client.send(VIEWER)).data.viewer
    if (mine !== round) return
    viewer = found
    greet()
    if (!viewer.roles.length) return
    await list()
    if (mine !== round) return
    stop = client.follow(CHANGED, {
      event: (data) => mine === round && heard(data.ticketChanged),
      state: (on) => mine === round && listening(on),
    })
  })
}

function inTurn(work) {
  const mine = round
  const next = turn.then(() => mine === round && work())
  turn = next.catch(() => {})
  return next
}

async function again() {
  loading = true
  const shown = at('tickets').children.length
  try {
    await list(null, Math.min(Math.max(shown, SOME), MOST))
  } finally {
    loading = false
    meanwhile.splice(0).forEach(apply)
  }
}

async function list(after = null, first = SOME) {
  const mine = round
  const found = (await client.send(TICKETS, { first, after })).data.tickets
  if (mine !== round) return
  const rows = nodes(found).map((one) => row(one, choose))
  if (after) at('tickets').append(...rows)
  else at('tickets').replaceChildren(...rows)
  end = found?.pageInfo.endCursor ?? null
  at('more').hidden = !found?.pageInfo.hasNextPage
  tidy()
}

function tidy() {
  at('none').hidden = at('tickets').children.length > 0
  for (const one of at('tickets').children) {
    if (one.dataset.id === chosen) one.firstChild.setAttribute('aria-current', 'true')
    else one.firstChild.removeAttribute('aria-current')
  }
}

function heard(event) {
  if (event.kind === 'RESYNC') {
    trying(() => inTurn(again))
    return
  }
  if (loading) meanwhile.push(event)
  apply(event)
}

function apply({ kind, ticketId, ticket }) {
  const old = [...at('tickets').children].find((one) => one.dataset.id === ticketId)
  if (kind === 'LEFT' || !ticket) old?.remove()
  else {
    const now = row(ticket, choose)
    now.classList.add('told')
    if (old) old.replaceWith(now)
    else at('tickets').prepend(now)
  }
  tidy()
  if (ticketId === chosen) trying(show)
}

async function choose(id) {
  chosen = id
  tidy()
  await trying(show)
  at('ticket').focus({ preventScroll: true })
}

async function show() {
  const id = chosen
  const { data, withheld } = await client.send(TICKET, { id })
  if (id !== chosen) return
  const gone = el('p', { className: 'quiet' }, words.of('gone'))
  at('ticket').replaceChildren(...(data.ticket ? page(data.ticket, withheld, (action) => act(action, data.ticket)) : [gone]))
}

async function act(action, ticket) {
  const { fields } = ACTIONS[action]
  const options = fields.includes('departmentId')
    ? nodes((await trying(() => client.send(DEPARTMENTS)))?.data.departments)
    : []
  const form = el('form', { method: 'dialog' },
    el('h2', { id: 'action-title' }, words.of(action)),
    ...fields.flatMap((name) => asked(name, options)),
    el('div', { className: 'actions' },
      el('button', { type: 'button', onclick: () => at('action').close() }, words.of('cancel')),
      el('button', { className: 'primary' }, words.of('do'))))
  // One key for one decision: sending it twice does nothing twice.
  const key = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`
  form.onsubmit = () => {
    const given = Object.fromEntries(new FormData(form))
    if ('rating' in given) given.rating = Number(given.rating)
    const input = { ...given, ticketId: ticket.id, expectedVersion: ticket.version, idempotencyKey: key }
    trying(() => move(action, input))
  }
  at('action').replaceChildren(form)
  at('action').showModal()
}

function asked(name, options) {
  const id = `action-${name}`
  const common = { id, name, required: true }
  const fields = {
    departmentId: () => el('select', common, ...options.map((one) => el('option', { value: one.id }, words.name(one)))),
    rating: () => el('input', { ...common, type: 'number', min: 1, max: 5, value: 5 }),
    reason: () => el('input', common),
    text: () => el('textarea', { ...common, rows: 5 }),
  }
  const word = name === 'departmentId' ? 'department' : name
  return [el('label', { htmlFor: id }, words.of(word)), fields[name]()]
}

async function move(action, input) {
  const { data } = await client.send(mutation(ACTIONS[action]), { input })
  const { userErrors } = data[ACTIONS[action].mutation]
  await show()
  if (userErrors.length) {
    at('error').textContent = userErrors.map((one) => one.message).join(' ')
    at('error').hidden = false
  }
}

at('sign-in').onsubmit = (event) => {
  event.preventDefault()
  client.token = at('token').value.trim()
  at('token').value = ''
  begin()
}
at('ask').onsubmit = (event) => {
  event.preventDefault()
  const mine = round
  trying(async () => {
    const found = (await client.send(ASK, { question: at('question').value })).data.ask
    if (mine !== round) return
    answered = found
    at('answer').replaceChildren(...answer(found))
  }, event.submitter)
}
at('more').onclick = () => trying(() => inTurn(() => list(end)), at('more'))
at('language').onclick = () => {
  words.language = words.language === 'zh' ? 'en' : 'zh'
  speak()
  if (answered) at('answer').replaceChildren(...answer(answered))
  trying(async () => {
    if (viewer?.roles.length) await inTurn(again)
    if (chosen) await show()
  })
}
speak()
begin()
