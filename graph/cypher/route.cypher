// From evidence to departments: one walk over every path kind.

// name: route-candidates
// mode: read
// params: evidence, recent, similar
// index: ticket_text
// scan: the triage department is one of few departments
// Each row is one path: the evidence it started from, how far the responsibility had to be
// inherited (depth), and the department that holds it today. History and classifiers vote for
// issues and products only; HANDLES and SUPPORTS alone lead to departments. Similar tickets, whose
// votes are counted by issue, are ranked by shared terms, then latest first: engines score full
// text each in their own way. One record of positional lists: a record each would cost the driver
// more than the rest of the way. One map of evidence: a server plans anew for each combination of
// types and lengths of its parameters, but does not look into a map. Earlier tickets vote if they
// are in the list of those that may, or if there is none; similar ones are searched for here, or were
// chosen before, one by one.
CALL () {
  UNWIND $evidence.issues AS evidence
  MATCH (issue:Issue {id: evidence.id})
  MATCH path = (issue)-[:SUBTYPE_OF*0..4]->(held:Issue)
  MATCH (held)<-[handles:HANDLES]-(department:Department)
  WHERE handles.valid_to_at IS NULL
  RETURN 'issue-handled-by' AS path_kind, evidence.id AS evidence, evidence.strength AS strength,
         length(path) AS depth, coalesce(handles.weight, 1.0) AS weight,
         department.id AS department, ['Issue:' + held.id] AS walked,
         'HANDLES Issue:' + held.id AS held
  UNION ALL
  UNWIND $evidence.products AS evidence
  MATCH (product:Product {id: evidence.id})
  MATCH path = (product)-[:PART_OF*0..4]->(held)
  MATCH (held)<-[supports:SUPPORTS]-(department:Department)
  WHERE supports.valid_to_at IS NULL
  RETURN 'product-supported-by' AS path_kind, evidence.id AS evidence,
         evidence.strength AS strength, length(path) AS depth,
         coalesce(supports.weight, 1.0) AS weight, department.id AS department,
         ['Product:' + product.id] AS walked,
         'SUPPORTS ' + labels(held)[0] + ':' + held.id AS held
  UNION ALL
  UNWIND $evidence.categories AS evidence
  MATCH (category:Category {id: evidence.id})
  MATCH path = (category)-[:PART_OF*0..4]->(held)
  MATCH (held)<-[supports:SUPPORTS]-(department:Department)
  WHERE supports.valid_to_at IS NULL
  RETURN 'product-supported-by' AS path_kind, evidence.id AS evidence,
         evidence.strength AS strength, length(path) AS depth,
         coalesce(supports.weight, 1.0) AS weight, department.id AS department,
         ['Category:' + category.id] AS walked,
         'SUPPORTS ' + labels(held)[0] + ':' + held.id AS held
  UNION ALL
  UNWIND $evidence.orders AS evidence
  MATCH (order:Order {number_key: evidence.id})
  MATCH (order)-[:CONTAINS]->(product:Product)
  MATCH path = (product)-[:PART_OF*0..4]->(held)
  MATCH (held)<-[supports:SUPPORTS]-(department:Department)
  WHERE supports.valid_to_at IS NULL
  RETURN 'ordered-product-supported-by' AS path_kind, product.id AS evidence,
         evidence.strength AS strength, length(path) AS depth,
         coalesce(supports.weight, 1.0) AS weight, department.id AS department,
         ['Order:' + order.id, 'Product:' + product.id] AS walked,
         'SUPPORTS ' + labels(held)[0] + ':' + held.id AS held
  UNION ALL
  UNWIND $evidence.customer AS id
  MATCH (customer:Customer {id: id})-[:RAISED]->(earlier:Ticket)
  WHERE earlier.seq < $evidence.before
    AND ($evidence.earlier IS NULL OR earlier.id IN $evidence.earlier)
  WITH earlier ORDER BY earlier.seq DESC LIMIT $recent
  MATCH (earlier)-[:CONCERNS]->(issue:Issue)
  MATCH path = (issue)-[:SUBTYPE_OF*0..4]->(held:Issue)
  MATCH (held)<-[handles:HANDLES]-(department:Department)
  WHERE handles.valid_to_at IS NULL
  RETURN 'customer-continuity' AS path_kind, earlier.id AS evidence, 1.0 AS strength,
         length(path) AS depth, coalesce(handles.weight, 1.0) AS weight,
         department.id AS department, ['Ticket:' + earlier.id, 'Issue:' + issue.id] AS walked,
         'HANDLES Issue:' + held.id AS held
  UNION ALL
  UNWIND $evidence.served AS id
  MATCH (customer:Customer {id: id})<-[serves:SERVES]-(department:Department)
  RETURN 'customer-served-by' AS path_kind, customer.id AS evidence, 1.0 AS strength, 0 AS depth,
         1.0 AS weight, department.id AS department, ['Customer:' + customer.id] AS walked,
         'SERVES Customer:' + customer.id AS held
  UNION ALL
  UNWIND $evidence.departments AS evidence
  MATCH (department:Department {id: evidence.id})
  RETURN 'department-named' AS path_kind, evidence.id AS evidence, evidence.strength AS strength,
         0 AS depth, 1.0 AS weight, department.id AS department, [] AS walked, '' AS held
  UNION ALL
  UNWIND $evidence.search AS query
  CALL db.index.fulltext.queryNodes($index, query) YIELD node
  WITH node WHERE node.state = 'solved' AND node.seq < $evidence.before
  WITH node, CASE size($evidence.terms)
    WHEN 1 THEN 1
    ELSE size([term IN $evidence.terms WHERE ' ' + node.search_text + ' ' CONTAINS ' ' + term + ' '])
  END AS shared
  ORDER BY shared DESC, node.seq DESC
  LIMIT $similar
  MATCH (node)-[:CONCERNS]->(issue:Issue)
  WITH issue, count(*) AS votes, collect(node.id)[0] AS example
  MATCH path = (issue)-[:SUBTYPE_OF*0..4]->(held:Issue)
  MATCH (held)<-[handles:HANDLES]-(department:Department)
  WHERE handles.valid_to_at IS NULL
  RETURN 'similar-tickets' AS path_kind, issue.id AS evidence, 1.0 * votes AS strength,
         length(path) AS depth, coalesce(handles.weight, 1.0) AS weight,
         department.id AS department, ['Ticket:' + example, 'Issue:' + issue.id] AS walked,
         'HANDLES Issue:' + held.id AS held
  UNION ALL
  UNWIND $evidence.similar AS id
  MATCH (node:Ticket {id: id})-[:CONCERNS]->(issue:Issue)
  WITH issue, count(*) AS votes, collect(node.id)[0] AS example
  MATCH path = (issue)-[:SUBTYPE_OF*0..4]->(held:Issue)
  MATCH (held)<-[handles:HANDLES]-(department:Department)
  WHERE handles.valid_to_at IS NULL
  RETURN 'similar-tickets' AS path_kind, issue.id AS evidence, 1.0 * votes AS strength,
         length(path) AS depth, coalesce(handles.weight, 1.0) AS weight,
         department.id AS department, ['Ticket:' + example, 'Issue:' + issue.id] AS walked,
         'HANDLES Issue:' + held.id AS held
  UNION ALL
  MATCH (department:Department)
  WHERE department.triage = true
  RETURN 'triage' AS path_kind, department.id AS evidence, 0.0 AS strength, 0 AS depth,
         1.0 AS weight, department.id AS department, [] AS walked, '' AS held
}
WITH collect([path_kind, evidence, strength, depth, weight, department, walked, held]) AS paths
MATCH (epoch:Epoch {id: 'policy'})
RETURN paths, epoch.value AS epoch

// name: route-similar
// mode: read
// params: search, terms, most
// index: ticket_text
// The solved tickets that route-candidates would let vote first, for whoever may see some of them
// only.
CALL db.index.fulltext.queryNodes($index, $search) YIELD node
WITH node WHERE node.state = 'solved'
WITH node,
     size([term IN $terms WHERE ' ' + node.search_text + ' ' CONTAINS ' ' + term + ' ']) AS shared
ORDER BY shared DESC, node.seq DESC
LIMIT $most
RETURN node.id AS id

// name: route-earlier
// mode: read
// params: customer, most
MATCH (customer:Customer {id: $customer})-[:RAISED]->(earlier:Ticket)
RETURN earlier.id AS id
ORDER BY earlier.seq DESC
LIMIT $most

// name: routing-rows
// mode: read
// params: seqs
// Solved tickets by seq, as routing would have met them: what was written first, by whom; where
// they ended, and who holds their confirmed issues today (department, how far inherited).
UNWIND $seqs AS seq
MATCH (ticket:Ticket {seq: seq})-[:ASSIGNED_TO]->(department:Department)
MATCH (ticket)-[:HAS_MESSAGE]->(message:Message {author: 'customer'})
WHERE message.id = ticket.id + '/1'
OPTIONAL MATCH (customer:Customer)-[:RAISED]->(ticket)
RETURN ticket.seq AS seq, message.text AS text, customer.id AS customer,
       department.id AS department,
       COLLECT {
         MATCH (ticket)-[concerns:CONCERNS]->(issue:Issue)
         WHERE concerns.confidence = 1.0 AND coalesce(concerns.rank, 1) = 1
         MATCH path = (issue)-[:SUBTYPE_OF*0..4]->(held:Issue)
         MATCH (held)<-[handles:HANDLES]-(holder:Department)
         WHERE handles.valid_to_at IS NULL
         RETURN [holder.id, length(path)]
       } AS holders

// name: route-explained
// mode: read
// params: ticket
// A stored receipt, and what the choice of an agent needs. Whoever asks has seen the ticket.
MATCH (ticket:Ticket {id: $ticket})-[:ROUTED_BY]->(route:Route)
OPTIONAL MATCH (ticket)-[:HAS_MESSAGE]->(message:Message {id: $ticket + '/1'})
OPTIONAL MATCH (customer:Customer)-[:RAISED]->(ticket)
RETURN route.receipt AS receipt, message.text AS text, customer.id AS customer,
       ticket.department_id AS department,
       coalesce(ticket.assigned_at, ticket.created_at) AS since

// name: customer-products
// mode: read
// params: customer, latest
// What a customer's latest orders contain.
MATCH (customer:Customer {id: $customer})-[:PLACED]->(order:Order)
WITH order ORDER BY order.placed_at DESC, order.id LIMIT $latest
MATCH (order)-[:CONTAINS]->(product:Product)
RETURN DISTINCT product.id AS id
