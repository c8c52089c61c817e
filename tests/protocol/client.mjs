// A query, a subscription and a wrong document through the client of the package graphql-ws.
import { createClient } from 'graphql-ws'
import WebSocket from 'ws'

const client = createClient({ url: process.argv[2], webSocketImpl: WebSocket, retryAttempts: 0 })
const first = async (query) => {
  for await (const result of client.iterate({ query })) return result.data
}
const { viewer } = await first('{ viewer { id } }')
const { ticketChanged } = await first('subscription { ticketChanged { kind } }')
const error = await first('{ nope }').catch((errors) => errors[0].extensions.code)
console.log(JSON.stringify({ viewer: viewer.id, event: ticketChanged.kind, error }))
await client.dispose()
