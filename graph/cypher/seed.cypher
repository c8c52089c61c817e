// The seed loader: rows in batches. For each label, what the graph has already (known, links), what
// is written (save, one query per relationship), and what a later load takes back (unlink).
// Relationships start at the row's own node, which has few: from the other end one of the engines
// would walk all that a department or product has. Only what carries this loader's mark in
// `source` is ever changed or taken back. The loader sends what it has just found missing, so the
// many relationships of customers, identities, orders and tickets are created; those of knowledge,
// which people edit meanwhile, are merged.

// name: seed-ids
// mode: read
// params:
// scan: tables that a person keeps by hand; the large ones are never listed
CALL () {
  MATCH (node:BusinessLine) RETURN 'business_lines' AS table, node.id AS id
  UNION ALL
  MATCH (node:Channel) RETURN 'channels' AS table, node.id AS id
  UNION ALL
  MATCH (node:Calendar) RETURN 'calendars' AS table, node.id AS id
  UNION ALL
  MATCH (node:Skill) RETURN 'skills' AS table, node.id AS id
  UNION ALL
  MATCH (node:Department) RETURN 'departments' AS table, node.id AS id
  UNION ALL
  MATCH (node:Agent) RETURN 'agents' AS table, node.id AS id
  UNION ALL
  MATCH (node:Category) RETURN 'categories' AS table, node.id AS id
  UNION ALL
  MATCH (node:Product) RETURN 'products' AS table, node.id AS id
  UNION ALL
  MATCH (node:Issue) RETURN 'issues' AS table, node.id AS id
  UNION ALL
  MATCH (node:Resolution) RETURN 'resolutions' AS table, node.id AS id
}
RETURN table, id
ORDER BY table, id

// name: seed-unfinished
// mode: read
// params:
MATCH (mark:Source {id: 'load:unfinished'}) RETURN mark.id AS id

// name: seed-begin
// mode: write
// params:
MERGE (mark:Source {id: 'load:unfinished'})
SET mark.kind = 'load'

// name: seed-end
// mode: write
// params:
MATCH (mark:Source {id: 'load:unfinished'})
DETACH DELETE mark

// name: seed-order-numbers
// mode: read
// params: numbers
UNWIND $numbers AS number
MATCH (node:Order {number_key: number})
RETURN DISTINCT number AS id

// name: seed-customer-keys
// mode: read
// params: ids
UNWIND $ids AS id
MATCH (node:Customer {id: id})
RETURN node.id AS id, node.data_key AS data_key

// name: seed-source-save
// mode: write
// params: id, name
MERGE (source:Source {id: $id})
SET source.name = $name, source.kind = 'file'

// name: seed-alias-delete
// mode: write
// params: ids
UNWIND $ids AS id
MATCH (alias:Alias {id: id})
DETACH DELETE alias

// name: seed-business-line-known
// mode: read
// params: ids
UNWIND $ids AS id
MATCH (node:BusinessLine {id: id})
RETURN node.id AS id, properties(node) AS properties

// name: seed-business-line-save
// mode: write
// params: rows
UNWIND $rows AS row
MERGE (node:BusinessLine {id: row.id})
SET node += row.properties

// name: seed-business-line-aliases
// mode: read
// params: ids
UNWIND $ids AS id
MATCH (node:BusinessLine {id: id})<-[link:ALIAS_OF]-(alias:Alias)
RETURN node.id AS id, alias.id AS alias, alias.text AS text, link.source AS source

// name: seed-business-line-alias-save
// mode: write
// params: rows
UNWIND $rows AS row
MATCH (node:BusinessLine {id: row.id})
MERGE (alias:Alias {id: row.alias})
SET alias.text = row.text
MERGE (alias)-[link:ALIAS_OF]->(node)
SET link.source = 'seed'

// name: seed-channel-known
// mode: read
// params: ids
UNWIND $ids AS id
MATCH (node:Channel {id: id})
RETURN node.id AS id, properties(node) AS properties

// name: seed-channel-save
// mode: write
// params: rows
UNWIND $rows AS row
MERGE (node:Channel {id: row.id})
SET node += row.properties

// name: seed-calendar-known
// mode: read
// params: ids
UNWIND $ids AS id
MATCH (node:Calendar {id: id})
RETURN node.id AS id, properties(node) AS properties

// name: seed-calendar-save
// mode: write
// params: rows
UNWIND $rows AS row
MERGE (node:Calendar {id: row.id})
SET node += row.properties

// name: seed-skill-known
// mode: read
// params: ids
UNWIND $ids AS id
MATCH (node:Skill {id: id})
RETURN node.id AS id, properties(node) AS properties

// name: seed-skill-save
// mode: write
// params: rows
UNWIND $rows AS row
MERGE (node:Skill {id: row.id})
SET node += row.properties

// name: seed-department-known
// mode: read
// params: ids
UNWIND $ids AS id
MATCH (node:Department {id: id})
RETURN node.id AS id, properties(node) AS properties

// name: seed-department-save
// mode: write
// params: rows
UNWIND $rows AS row
MERGE (node:Department {id: row.id})
SET node += row.properties

// name: seed-department-links
// mode: read
// params: ids
UNWIND $ids AS id
MATCH (node:Department {id: id})-[link:PART_OF|BELONGS_TO|HANDLES|SUPPORTS]->(other)
RETURN node.id AS id, type(link) AS type, labels(other)[0] AS label, other.id AS target,
       properties(link) AS properties

// name: seed-department-unlink
// mode: write
// params: rows
UNWIND $rows AS row
MATCH (node:Department {id: row.id})-[link:PART_OF|BELONGS_TO|HANDLES|SUPPORTS]->(other)
WHERE other.id = row.target AND type(link) = row.type AND row.label IN labels(other)
  AND (link.source = 'seed' OR link.source STARTS WITH 'source:')
DELETE link

// name: seed-department-part-of-department
// mode: write
// params: rows
// scan: both ends by unique id: a product of one and one
UNWIND $rows AS row
MATCH (node:Department {id: row.id})
MATCH (other:Department {id: row.target})
MERGE (node)-[link:PART_OF]->(other)
SET link += row.properties

// name: seed-department-belongs-to-businessline
// mode: write
// params: rows
// scan: both ends by unique id: a product of one and one
UNWIND $rows AS row
MATCH (node:Department {id: row.id})
MATCH (other:BusinessLine {id: row.target})
MERGE (node)-[link:BELONGS_TO]->(other)
SET link += row.properties

// name: seed-department-handles-issue
// mode: write
// params: rows
// scan: both ends by unique id: a product of one and one
UNWIND $rows AS row
MATCH (node:Department {id: row.id})
MATCH (other:Issue {id: row.target})
MERGE (node)-[link:HANDLES]->(other)
SET link += row.properties

// name: seed-department-supports-product
// mode: write
// params: rows
// scan: both ends by unique id: a product of one and one
UNWIND $rows AS row
MATCH (node:Department {id: row.id})
MATCH (other:Product {id: row.target})
MERGE (node)-[link:SUPPORTS]->(other)
SET link += row.properties

// name: seed-department-supports-category
// mode: write
// params: rows
// scan: both ends by unique id: a product of one and one
UNWIND $rows AS row
MATCH (node:Department {id: row.id})
MATCH (other:Category {id: row.target})
MERGE (node)-[link:SUPPORTS]->(other)
SET link += row.properties

// name: seed-department-aliases
// mode: read
// params: ids
UNWIND $ids AS id
MATCH (node:Department {id: id})<-[link:ALIAS_OF]-(alias:Alias)
RETURN node.id AS id, alias.id AS alias, alias.text AS text, link.source AS source

// name: seed-department-alias-save
// mode: write
// params: rows
UNWIND $rows AS row
MATCH (node:Department {id: row.id})
MERGE (alias:Alias {id: row.alias})
SET alias.text = row.text
MERGE (alias)-[link:ALIAS_OF]->(node)
SET link.source = 'seed'

// name: seed-agent-known
// mode: read
// params: ids
UNWIND $ids AS id
MATCH (node:Agent {id: id})
RETURN node.id AS id, properties(node) AS properties

// name: seed-agent-save
// mode: write
// params: rows
UNWIND $rows AS row
MERGE (node:Agent {id: row.id})
SET node += row.properties

// name: seed-agent-links
// mode: read
// params: ids
UNWIND $ids AS id
MATCH (node:Agent {id: id})-[link:MEMBER_OF|HAS_SKILL|WORKS_BY]->(other)
RETURN node.id AS id, type(link) AS type, labels(other)[0] AS label, other.id AS target,
       properties(link) AS properties

// name: seed-agent-unlink
// mode: write
// params: rows
UNWIND $rows AS row
MATCH (node:Agent {id: row.id})-[link:MEMBER_OF|HAS_SKILL|WORKS_BY]->(other)
WHERE other.id = row.target AND type(link) = row.type AND row.label IN labels(other)
  AND (link.source = 'seed' OR link.source STARTS WITH 'source:')
DELETE link

// name: seed-agent-member-of-department
// mode: write
// params: rows
// scan: both ends by unique id: a product of one and one
UNWIND $rows AS row
MATCH (node:Agent {id: row.id})
MATCH (other:Department {id: row.target})
MERGE (node)-[link:MEMBER_OF]->(other)
SET link += row.properties

// name: seed-agent-has-skill-skill
// mode: write
// params: rows
// scan: both ends by unique id: a product of one and one
UNWIND $rows AS row
MATCH (node:Agent {id: row.id})
MATCH (other:Skill {id: row.target})
MERGE (node)-[link:HAS_SKILL]->(other)
SET link += row.properties

// name: seed-agent-works-by-calendar
// mode: write
// params: rows
// scan: both ends by unique id: a product of one and one
UNWIND $rows AS row
MATCH (node:Agent {id: row.id})
MATCH (other:Calendar {id: row.target})
MERGE (node)-[link:WORKS_BY]->(other)
SET link += row.properties

// name: seed-category-known
// mode: read
// params: ids
UNWIND $ids AS id
MATCH (node:Category {id: id})
RETURN node.id AS id, properties(node) AS properties

// name: seed-category-save
// mode: write
// params: rows
UNWIND $rows AS row
MERGE (node:Category {id: row.id})
SET node += row.properties

// name: seed-category-links
// mode: read
// params: ids
UNWIND $ids AS id
MATCH (node:Category {id: id})-[link:PART_OF]->(other)
RETURN node.id AS id, type(link) AS type, labels(other)[0] AS label, other.id AS target,
       properties(link) AS properties

// name: seed-category-unlink
// mode: write
// params: rows
UNWIND $rows AS row
MATCH (node:Category {id: row.id})-[link:PART_OF]->(other)
WHERE other.id = row.target AND type(link) = row.type AND row.label IN labels(other)
  AND (link.source = 'seed' OR link.source STARTS WITH 'source:')
DELETE link

// name: seed-category-part-of-category
// mode: write
// params: rows
// scan: both ends by unique id: a product of one and one
UNWIND $rows AS row
MATCH (node:Category {id: row.id})
MATCH (other:Category {id: row.target})
MERGE (node)-[link:PART_OF]->(other)
SET link += row.properties

// name: seed-category-aliases
// mode: read
// params: ids
UNWIND $ids AS id
MATCH (node:Category {id: id})<-[link:ALIAS_OF]-(alias:Alias)
RETURN node.id AS id, alias.id AS alias, alias.text AS text, link.source AS source

// name: seed-category-alias-save
// mode: write
// params: rows
UNWIND $rows AS row
MATCH (node:Category {id: row.id})
MERGE (alias:Alias {id: row.alias})
SET alias.text = row.text
MERGE (alias)-[link:ALIAS_OF]->(node)
SET link.source = 'seed'

// name: seed-product-known
// mode: read
// params: ids
UNWIND $ids AS id
MATCH (node:Product {id: id})
RETURN node.id AS id, properties(node) AS properties

// name: seed-product-save
// mode: write
// params: rows
UNWIND $rows AS row
MERGE (node:Product {id: row.id})
SET node += row.properties

// name: seed-product-links
// mode: read
// params: ids
UNWIND $ids AS id
MATCH (node:Product {id: id})-[link:PART_OF|BELONGS_TO]->(other)
RETURN node.id AS id, type(link) AS type, labels(other)[0] AS label, other.id AS target,
       properties(link) AS properties

// name: seed-product-unlink
// mode: write
// params: rows
UNWIND $rows AS row
MATCH (node:Product {id: row.id})-[link:PART_OF|BELONGS_TO]->(other)
WHERE other.id = row.target AND type(link) = row.type AND row.label IN labels(other)
  AND (link.source = 'seed' OR link.source STARTS WITH 'source:')
DELETE link

// name: seed-product-part-of-category
// mode: write
// params: rows
// scan: both ends by unique id: a product of one and one
UNWIND $rows AS row
MATCH (node:Product {id: row.id})
MATCH (other:Category {id: row.target})
MERGE (node)-[link:PART_OF]->(other)
SET link += row.properties

// name: seed-product-belongs-to-businessline
// mode: write
// params: rows
// scan: both ends by unique id: a product of one and one
UNWIND $rows AS row
MATCH (node:Product {id: row.id})
MATCH (other:BusinessLine {id: row.target})
MERGE (node)-[link:BELONGS_TO]->(other)
SET link += row.properties

// name: seed-product-aliases
// mode: read
// params: ids
UNWIND $ids AS id
MATCH (node:Product {id: id})<-[link:ALIAS_OF]-(alias:Alias)
RETURN node.id AS id, alias.id AS alias, alias.text AS text, link.source AS source

// name: seed-product-alias-save
// mode: write
// params: rows
UNWIND $rows AS row
MATCH (node:Product {id: row.id})
MERGE (alias:Alias {id: row.alias})
SET alias.text = row.text
MERGE (alias)-[link:ALIAS_OF]->(node)
SET link.source = 'seed'

// name: seed-issue-known
// mode: read
// params: ids
UNWIND $ids AS id
MATCH (node:Issue {id: id})
RETURN node.id AS id, properties(node) AS properties

// name: seed-issue-save
// mode: write
// params: rows
UNWIND $rows AS row
MERGE (node:Issue {id: row.id})
SET node += row.properties

// name: seed-issue-links
// mode: read
// params: ids
UNWIND $ids AS id
MATCH (node:Issue {id: id})-[link:SUBTYPE_OF|AFFECTS|REQUIRES]->(other)
RETURN node.id AS id, type(link) AS type, labels(other)[0] AS label, other.id AS target,
       properties(link) AS properties

// name: seed-issue-unlink
// mode: write
// params: rows
UNWIND $rows AS row
MATCH (node:Issue {id: row.id})-[link:SUBTYPE_OF|AFFECTS|REQUIRES]->(other)
WHERE other.id = row.target AND type(link) = row.type AND row.label IN labels(other)
  AND (link.source = 'seed' OR link.source STARTS WITH 'source:')
DELETE link

// name: seed-issue-subtype-of-issue
// mode: write
// params: rows
// scan: both ends by unique id: a product of one and one
UNWIND $rows AS row
MATCH (node:Issue {id: row.id})
MATCH (other:Issue {id: row.target})
MERGE (node)-[link:SUBTYPE_OF]->(other)
SET link += row.properties

// name: seed-issue-affects-product
// mode: write
// params: rows
// scan: both ends by unique id: a product of one and one
UNWIND $rows AS row
MATCH (node:Issue {id: row.id})
MATCH (other:Product {id: row.target})
MERGE (node)-[link:AFFECTS]->(other)
SET link += row.properties

// name: seed-issue-affects-category
// mode: write
// params: rows
// scan: both ends by unique id: a product of one and one
UNWIND $rows AS row
MATCH (node:Issue {id: row.id})
MATCH (other:Category {id: row.target})
MERGE (node)-[link:AFFECTS]->(other)
SET link += row.properties

// name: seed-issue-requires-skill
// mode: write
// params: rows
// scan: both ends by unique id: a product of one and one
UNWIND $rows AS row
MATCH (node:Issue {id: row.id})
MATCH (other:Skill {id: row.target})
MERGE (node)-[link:REQUIRES]->(other)
SET link += row.properties

// name: seed-issue-aliases
// mode: read
// params: ids
UNWIND $ids AS id
MATCH (node:Issue {id: id})<-[link:ALIAS_OF]-(alias:Alias)
RETURN node.id AS id, alias.id AS alias, alias.text AS text, link.source AS source

// name: seed-issue-alias-save
// mode: write
// params: rows
UNWIND $rows AS row
MATCH (node:Issue {id: row.id})
MERGE (alias:Alias {id: row.alias})
SET alias.text = row.text
MERGE (alias)-[link:ALIAS_OF]->(node)
SET link.source = 'seed'

// name: seed-resolution-known
// mode: read
// params: ids
UNWIND $ids AS id
MATCH (node:Resolution {id: id})
RETURN node.id AS id, properties(node) AS properties

// name: seed-resolution-save
// mode: write
// params: rows
UNWIND $rows AS row
MERGE (node:Resolution {id: row.id})
SET node += row.properties

// name: seed-resolution-links
// mode: read
// params: ids
UNWIND $ids AS id
MATCH (node:Resolution {id: id})-[link:RESOLVES|APPLIES_TO]->(other)
RETURN node.id AS id, type(link) AS type, labels(other)[0] AS label, other.id AS target,
       properties(link) AS properties

// name: seed-resolution-unlink
// mode: write
// params: rows
UNWIND $rows AS row
MATCH (node:Resolution {id: row.id})-[link:RESOLVES|APPLIES_TO]->(other)
WHERE other.id = row.target AND type(link) = row.type AND row.label IN labels(other)
  AND (link.source = 'seed' OR link.source STARTS WITH 'source:')
DELETE link

// name: seed-resolution-resolves-issue
// mode: write
// params: rows
// scan: both ends by unique id: a product of one and one
UNWIND $rows AS row
MATCH (node:Resolution {id: row.id})
MATCH (other:Issue {id: row.target})
MERGE (node)-[link:RESOLVES]->(other)
SET link += row.properties

// name: seed-resolution-applies-to-product
// mode: write
// params: rows
// scan: both ends by unique id: a product of one and one
UNWIND $rows AS row
MATCH (node:Resolution {id: row.id})
MATCH (other:Product {id: row.target})
MERGE (node)-[link:APPLIES_TO]->(other)
SET link += row.properties

// name: seed-resolution-applies-to-category
// mode: write
// params: rows
// scan: both ends by unique id: a product of one and one
UNWIND $rows AS row
MATCH (node:Resolution {id: row.id})
MATCH (other:Category {id: row.target})
MERGE (node)-[link:APPLIES_TO]->(other)
SET link += row.properties

// name: seed-customer-known
// mode: read
// params: ids
UNWIND $ids AS id
MATCH (node:Customer {id: id})
RETURN node.id AS id, properties(node) AS properties

// name: seed-customer-save
// mode: write
// params: rows
UNWIND $rows AS row
MERGE (node:Customer {id: row.id})
SET node += row.properties

// name: seed-customer-links
// mode: read
// params: ids
UNWIND $ids AS id
MATCH (node:Customer {id: id})<-[link:SERVES]-(other)
RETURN node.id AS id, type(link) AS type, labels(other)[0] AS label, other.id AS target,
       properties(link) AS properties

// name: seed-customer-unlink
// mode: write
// params: rows
UNWIND $rows AS row
MATCH (node:Customer {id: row.id})<-[link:SERVES]-(other)
WHERE other.id = row.target AND type(link) = row.type AND row.label IN labels(other)
  AND (link.source = 'seed' OR link.source STARTS WITH 'source:')
DELETE link

// name: seed-customer-serves-department
// mode: write
// params: rows
// scan: both ends by unique id: a product of one and one
UNWIND $rows AS row
MATCH (node:Customer {id: row.id})
MATCH (other:Department {id: row.target})
CREATE (node)<-[link:SERVES]-(other)
SET link += row.properties

// name: seed-identity-known
// mode: read
// params: ids
UNWIND $ids AS id
MATCH (node:Identity {id: id})
RETURN node.id AS id, properties(node) AS properties

// name: seed-identity-save
// mode: write
// params: rows
UNWIND $rows AS row
MERGE (node:Identity {id: row.id})
SET node += row.properties

// name: seed-identity-links
// mode: read
// params: ids
UNWIND $ids AS id
MATCH (node:Identity {id: id})<-[link:IDENTIFIED_BY]-(other)
RETURN node.id AS id, type(link) AS type, labels(other)[0] AS label, other.id AS target,
       properties(link) AS properties

// name: seed-identity-unlink
// mode: write
// params: rows
UNWIND $rows AS row
MATCH (node:Identity {id: row.id})<-[link:IDENTIFIED_BY]-(other)
WHERE other.id = row.target AND type(link) = row.type AND row.label IN labels(other)
  AND (link.source = 'seed' OR link.source STARTS WITH 'source:')
DELETE link

// name: seed-identity-identified-by-customer
// mode: write
// params: rows
// scan: both ends by unique id: a product of one and one
UNWIND $rows AS row
MATCH (node:Identity {id: row.id})
MATCH (other:Customer {id: row.target})
CREATE (node)<-[link:IDENTIFIED_BY]-(other)
SET link += row.properties

// name: seed-order-known
// mode: read
// params: ids
UNWIND $ids AS id
MATCH (node:Order {id: id})
RETURN node.id AS id, properties(node) AS properties

// name: seed-order-save
// mode: write
// params: rows
UNWIND $rows AS row
MERGE (node:Order {id: row.id})
SET node += row.properties

// name: seed-order-links
// mode: read
// params: ids
UNWIND $ids AS id
MATCH (node:Order {id: id})-[link:PLACED|CONTAINS]-(other)
RETURN node.id AS id, type(link) AS type, labels(other)[0] AS label, other.id AS target,
       properties(link) AS properties

// name: seed-order-unlink
// mode: write
// params: rows
UNWIND $rows AS row
MATCH (node:Order {id: row.id})-[link:PLACED|CONTAINS]-(other)
WHERE other.id = row.target AND type(link) = row.type AND row.label IN labels(other)
  AND (link.source = 'seed' OR link.source STARTS WITH 'source:')
DELETE link

// name: seed-order-placed-customer
// mode: write
// params: rows
// scan: both ends by unique id: a product of one and one
UNWIND $rows AS row
MATCH (node:Order {id: row.id})
MATCH (other:Customer {id: row.target})
CREATE (node)<-[link:PLACED]-(other)
SET link += row.properties

// name: seed-order-contains-product
// mode: write
// params: rows
// scan: both ends by unique id: a product of one and one
UNWIND $rows AS row
MATCH (node:Order {id: row.id})
MATCH (other:Product {id: row.target})
CREATE (node)-[link:CONTAINS]->(other)
SET link += row.properties

// name: seed-ticket-known
// mode: read
// params: ids
UNWIND $ids AS id
MATCH (node:Ticket {id: id})
RETURN node.id AS id, properties(node) AS properties

// name: seed-ticket-texts
// mode: read
// params: ids
// scan: both ends by unique id: a product of one and one
UNWIND $ids AS id
MATCH (ticket:Ticket {id: id})
MATCH (ticket)-[:HAS_MESSAGE]->(message:Message {id: id + '/1'})
OPTIONAL MATCH (customer:Customer)-[:RAISED]->(ticket)
RETURN ticket.id AS id, properties(message) AS message, customer.id AS customer

// name: seed-ticket-create
// mode: write
// params: rows, source
// Tickets just found missing. Of two loads at once, one fails on the unique id. Properties stand
// in CREATE, not in a SET behind it: the embedded engine would write and index twice.
MATCH (source:Source {id: $source})
UNWIND $rows AS row
CREATE (ticket:Ticket {
  id: row.id, seq: row.seq, version: 1,
  state: row.properties.state, subject: row.properties.subject,
  language: row.properties.language, search_text: row.properties.search_text,
  created_at: row.properties.created_at, first_response_at: row.properties.first_response_at,
  assigned_at: row.properties.assigned_at, handed_over_at: row.properties.handed_over_at,
  solved_at: row.properties.solved_at, reopened_at: row.properties.reopened_at,
  reopened_count: row.properties.reopened_count, rating: row.properties.rating,
  data_key: row.properties.data_key, department_id: row.properties.department_id,
  agent_id: row.properties.agent_id
})
CREATE (message:Message {
  id: row.id + '/1', text: row.message.text, text_sealed: row.message.text_sealed,
  author: row.message.author, created_at: row.message.created_at
})
CREATE (ticket)-[:HAS_MESSAGE]->(message)
CREATE (ticket)-[:DERIVED_FROM]->(source)

// name: seed-ticket-save
// mode: write
// params: rows
// scan: both ends by unique id: a product of one and one
// Seq, version and source stay as they were first given.
UNWIND $rows AS row
MATCH (ticket:Ticket {id: row.id})-[:HAS_MESSAGE]->(message:Message {id: row.id + '/1'})
SET ticket += row.properties
SET message += row.message

// name: seed-ticket-links
// mode: read
// params: ids
UNWIND $ids AS id
MATCH (node:Ticket {id: id})-[link:RAISED|RECEIVED_VIA|CONCERNS|MENTIONS|ASSIGNED_TO|WORKED_BY|SOLVED_BY]-(other)
RETURN node.id AS id, type(link) AS type, labels(other)[0] AS label, coalesce(other.number_key, other.id) AS target,
       properties(link) AS properties

// name: seed-ticket-unlink
// mode: write
// params: rows
UNWIND $rows AS row
MATCH (node:Ticket {id: row.id})-[link:RAISED|RECEIVED_VIA|CONCERNS|MENTIONS|ASSIGNED_TO|WORKED_BY|SOLVED_BY]-(other)
WHERE coalesce(other.number_key, other.id) = row.target AND type(link) = row.type AND row.label IN labels(other)
  AND (link.source = 'seed' OR link.source STARTS WITH 'source:')
DELETE link

// name: seed-ticket-raised-customer
// mode: write
// params: rows
// scan: both ends by unique id: a product of one and one
UNWIND $rows AS row
MATCH (node:Ticket {id: row.id})
MATCH (other:Customer {id: row.target})
CREATE (node)<-[link:RAISED]-(other)
SET link += row.properties

// name: seed-ticket-received-via-channel
// mode: write
// params: rows
// scan: both ends by unique id: a product of one and one
UNWIND $rows AS row
MATCH (node:Ticket {id: row.id})
MATCH (other:Channel {id: row.target})
CREATE (node)-[link:RECEIVED_VIA]->(other)
SET link += row.properties

// name: seed-ticket-concerns-issue
// mode: write
// params: rows
// scan: both ends by unique id: a product of one and one
UNWIND $rows AS row
MATCH (node:Ticket {id: row.id})
MATCH (other:Issue {id: row.target})
CREATE (node)-[link:CONCERNS]->(other)
SET link += row.properties

// name: seed-ticket-mentions-product
// mode: write
// params: rows
// scan: both ends by unique id: a product of one and one
UNWIND $rows AS row
MATCH (node:Ticket {id: row.id})
MATCH (other:Product {id: row.target})
CREATE (node)-[link:MENTIONS]->(other)
SET link += row.properties

// name: seed-ticket-mentions-category
// mode: write
// params: rows
// scan: both ends by unique id: a product of one and one
UNWIND $rows AS row
MATCH (node:Ticket {id: row.id})
MATCH (other:Category {id: row.target})
CREATE (node)-[link:MENTIONS]->(other)
SET link += row.properties

// name: seed-ticket-mentions-department
// mode: write
// params: rows
// scan: both ends by unique id: a product of one and one
UNWIND $rows AS row
MATCH (node:Ticket {id: row.id})
MATCH (other:Department {id: row.target})
CREATE (node)-[link:MENTIONS]->(other)
SET link += row.properties

// name: seed-ticket-mentions-order
// mode: write
// params: rows
// scan: both ends by unique id: a product of one and one
UNWIND $rows AS row
MATCH (node:Ticket {id: row.id})
MATCH (other:Order {number_key: row.target})
CREATE (node)-[link:MENTIONS]->(other)
SET link += row.properties

// name: seed-ticket-assigned-to-department
// mode: write
// params: rows
// scan: both ends by unique id: a product of one and one
UNWIND $rows AS row
MATCH (node:Ticket {id: row.id})
MATCH (other:Department {id: row.target})
CREATE (node)-[link:ASSIGNED_TO]->(other)
SET link += row.properties

// name: seed-ticket-worked-by-agent
// mode: write
// params: rows
// scan: both ends by unique id: a product of one and one
UNWIND $rows AS row
MATCH (node:Ticket {id: row.id})
MATCH (other:Agent {id: row.target})
CREATE (node)-[link:WORKED_BY]->(other)
SET link += row.properties

// name: seed-ticket-solved-by-resolution
// mode: write
// params: rows
// scan: both ends by unique id: a product of one and one
UNWIND $rows AS row
MATCH (node:Ticket {id: row.id})
MATCH (other:Resolution {id: row.target})
CREATE (node)-[link:SOLVED_BY]->(other)
SET link += row.properties
