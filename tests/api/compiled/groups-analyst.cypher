// given = {
//  "assigned": [],
//  "granted": [],
//  "own_customer": [],
//  "own_department": [],
//  "own_line": [],
//  "size0": 21,
//  "size1": 50,
//  "where0_0": "zh"
// }

WITH [] AS rows, null AS total
CALL () { MATCH (n0:Ticket) WHERE (n0.language = $given.where0_0) OPTIONAL MATCH (n0)-[:ASSIGNED_TO]->(n0k0:Department) WITH DISTINCT n0, n0k0, n0.state AS n0k1, n0.rating AS n0m0 WITH n0k0, n0k1, count(n0) AS size, avg(n0m0) AS n0m0 WHERE size >= 5 ORDER BY size DESC, n0k0.id, n0k1 LIMIT $given.size1 RETURN collect([size, [CASE WHEN n0k0 IS NOT NULL THEN ['Department', n0k0.name_zh] END, n0k1], [n0m0]]) AS n0g0 }
MATCH (epoch:Epoch {id: 'policy'})
RETURN epoch.value AS epoch, [rows, total, [n0g0]] AS page
