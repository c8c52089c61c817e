// The page of tickets served by @neo4j/graphql over graphql-yoga, without authorization.
// node neo4j.mjs BOLT_URL  →  prints its port. Instants are what the graph holds: integers.
import { createServer } from 'node:http'
import { Neo4jGraphQL } from '@neo4j/graphql'
import { createYoga } from 'graphql-yoga'
import neo4j from 'neo4j-driver'

const typeDefs = `
  type Ticket @node {
    id: ID! seq: BigInt state: String subject: String language: String
    createdAt: BigInt @alias(property: "created_at")
    assignedAt: BigInt @alias(property: "assigned_at")
    solvedAt: BigInt @alias(property: "solved_at")
    version: Int
    reopenedCount: Int @alias(property: "reopened_count")
    rating: Int
    department: [Department!]! @relationship(type: "ASSIGNED_TO", direction: OUT)
    customer: [Customer!]! @relationship(type: "RAISED", direction: IN)
    channel: [Channel!]! @relationship(type: "RECEIVED_VIA", direction: OUT)
    agent: [Agent!]! @relationship(type: "WORKED_BY", direction: OUT)
  }
  type Department @node { id: ID! }
  type Customer @node { id: ID! }
  type Channel @node { id: ID! }
  type Agent @node { id: ID! }
`
const driver = neo4j.driver(process.argv[2])
const schema = await new Neo4jGraphQL({ typeDefs, driver }).getSchema()
const server = createServer(createYoga({ schema, logging: 'error' }))
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
