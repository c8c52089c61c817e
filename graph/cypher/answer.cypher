// From a question's evidence to resolutions.

// name: answer-resolutions
// mode: read
// params: evidence
// Each path that speaks for a resolution: its own words, the issue it resolves, or the product or
// category it applies to. One map of evidence, one record of lists: see route-candidates.
CALL () {
  UNWIND $evidence.resolutions AS evidence
  MATCH (resolution:Resolution {id: evidence.id})
  RETURN resolution, 'text' AS path_kind, evidence.id AS evidence, evidence.strength AS strength,
         0 AS depth
  UNION ALL
  UNWIND $evidence.issues AS evidence
  MATCH (issue:Issue {id: evidence.id})<-[:RESOLVES]-(resolution:Resolution)
  RETURN resolution, 'resolves' AS path_kind, issue.id AS evidence, evidence.strength AS strength,
         0 AS depth
  UNION ALL
  UNWIND $evidence.products AS evidence
  MATCH (product:Product {id: evidence.id})
  MATCH path = (product)-[:PART_OF*0..4]->(goods)
  MATCH (goods)<-[:APPLIES_TO]-(resolution:Resolution)
  RETURN resolution, 'applies-to' AS path_kind, product.id AS evidence,
         evidence.strength AS strength, length(path) AS depth
  UNION ALL
  UNWIND $evidence.categories AS evidence
  MATCH (category:Category {id: evidence.id})
  MATCH path = (category)-[:PART_OF*0..4]->(goods)
  MATCH (goods)<-[:APPLIES_TO]-(resolution:Resolution)
  RETURN resolution, 'applies-to' AS path_kind, category.id AS evidence,
         evidence.strength AS strength, length(path) AS depth
  UNION ALL
  UNWIND $evidence.categories AS evidence
  MATCH (category:Category {id: evidence.id})
  MATCH path = (category)<-[:PART_OF*1..4]-(goods)
  MATCH (goods)<-[:APPLIES_TO]-(resolution:Resolution)
  RETURN resolution, 'applies-to' AS path_kind, category.id AS evidence,
         evidence.strength AS strength, length(path) AS depth
}
WITH collect([resolution.id, path_kind, evidence, strength, depth]) AS paths
MATCH (epoch:Epoch {id: 'policy'})
RETURN paths, epoch.value AS epoch
