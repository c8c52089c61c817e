// Every audit that the package graphql-http has for a server: one JSON line with those that failed.
import { auditServer } from 'graphql-http'

const results = await auditServer({ url: process.argv[2] })
const failed = results.filter((one) => one.status !== 'ok').map((one) => `${one.name}: ${one.reason}`)
console.log(JSON.stringify({ count: results.length, failed }))
