// given = {
//  "assigned": [
//   "agent-07"
//  ],
//  "granted": [],
//  "ids": [
//   "c-0001"
//  ],
//  "own_customer": [],
//  "own_department": [
//   "field-service"
//  ],
//  "own_line": [],
//  "size0": 3
// }

UNWIND $given.ids AS id MATCH (n0:Customer {id: id}) WHERE (EXISTS { MATCH (n0)-[:RAISED]->(n0_assigned0:Ticket)-[:WORKED_BY]->(n0_assigned1:Agent) WHERE n0_assigned1.id IN $given.assigned } OR n0.id IN $given.granted OR EXISTS { MATCH (n0)<-[:SERVES]-(n0_own_department0:Department) WHERE n0_own_department0.id IN $given.own_department } OR EXISTS { MATCH (n0)-[:RAISED]->(n0_own_department0:Ticket)-[:ASSIGNED_TO]->(n0_own_department1:Department) WHERE n0_own_department1.id IN $given.own_department })
WITH [n0.id, CASE WHEN (EXISTS { MATCH (n0)-[:RAISED]->(n0_assigned0:Ticket)-[:WORKED_BY]->(n0_assigned1:Agent) WHERE n0_assigned1.id IN $given.assigned } OR n0.id IN $given.granted) THEN [n0.data_key, n0.name_sealed, n0.id] WHEN (EXISTS { MATCH (n0)<-[:SERVES]-(n0_own_department0:Department) WHERE n0_own_department0.id IN $given.own_department } OR EXISTS { MATCH (n0)-[:RAISED]->(n0_own_department0:Ticket)-[:ASSIGNED_TO]->(n0_own_department1:Department) WHERE n0_own_department1.id IN $given.own_department }) THEN n0.name_hint END, n0.tier, [COLLECT { MATCH (n0)-[:RAISED]->(n1:Ticket) WHERE (EXISTS { MATCH (n1)-[:WORKED_BY]->(n1_assigned0:Agent) WHERE n1_assigned0.id IN $given.assigned } OR n1.id IN $given.granted OR EXISTS { MATCH (n1)-[:ASSIGNED_TO]->(n1_own_department0:Department) WHERE n1_own_department0.id IN $given.own_department }) AND n1.seq IS NOT NULL WITH DISTINCT n1 ORDER BY n1.seq LIMIT $given.size0 RETURN [[n1.seq], ['Ticket', n1.id]] }, null]] AS node
WITH collect(node) AS nodes
MATCH (epoch:Epoch {id: 'policy'})
RETURN epoch.value AS epoch, nodes
