// What happens to a ticket after its arrival. Callers hold the ticket's lock.

// name: request-claim
// mode: write
// params: id, fingerprint, result, now
MERGE (request:Request {id: $id})
ON CREATE SET request.fingerprint = $fingerprint, request.result_id = $result, request.at = $now
RETURN request.fingerprint AS fingerprint, request.result_id AS result_id

// name: ticket-keys
// mode: read
// params: id
MATCH (ticket:Ticket {id: $id})
OPTIONAL MATCH (ticket)<-[:RAISED]-(customer:Customer)
RETURN customer.id AS customer, customer.data_key AS customer_key, ticket.data_key AS own_key
ORDER BY customer LIMIT 1

// name: ticket-change
// mode: write
// params: id, changes
MATCH (ticket:Ticket {id: $id})
SET ticket += $changes

// name: ticket-release
// mode: write
// params: id, types
MATCH (ticket:Ticket {id: $id})-[old:ASSIGNED_TO|WORKED_BY|SOLVED_BY]->()
WHERE type(old) IN $types
SET ticket.agent_id = CASE type(old) WHEN 'WORKED_BY' THEN null ELSE ticket.agent_id END
DELETE old

// name: ticket-assign
// mode: write
// params: id, department, now
// scan: both ends by unique id: a product of one and one
// department_id and agent_id repeat the relationships, for the indexes that pages are read by.
MATCH (ticket:Ticket {id: $id})
MATCH (department:Department {id: $department})
CREATE (ticket)-[:ASSIGNED_TO {at: $now}]->(department)
SET ticket.department_id = department.id

// name: ticket-work
// mode: write
// params: id, agent
// scan: both ends by unique id: a product of one and one
MATCH (ticket:Ticket {id: $id})
MATCH (agent:Agent {id: $agent})
CREATE (ticket)-[:WORKED_BY]->(agent)
SET ticket.agent_id = agent.id

// name: ticket-solve
// mode: write
// params: id, resolution
// scan: both ends by unique id: a product of one and one
MATCH (ticket:Ticket {id: $id})
MATCH (resolution:Resolution {id: $resolution})
CREATE (ticket)-[:SOLVED_BY]->(resolution)

// name: ticket-message
// mode: write
// params: id, message, text, text_sealed, author, now
MATCH (ticket:Ticket {id: $id})
CREATE (message:Message {
  id: $message, text: $text, text_sealed: $text_sealed, author: $author, created_at: $now
})
CREATE (ticket)-[:HAS_MESSAGE]->(message)

// name: ticket-comment
// mode: write
// params: id, comment, text, author, now
MATCH (ticket:Ticket {id: $id})
CREATE (comment:Comment {id: $comment, text: $text, author: $author, created_at: $now})
CREATE (ticket)-[:HAS_COMMENT]->(comment)

// name: ticket-handover
// mode: write
// params: id, handover, source, target, reason, actor, now
// scan: all ends by unique id: a product of one and one
// A list stands for the department it came from, which may be none.
MATCH (ticket:Ticket {id: $id})
MATCH (target:Department {id: $target})
CREATE (handover:Handover {id: $handover, reason: $reason, actor: $actor, created_at: $now})
CREATE (ticket)-[:HANDED_OVER]->(handover)
CREATE (handover)-[:HANDED_TO]->(target)
WITH handover
UNWIND $source AS one
MATCH (source:Department {id: one})
CREATE (handover)-[:HANDED_FROM]->(source)

// name: ticket-confirm
// mode: write
// params: id, issue, author, now
// scan: both ends by unique id: a product of one and one
// What a person says a ticket is about comes first and is certain; guesses stay behind it.
MATCH (ticket:Ticket {id: $id})
MATCH (issue:Issue {id: $issue})
CALL (ticket) {
  MATCH (ticket)-[other:CONCERNS]->(:Issue)
  SET other.rank = coalesce(other.rank, 1) + 1, other.confidence = 0.0
  RETURN count(*) AS others
}
MERGE (ticket)-[concerns:CONCERNS]->(issue)
SET concerns.rank = 1, concerns.confidence = 1.0, concerns.extractor = 'person',
    concerns.source = 'person:' + $author, concerns.recorded_at = $now

// name: ticket-first-text
// mode: read
// params: id
MATCH (ticket:Ticket {id: $id})-[:HAS_MESSAGE]->(message:Message {author: 'customer'})
RETURN message.text AS text ORDER BY message.created_at LIMIT 1

// name: department-issues
// mode: read
// params: department
// What a department handles, and what it inherits: issues that nobody nearer holds.
MATCH (department:Department {id: $department})-[handles:HANDLES]->(held:Issue)
WHERE handles.valid_to_at IS NULL
MATCH path = (held)<-[:SUBTYPE_OF*0..4]-(issue:Issue)
WHERE NOT EXISTS {
  MATCH nearer = (issue)-[:SUBTYPE_OF*0..4]->(:Issue)<-[other:HANDLES]-(:Department)
  WHERE other.valid_to_at IS NULL AND length(nearer) - 1 < length(path)
}
RETURN DISTINCT issue.id AS id ORDER BY id

// name: triage-department
// mode: read
// params:
// scan: one of few departments
MATCH (department:Department)
WHERE department.triage = true
RETURN department.id AS id
ORDER BY id LIMIT 1

// name: agent-member
// mode: read
// params: agent, department
// scan: both ends by unique id: a product of one and one
MATCH (agent:Agent {id: $agent})-[:MEMBER_OF]->(:Department {id: $department})
RETURN agent.id AS id
