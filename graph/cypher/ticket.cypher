// Tickets: written once, whole, with everything that was understood of them.

// name: ticket-create
// mode: write
// params: request, fingerprint, now, id, ticket, message, customer, channel, issues, mentions, orders, route, proposals, department
// The request node is the idempotency key: a replay finds another ticket's id there and writes
// nothing. Lists stand for what may be absent, so that a missing node never drops the ticket.
// Properties stand in CREATE, not in a SET behind it: the embedded engine would write twice.
MERGE (request:Request {id: $request})
ON CREATE SET request.fingerprint = $fingerprint, request.result_id = $id, request.at = $now
WITH request
WHERE request.result_id = $id
CREATE (ticket:Ticket $ticket)
CREATE (message:Message $message)
CREATE (route:Route $route)
CREATE (ticket)-[:HAS_MESSAGE]->(message)
CREATE (ticket)-[:ROUTED_BY]->(route)
WITH ticket, route
CALL (ticket) {
  UNWIND $customer AS id
  MATCH (customer:Customer {id: id})
  CREATE (customer)-[:RAISED]->(ticket)
  RETURN count(*) AS customers
}
CALL (ticket) {
  UNWIND $channel AS id
  MATCH (channel:Channel {id: id})
  CREATE (ticket)-[:RECEIVED_VIA]->(channel)
  RETURN count(*) AS channels
}
CALL (ticket) {
  UNWIND $issues AS row
  MATCH (issue:Issue {id: row.id})
  CREATE (ticket)-[:CONCERNS {
    extractor: row.extractor, confidence: row.confidence, start: row.start, end: row.end,
    source: row.source, recorded_at: row.recorded_at, rank: row.rank
  }]->(issue)
  RETURN count(*) AS issues
}
CALL (ticket) {
  UNWIND $mentions.Product AS row
  MATCH (product:Product {id: row.id})
  CREATE (ticket)-[:MENTIONS {
    extractor: row.extractor, confidence: row.confidence, start: row.start, end: row.end,
    source: row.source, recorded_at: row.recorded_at
  }]->(product)
  RETURN count(*) AS products
}
CALL (ticket) {
  UNWIND $mentions.Category AS row
  MATCH (category:Category {id: row.id})
  CREATE (ticket)-[:MENTIONS {
    extractor: row.extractor, confidence: row.confidence, start: row.start, end: row.end,
    source: row.source, recorded_at: row.recorded_at
  }]->(category)
  RETURN count(*) AS categories
}
CALL (ticket) {
  UNWIND $mentions.Department AS row
  MATCH (department:Department {id: row.id})
  CREATE (ticket)-[:MENTIONS {
    extractor: row.extractor, confidence: row.confidence, start: row.start, end: row.end,
    source: row.source, recorded_at: row.recorded_at
  }]->(department)
  RETURN count(*) AS departments
}
CALL (ticket) {
  UNWIND $orders AS row
  MATCH (order:Order {number_key: row.id})
  CREATE (ticket)-[:MENTIONS {
    extractor: row.extractor, confidence: row.confidence, start: row.start, end: row.end,
    source: row.source, recorded_at: row.recorded_at
  }]->(order)
  RETURN count(*) AS orders
}
CALL (route) {
  UNWIND $proposals AS row
  MATCH (proposed:Department {id: row.department})
  CREATE (route)-[:PROPOSED {
    rank: row.rank, score: row.score, path_kinds: row.path_kinds,
    contributions: row.contributions
  }]->(proposed)
  RETURN count(*) AS proposed
}
CALL (ticket) {
  UNWIND $department AS id
  MATCH (owner:Department {id: id})
  CREATE (ticket)-[:ASSIGNED_TO {at: $now}]->(owner)
  RETURN count(*) AS owners
}
RETURN ticket.id AS id, customers, owners

// name: request-get
// mode: read
// params: id
MATCH (request:Request {id: $id})
RETURN request.fingerprint AS fingerprint, request.result_id AS result_id

// name: ticket-get
// mode: read
// params: id, everything, customer_id, department_ids, line_ids
// A row outside the caller's scope is no row: absent and forbidden look the same.
MATCH (ticket:Ticket {id: $id})
WHERE $everything
   OR EXISTS { MATCH (owner:Customer)-[:RAISED]->(ticket) WHERE owner.id = $customer_id }
   OR EXISTS { MATCH (ticket)-[:ASSIGNED_TO]->(d:Department) WHERE d.id IN $department_ids }
   OR EXISTS {
     MATCH (ticket)-[:ASSIGNED_TO]->(:Department)-[:BELONGS_TO]->(line:BusinessLine)
     WHERE line.id IN $line_ids
   }
OPTIONAL MATCH (ticket)-[:ASSIGNED_TO]->(department:Department)
OPTIONAL MATCH (ticket)-[:ROUTED_BY]->(route:Route)
OPTIONAL MATCH (ticket)-[:HAS_MESSAGE]->(message:Message)
OPTIONAL MATCH (customer:Customer)-[:RAISED]->(ticket)
RETURN ticket.id AS id, ticket.state AS state, ticket.subject AS subject,
       ticket.language AS language, ticket.created_at AS created_at,
       ticket.assigned_at AS assigned_at, department.id AS department,
       message.text AS text, route.receipt AS receipt, customer.id AS customer
ORDER BY message.created_at
LIMIT 1

// name: customer-key-get
// mode: read
// params: id
MATCH (customer:Customer {id: $id}) RETURN customer.id AS id, customer.data_key AS data_key

// name: training-rows
// mode: read
// params: after, limit
// Solved tickets in the order of their seq, a page at a time, with the issue a person confirmed.
MATCH (ticket:Ticket)
WHERE ticket.seq > $after AND ticket.state = 'solved'
WITH ticket
ORDER BY ticket.seq
LIMIT $limit
MATCH (ticket)-[:HAS_MESSAGE]->(message:Message)
MATCH (ticket)-[concerns:CONCERNS]->(issue:Issue)
WHERE concerns.confidence = 1.0
RETURN ticket.seq AS seq, message.text AS text, issue.id AS issue
ORDER BY seq, concerns.rank

// name: count-nodes
// mode: read
// params:
// scan: counts come from the engine's own statistics or a scan per label
CALL () {
  MATCH (n:Customer) RETURN 'Customer' AS label, count(n) AS count
  UNION ALL
  MATCH (n:Department) RETURN 'Department' AS label, count(n) AS count
  UNION ALL
  MATCH (n:Issue) RETURN 'Issue' AS label, count(n) AS count
  UNION ALL
  MATCH (n:Order) RETURN 'Order' AS label, count(n) AS count
  UNION ALL
  MATCH (n:Product) RETURN 'Product' AS label, count(n) AS count
  UNION ALL
  MATCH (n:Resolution) RETURN 'Resolution' AS label, count(n) AS count
  UNION ALL
  MATCH (n:Ticket) RETURN 'Ticket' AS label, count(n) AS count
}
RETURN label, count
