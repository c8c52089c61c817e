// given = {
//  "assigned": [],
//  "granted": [],
//  "own_customer": [],
//  "own_department": [],
//  "own_line": [
//   "appliances"
//  ],
//  "size0": 11,
//  "where0_0": [
//   " 漏水 ",
//   " leak "
//  ],
//  "where0_0_index": "+漏水 +leak"
// }

CALL db.index.fulltext.queryNodes($index, $given.where0_0_index) YIELD node WITH node AS n0 WHERE (EXISTS { MATCH (n0)-[:WORKED_BY]->(n0_assigned0:Agent) WHERE n0_assigned0.id IN $given.assigned } OR n0.id IN $given.granted OR EXISTS { MATCH (n0)-[:ASSIGNED_TO]->(n0_own_department0:Department) WHERE n0_own_department0.id IN $given.own_department } OR EXISTS { MATCH (n0)-[:ASSIGNED_TO]->(n0_own_line0:Department)-[:BELONGS_TO]->(n0_own_line1:BusinessLine) WHERE n0_own_line1.id IN $given.own_line }) AND (EXISTS { MATCH (n0)-[:ASSIGNED_TO]->(n0_own_department0:Department) WHERE n0_own_department0.id IN $given.own_department } OR EXISTS { MATCH (n0)-[:ASSIGNED_TO]->(n0_own_line0:Department)-[:BELONGS_TO]->(n0_own_line1:BusinessLine) WHERE n0_own_line1.id IN $given.own_line }) AND (all(word IN $given.where0_0 WHERE ' ' + n0.search_text + ' ' CONTAINS word)) AND n0.seq IS NOT NULL WITH DISTINCT n0 ORDER BY n0.seq DESC LIMIT $given.size0
WITH [[n0.seq], [n0.id, [n0.state, CASE WHEN (EXISTS { MATCH (n0)-[:ASSIGNED_TO]->(n0_own_department0:Department) WHERE n0_own_department0.id IN $given.own_department }) THEN ['assign', 'triage', 'answer', 'handover', 'correct', 'resolve', 'reopen'] ELSE [] END + CASE WHEN (EXISTS { MATCH (n0)-[:WORKED_BY]->(n0_assigned0:Agent) WHERE n0_assigned0.id IN $given.assigned } OR EXISTS { MATCH (n0)-[:ASSIGNED_TO]->(n0_own_department0:Department) WHERE n0_own_department0.id IN $given.own_department } OR EXISTS { MATCH (n0)-[:ASSIGNED_TO]->(n0_own_line0:Department)-[:BELONGS_TO]->(n0_own_line1:BusinessLine) WHERE n0_own_line1.id IN $given.own_line }) THEN ['comment'] ELSE [] END]]] AS row
WITH collect(row) AS rows
WITH rows, COUNT { CALL db.index.fulltext.queryNodes($index, $given.where0_0_index) YIELD node WITH node AS n0 WHERE (EXISTS { MATCH (n0)-[:WORKED_BY]->(n0_assigned0:Agent) WHERE n0_assigned0.id IN $given.assigned } OR n0.id IN $given.granted OR EXISTS { MATCH (n0)-[:ASSIGNED_TO]->(n0_own_department0:Department) WHERE n0_own_department0.id IN $given.own_department } OR EXISTS { MATCH (n0)-[:ASSIGNED_TO]->(n0_own_line0:Department)-[:BELONGS_TO]->(n0_own_line1:BusinessLine) WHERE n0_own_line1.id IN $given.own_line }) AND (EXISTS { MATCH (n0)-[:ASSIGNED_TO]->(n0_own_department0:Department) WHERE n0_own_department0.id IN $given.own_department } OR EXISTS { MATCH (n0)-[:ASSIGNED_TO]->(n0_own_line0:Department)-[:BELONGS_TO]->(n0_own_line1:BusinessLine) WHERE n0_own_line1.id IN $given.own_line }) AND (all(word IN $given.where0_0 WHERE ' ' + n0.search_text + ' ' CONTAINS word)) RETURN DISTINCT n0 } AS total
MATCH (epoch:Epoch {id: 'policy'})
RETURN epoch.value AS epoch, [rows, total] AS page
