// Tickets: written once, whole, with everything that was understood of them.

// name: ticket-create
// mode: write
// params: rows
// Tickets that arrive together share one transaction. The request node is the idempotency key: a
// replay finds another ticket's id there and writes nothing. Lists stand for what may be absent,
// so that a missing node never drops the ticket. Properties stand in CREATE, not in a SET behind
// it: the embedded engine would write twice.
UNWIND $rows AS row
MERGE (request:Request {id: row.request})
ON CREATE SET request.fingerprint = row.fingerprint, request.result_id = row.id,
              request.at = row.now
WITH request, row
WHERE request.result_id = row.id
CREATE (ticket:Ticket {
  id: row.id, seq: row.seq, version: 1, state: row.state, subject: row.subject,
  language: row.language, search_text: row.search_text, created_at: row.now,
  assigned_at: row.now, reopened_count: 0, data_key: row.data_key,
  department_id: row.department[0], agent_id: row.agent[0]
})
CREATE (message:Message {
  id: row.id + '/1', text: row.text, text_sealed: row.text_sealed, author: 'customer',
  created_at: row.now
})
CREATE (route:Route {
  id: row.id + '/route', receipt: row.route.receipt, model: row.route.model,
  confidence: row.route.confidence, margin: row.route.margin,
  policy_epoch: row.route.policy_epoch, knowledge_epoch: row.route.knowledge_epoch,
  reason: row.route.reason, created_at: row.now
})
CREATE (ticket)-[:HAS_MESSAGE]->(message)
CREATE (ticket)-[:ROUTED_BY]->(route)
WITH ticket, route, row
CALL (ticket, row) {
  UNWIND row.customer AS one
  MATCH (customer:Customer {id: one})
  CREATE (customer)-[:RAISED]->(ticket)
  RETURN count(*) AS customers
}
CALL (ticket, row) {
  UNWIND row.agent AS one
  MATCH (agent:Agent {id: one})
  CREATE (ticket)-[:WORKED_BY]->(agent)
  RETURN count(*) AS agents
}
CALL (ticket, row) {
  UNWIND row.channel AS one
  MATCH (channel:Channel {id: one})
  CREATE (ticket)-[:RECEIVED_VIA]->(channel)
  RETURN count(*) AS channels
}
CALL (ticket, row) {
  UNWIND row.issues AS one
  MATCH (issue:Issue {id: one.id})
  CREATE (ticket)-[:CONCERNS {
    extractor: one.extractor, confidence: one.confidence, start: one.start, end: one.end,
    source: one.source, recorded_at: one.recorded_at, rank: one.rank
  }]->(issue)
  RETURN count(*) AS issues
}
CALL (ticket, row) {
  UNWIND row.mentions.Product AS one
  MATCH (product:Product {id: one.id})
  CREATE (ticket)-[:MENTIONS {
    extractor: one.extractor, confidence: one.confidence, start: one.start, end: one.end,
    source: one.source, recorded_at: one.recorded_at
  }]->(product)
  RETURN count(*) AS products
}
CALL (ticket, row) {
  UNWIND row.mentions.Category AS one
  MATCH (category:Category {id: one.id})
  CREATE (ticket)-[:MENTIONS {
    extractor: one.extractor, confidence: one.confidence, start: one.start, end: one.end,
    source: one.source, recorded_at: one.recorded_at
  }]->(category)
  RETURN count(*) AS categories
}
CALL (ticket, row) {
  UNWIND row.mentions.Department AS one
  MATCH (department:Department {id: one.id})
  CREATE (ticket)-[:MENTIONS {
    extractor: one.extractor, confidence: one.confidence, start: one.start, end: one.end,
    source: one.source, recorded_at: one.recorded_at
  }]->(department)
  RETURN count(*) AS departments
}
CALL (ticket, row) {
  UNWIND row.orders AS one
  MATCH (order:Order {number_key: one.id})
  CREATE (ticket)-[:MENTIONS {
    extractor: one.extractor, confidence: one.confidence, start: one.start, end: one.end,
    source: one.source, recorded_at: one.recorded_at
  }]->(order)
  RETURN count(*) AS orders
}
CALL (route, row) {
  UNWIND row.proposals AS one
  MATCH (proposed:Department {id: one.department})
  CREATE (route)-[:PROPOSED {
    rank: one.rank, score: one.score, path_kinds: one.path_kinds,
    contributions: one.contributions
  }]->(proposed)
  RETURN count(*) AS proposed
}
CALL (ticket, row) {
  UNWIND row.department AS one
  MATCH (owner:Department {id: one})
  CREATE (ticket)-[:ASSIGNED_TO {at: row.now}]->(owner)
  RETURN count(*) AS owners
}
RETURN ticket.id AS id

// name: ticket-place
// mode: write
// params: ids
// After relationships to departments or agents have changed.
UNWIND $ids AS id
MATCH (ticket:Ticket {id: id})
OPTIONAL MATCH (ticket)-[:ASSIGNED_TO]->(department:Department)
WITH ticket, min(department.id) AS place
OPTIONAL MATCH (ticket)-[:WORKED_BY]->(agent:Agent)
WITH ticket, place, min(agent.id) AS worker
SET ticket.department_id = place, ticket.agent_id = worker

// name: ticket-unplaced
// mode: read
// params: after, until
// Tickets whose department_id or agent_id was never written.
MATCH (ticket:Ticket)
WHERE ticket.seq > $after AND ticket.seq <= $until
  AND (ticket.department_id IS NULL AND EXISTS { MATCH (ticket)-[:ASSIGNED_TO]->(:Department) }
    OR ticket.agent_id IS NULL AND EXISTS { MATCH (ticket)-[:WORKED_BY]->(:Agent) })
RETURN ticket.id AS id

// name: ticket-ageless
// mode: read
// params: after, until
// Tickets whose words do not say yet when they were.
MATCH (ticket:Ticket)
WHERE ticket.seq > $after AND ticket.seq <= $until AND NOT ticket.search_text CONTAINS '@'
RETURN ticket.id AS id

// name: ticket-age
// mode: write
// params: ids
// As graph.sequence.ages has them: whole units of 2 to the power of so many.
UNWIND $ids AS id
MATCH (ticket:Ticket {id: id})
WHERE NOT ticket.search_text CONTAINS '@'
SET ticket.search_text = ticket.search_text
  + ' @33.' + toString(ticket.seq / 8589934592)
  + ' @38.' + toString(ticket.seq / 274877906944)
  + ' @43.' + toString(ticket.seq / 8796093022208)
  + ' @48.' + toString(ticket.seq / 281474976710656)
  + ' @53.' + toString(ticket.seq / 9007199254740992)
  + ' @58.' + toString(ticket.seq / 288230376151711744)

// name: request-get
// mode: read
// params: id
MATCH (request:Request {id: $id})
RETURN request.fingerprint AS fingerprint, request.result_id AS result_id

// name: route-receipts
// mode: read
// params: ids
// Whoever asks has seen these routes already.
MATCH (route:Route) WHERE route.id IN $ids
RETURN route.id AS id, route.receipt AS receipt

// name: customer-key-get
// mode: read
// params: id
MATCH (customer:Customer {id: $id}) RETURN customer.id AS id, customer.data_key AS data_key

// name: training-rows
// mode: read
// params: after, limit
// Solved tickets in the order of their seq, a page at a time, and tickets that a person corrected,
// with the issue a person confirmed: what customers wrote, not what the desk answered.
MATCH (ticket:Ticket)
WHERE ticket.seq > $after AND (ticket.state = 'solved' OR ticket.corrected_at IS NOT NULL)
WITH ticket
ORDER BY ticket.seq
LIMIT $limit
MATCH (ticket)-[:HAS_MESSAGE]->(message:Message {author: 'customer'})
MATCH (ticket)-[concerns:CONCERNS]->(issue:Issue)
WHERE concerns.confidence = 1.0
RETURN ticket.seq AS seq, message.text AS text, issue.id AS issue,
       ticket.corrected_at IS NOT NULL AS corrected
ORDER BY seq, concerns.rank

// name: training-descriptions
// mode: read
// params:
// scan: what every issue is, in a sentence of each language
MATCH (issue:Issue)
RETURN issue.id AS issue, [issue.description_zh, issue.description_en] AS texts
ORDER BY issue

// name: count-nodes
// mode: read
// params:
// scan: counts come from the engine's own statistics or a scan per label
CALL () { MATCH (n:Customer) RETURN count(n) AS count }
RETURN 'Customer' AS label, count
UNION ALL
CALL () { MATCH (n:Department) RETURN count(n) AS count }
RETURN 'Department' AS label, count
UNION ALL
CALL () { MATCH (n:Issue) RETURN count(n) AS count }
RETURN 'Issue' AS label, count
UNION ALL
CALL () { MATCH (n:Order) RETURN count(n) AS count }
RETURN 'Order' AS label, count
UNION ALL
CALL () { MATCH (n:Product) RETURN count(n) AS count }
RETURN 'Product' AS label, count
UNION ALL
CALL () { MATCH (n:Resolution) RETURN count(n) AS count }
RETURN 'Resolution' AS label, count
UNION ALL
CALL () { MATCH (n:Ticket) RETURN count(n) AS count }
RETURN 'Ticket' AS label, count
