// The page of tickets served by mercurius over Fastify, from rows in memory, without authorization.
// node mercurius.mjs ROWS.json  →  prints its port.
import { readFileSync } from 'node:fs'
import Fastify from 'fastify'
import mercurius from 'mercurius'

const rows = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const objects = ['Department', 'Customer', 'Channel', 'Agent']
const globalId = (type, id) => Buffer.from(`${type}:${id}`).toString('base64url')
const instant = (at) => (at === null ? null : new Date(at).toISOString())

const schema = `
  type Query { tickets(first: Int!): TicketConnection!  list(first: Int!): [Ticket!]! }
  type PageInfo { hasNextPage: Boolean! endCursor: String }
  type TicketConnection { edges: [TicketEdge!]! pageInfo: PageInfo! }
  type TicketEdge { cursor: String! node: Ticket }
  type Ticket {
    id: ID! seq: Float state: String subject: String language: String createdAt: String
    assignedAt: String solvedAt: String version: Int reopenedCount: Int rating: Int
    ${objects.map((name) => `${name.toLowerCase()}: ${name}`).join(' ')}
  }
  ${objects.map((name) => `type ${name} { id: ID! }`).join('\n')}
`
const cursor = (row) => Buffer.from(`Ticket:${row.seq}`).toString('base64url')
const ticket = { id: (row) => globalId('Ticket', row.id) }
for (const name of ['createdAt', 'assignedAt', 'solvedAt']) ticket[name] = (row) => instant(row[name])

const resolvers = {
  Query: {
    list: (_, { first }) => rows.slice(0, first),
    tickets: (_, { first }) => {
      const edges = rows.slice(0, first).map((node) => ({ node, cursor: cursor(node) }))
      const endCursor = edges.length ? edges[edges.length - 1].cursor : null
      return { edges, pageInfo: { hasNextPage: rows.length > first, endCursor } }
    },
  },
  Ticket: ticket,
}
for (const name of objects) resolvers[name] = { id: (row) => globalId(name, row.id) }

const app = Fastify()
app.register(mercurius, { schema, resolvers })
await app.listen({ port: 0, host: '127.0.0.1' })
console.log(app.server.address().port)
