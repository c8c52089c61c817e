// GraphQL over HTTP and over graphql-transport-ws. The token lives in memory only.
const ADDRESS = new URL('/graphql', location.href)
const WAITS = [1000, 2000, 5000, 10000]

export class Refused extends Error {
  constructor(errors) {
    super(errors.map((one) => one.message).join(' '))
    this.code = errors[0].extensions?.code
  }
}

export class Client {
  token = ''
  language = 'en'

  // The data, and which coordinates were denied or masked.
  async send(query, variables = {}) {
    const headers = { 'content-type': 'application/json', 'accept-language': this.language }
    if (this.token) headers.authorization = `Bearer ${this.token}`
    const body = JSON.stringify({ query, variables })
    const response = await fetch(ADDRESS, { method: 'POST', headers, body, credentials: 'omit' })
    const found = await response.json()
    if (found.errors) throw new Refused(found.errors)
    return { data: found.data, withheld: found.extensions?.authorization ?? {} }
  }

  // Follows until the returned function is called; connects again where the line breaks.
  follow(query, { event, state }) {
    let socket
    let timer
    let ended = false
    let tries = 0
    const open = () => {
      const url = new URL(ADDRESS)
      url.protocol = url.protocol.replace('http', 'ws')
      socket = new WebSocket(url, 'graphql-transport-ws')
      const say = (message) => socket.send(JSON.stringify(message))
      socket.onopen = () => {
        const payload = this.token ? { authorization: `Bearer ${this.token}` } : {}
        say({ type: 'connection_init', payload })
      }
      socket.onmessage = ({ data }) => {
        const message = JSON.parse(data)
        if (message.type === 'ping') say({ type: 'pong' })
        if (message.type === 'connection_ack') {
          tries = 0
          state(true)
          say({ id: '1', type: 'subscribe', payload: { query } })
        }
        if (message.type === 'next' && message.payload.data) event(message.payload.data)
        if (message.type === 'error') stop()
      }
      socket.onclose = ({ code }) => {
        state(false)
        // 44xx: not ours to try again, such as a token that has ended.
        if (!ended && (code < 4400 || code > 4499)) {
          timer = setTimeout(open, WAITS[Math.min(tries++, WAITS.length - 1)])
        }
      }
    }
    const stop = () => {
      ended = true
      clearTimeout(timer)
      socket.close(1000)
    }
    open()
    return stop
  }
}
