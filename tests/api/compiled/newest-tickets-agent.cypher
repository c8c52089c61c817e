// given = {
//  "assigned": [
//   "agent-07"
//  ],
//  "granted": [],
//  "own_customer": [],
//  "own_department": [
//   "field-service"
//  ],
//  "own_line": [],
//  "size0": 21
// }

CALL () { UNWIND $given.assigned AS agent_id CALL (agent_id) { MATCH (n0:Ticket) WHERE n0.agent_id = agent_id AND (EXISTS { MATCH (n0)-[:WORKED_BY]->(n0_assigned0:Agent) WHERE n0_assigned0.id IN $given.assigned } OR n0.id IN $given.granted OR EXISTS { MATCH (n0)-[:ASSIGNED_TO]->(n0_own_department0:Department) WHERE n0_own_department0.id IN $given.own_department }) AND n0.seq IS NOT NULL RETURN n0 ORDER BY n0.agent_id DESC, n0.seq DESC LIMIT $given.size0 } RETURN n0
UNION
UNWIND $given.granted AS lead CALL (lead) { MATCH (n0:Ticket {id: lead}) WHERE (EXISTS { MATCH (n0)-[:WORKED_BY]->(n0_assigned0:Agent) WHERE n0_assigned0.id IN $given.assigned } OR n0.id IN $given.granted OR EXISTS { MATCH (n0)-[:ASSIGNED_TO]->(n0_own_department0:Department) WHERE n0_own_department0.id IN $given.own_department }) AND n0.seq IS NOT NULL RETURN n0 ORDER BY n0.seq DESC LIMIT $given.size0 } RETURN n0
UNION
UNWIND $given.own_department AS department_id CALL (department_id) { MATCH (n0:Ticket) WHERE n0.department_id = department_id AND (EXISTS { MATCH (n0)-[:WORKED_BY]->(n0_assigned0:Agent) WHERE n0_assigned0.id IN $given.assigned } OR n0.id IN $given.granted OR EXISTS { MATCH (n0)-[:ASSIGNED_TO]->(n0_own_department0:Department) WHERE n0_own_department0.id IN $given.own_department }) AND n0.seq IS NOT NULL RETURN n0 ORDER BY n0.department_id DESC, n0.seq DESC LIMIT $given.size0 } RETURN n0 }
WITH DISTINCT n0 ORDER BY n0.seq DESC LIMIT $given.size0
WITH [[n0.seq], [n0.id, n0.state, n0.subject, n0.created_at, head(COLLECT { MATCH (n0)<-[:RAISED]-(n1:Customer) WHERE (EXISTS { MATCH (n1)-[:RAISED]->(n1_assigned0:Ticket)-[:WORKED_BY]->(n1_assigned1:Agent) WHERE n1_assigned1.id IN $given.assigned } OR n1.id IN $given.granted OR EXISTS { MATCH (n1)<-[:SERVES]-(n1_own_department0:Department) WHERE n1_own_department0.id IN $given.own_department } OR EXISTS { MATCH (n1)-[:RAISED]->(n1_own_department0:Ticket)-[:ASSIGNED_TO]->(n1_own_department1:Department) WHERE n1_own_department1.id IN $given.own_department }) WITH DISTINCT n1 ORDER BY n1.id LIMIT 1 RETURN ['Customer', CASE WHEN (EXISTS { MATCH (n1)-[:RAISED]->(n1_assigned0:Ticket)-[:WORKED_BY]->(n1_assigned1:Agent) WHERE n1_assigned1.id IN $given.assigned } OR n1.id IN $given.granted) THEN [n1.data_key, n1.name_sealed, n1.id] WHEN (EXISTS { MATCH (n1)<-[:SERVES]-(n1_own_department0:Department) WHERE n1_own_department0.id IN $given.own_department } OR EXISTS { MATCH (n1)-[:RAISED]->(n1_own_department0:Ticket)-[:ASSIGNED_TO]->(n1_own_department1:Department) WHERE n1_own_department1.id IN $given.own_department }) THEN n1.name_hint END] }), head(COLLECT { MATCH (n0)-[:ASSIGNED_TO]->(n2:Department) WITH DISTINCT n2 ORDER BY n2.id LIMIT 1 RETURN ['Department', n2.name_en] })]] AS row
WITH collect(row) AS rows
WITH rows, null AS total
MATCH (epoch:Epoch {id: 'policy'})
RETURN epoch.value AS epoch, [rows, total] AS page
