// What extractors know of the graph.

// name: epoch-get
// mode: read
// params: id
MATCH (epoch:Epoch {id: $id}) RETURN epoch.value AS value

// name: epoch-move
// mode: write
// params: id
MERGE (epoch:Epoch {id: $id})
SET epoch.value = coalesce(epoch.value, 0) + 1
RETURN epoch.value AS value

// name: epoch-ensure
// mode: write
// params: id, value
// What every compiled query reads last has to be there; where it is, it stays as it is.
MERGE (epoch:Epoch {id: $id})
ON CREATE SET epoch.value = $value
RETURN epoch.value AS value

// name: knowledge-names
// mode: read
// params:
// scan: everything that has a name is read once per knowledge epoch
CALL () {
  MATCH (node:BusinessLine) RETURN 'BusinessLine' AS label, node
  UNION ALL
  MATCH (node:Category) RETURN 'Category' AS label, node
  UNION ALL
  MATCH (node:Channel) RETURN 'Channel' AS label, node
  UNION ALL
  MATCH (node:Department) RETURN 'Department' AS label, node
  UNION ALL
  MATCH (node:Issue) RETURN 'Issue' AS label, node
  UNION ALL
  MATCH (node:Product) RETURN 'Product' AS label, node
  UNION ALL
  MATCH (node:Resolution) RETURN 'Resolution' AS label, node
  UNION ALL
  MATCH (node:Skill) RETURN 'Skill' AS label, node
}
OPTIONAL MATCH (alias:Alias)-[:ALIAS_OF]->(node)
RETURN label, node.id AS id, node.name_zh AS name_zh, node.name_en AS name_en,
       node.examples_zh AS examples_zh, node.examples_en AS examples_en,
       collect(alias.text) AS aliases
ORDER BY label, id

// name: knowledge-resolutions
// mode: read
// params:
// scan: every resolution is read once per knowledge epoch
MATCH (node:Resolution)
OPTIONAL MATCH (node)-[:RESOLVES]->(issue:Issue)
WITH node, collect(issue.id) AS issues
OPTIONAL MATCH (node)-[:APPLIES_TO]->(goods)
RETURN node.id AS id, node.name_zh AS name_zh, node.name_en AS name_en,
       node.actions_zh AS actions_zh, node.conditions_zh AS conditions_zh,
       node.expected_zh AS expected_zh, node.actions_en AS actions_en,
       node.conditions_en AS conditions_en, node.expected_en AS expected_en,
       issues, collect(goods.id) AS applies_to
ORDER BY id
