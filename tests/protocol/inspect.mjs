// By graphql-inspector: whether a server's introspection differs from the schema file, and which
// documents in Markdown files do not fit the schema. Arguments: URL, schema, Markdown files.
import { readFileSync } from 'node:fs'
import { diff, validate } from '@graphql-inspector/core'
import {
  buildClientSchema,
  buildSchema,
  getIntrospectionQuery,
  introspectionFromSchema,
  Source,
} from 'graphql'

const [url, file, ...markdown] = process.argv.slice(2)
const read = (name) => readFileSync(name, 'utf8')
const query = getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true })
const response = await fetch(url, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ query }),
})
const served = buildClientSchema((await response.json()).data)
// Introspection does not tell which directives stand where.
const options = { inputValueDeprecation: true, oneOf: true }
const committed = buildClientSchema(introspectionFromSchema(buildSchema(read(file)), options))
const changes = await diff(committed, served)
const documents = markdown.flatMap((name) =>
  [...read(name).matchAll(/```graphql\n(.*?)```/gs)].map(([, text]) => new Source(text, name)),
)
const invalid = validate(served, documents, { strictFragments: true, maxDepth: 16 })
console.log(
  JSON.stringify({
    changes: changes.map((one) => one.message),
    invalid: invalid.flatMap((one) => one.errors.map((error) => error.message)),
    documents: documents.length,
  }),
)
