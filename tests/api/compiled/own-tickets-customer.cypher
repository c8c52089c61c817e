// given = {
//  "assigned": [],
//  "granted": [],
//  "own_customer": [
//   "c-0001"
//  ],
//  "own_department": [],
//  "own_line": [],
//  "size0": 21,
//  "size1": 4,
//  "where0_0": "solved"
// }

MATCH (n0:Ticket) WHERE (EXISTS { MATCH (n0)<-[:RAISED]-(n0_own_customer0:Customer) WHERE n0_own_customer0.id IN $given.own_customer }) AND (n0.state = $given.where0_0) AND n0.created_at IS NOT NULL WITH DISTINCT n0 ORDER BY n0.created_at DESC, n0.seq DESC LIMIT $given.size0
WITH [[n0.created_at, n0.seq], [n0.id, n0.subject, [COLLECT { MATCH (n0)-[:HAS_MESSAGE]->(n1:Message) WHERE (EXISTS { MATCH (n1)<-[:HAS_MESSAGE]-(n1_own_customer0:Ticket)<-[:RAISED]-(n1_own_customer1:Customer) WHERE n1_own_customer1.id IN $given.own_customer }) AND n1.id IS NOT NULL WITH DISTINCT n1 ORDER BY n1.id LIMIT $given.size1 RETURN [[n1.id], ['Message', n1.text]] }, null]]] AS row
WITH collect(row) AS rows
WITH rows, null AS total
MATCH (epoch:Epoch {id: 'policy'})
RETURN epoch.value AS epoch, [rows, total] AS page
