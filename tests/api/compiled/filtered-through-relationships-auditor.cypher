// given = {
//  "assigned": [],
//  "granted": [],
//  "own_customer": [],
//  "own_department": [],
//  "own_line": [],
//  "size0": 21,
//  "size1": 3,
//  "where0_0": "billing",
//  "where0_1": "leak",
//  "where0_2": "solved"
// }

MATCH (n0:Ticket) WHERE ((EXISTS { MATCH (n0)-[:ASSIGNED_TO]->(n0f1:Department) WHERE (n0f1.id = $given.where0_0) } OR EXISTS { MATCH (n0)-[:CONCERNS]->(n0f2:Issue) WHERE (n0f2.name_en CONTAINS $given.where0_1) }) AND NOT coalesce(n0.state = $given.where0_2, false)) AND n0.seq IS NOT NULL WITH DISTINCT n0 ORDER BY n0.seq DESC LIMIT $given.size0
WITH [[n0.seq], [n0.id, [COLLECT { MATCH (n0)-[:MENTIONS]->(n1) WHERE (n1:Product OR n1:Category OR n1:Order OR n1:Department) AND n1.id IS NOT NULL WITH DISTINCT n1 ORDER BY n1.id LIMIT $given.size1 RETURN [[n1.id], CASE WHEN n1:Product THEN ['Product', n1.name_zh] WHEN n1:Category THEN ['Category'] WHEN n1:Order THEN ['Order', n1.number] WHEN n1:Department THEN ['Department'] END] }, null]]] AS row
WITH collect(row) AS rows
WITH rows, null AS total
MATCH (epoch:Epoch {id: 'policy'})
RETURN epoch.value AS epoch, [rows, total] AS page
