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

// name: knowledge-names
// mode: read
// params:
// scan: everything that has a name is read once per knowledge epoch
CALL () {
  MATCH (node:Agent) RETURN 'Agent' AS label, node
  UNION ALL
  MATCH (node:BusinessLine) RETURN 'BusinessLine' AS label, node
  UNION ALL
  MATCH (node:Calendar) RETURN 'Calendar' AS label, node
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

// name: knowledge-order-numbers
// mode: read
// params:
// scan: a few orders tell how a company numbers them
MATCH (order:Order)
RETURN order.id AS id, order.number AS number
LIMIT 200

// name: knowledge-regions
// mode: read
// params:
// scan: some customers tell which regions there are
MATCH (customer:Customer)
WITH customer.region AS region LIMIT 5000
WHERE region IS NOT NULL
RETURN DISTINCT region
ORDER BY region
LIMIT 300

// name: knowledge-zones
// mode: read
// params:
// scan: calendars are few; the time zone that most agents work in is the company's own
MATCH (calendar:Calendar)
OPTIONAL MATCH (agent:Agent)-[:WORKS_BY]->(calendar)
RETURN calendar.timezone AS timezone, count(agent) AS agents
ORDER BY agents DESC, timezone

// name: knowledge-related
// mode: read
// params:
// scan: how what has a name is related is read once per knowledge epoch
CALL () {
  MATCH (source:Product)-[:PART_OF]->(target:Category)
  RETURN 'Product' AS source_label, source.id AS source, 'Category' AS target_label,
         target.id AS target
  UNION ALL
  MATCH (source:Category)-[:PART_OF]->(target:Category)
  RETURN 'Category' AS source_label, source.id AS source, 'Category' AS target_label,
         target.id AS target
  UNION ALL
  MATCH (source:Product)-[:BELONGS_TO]->(target:BusinessLine)
  RETURN 'Product' AS source_label, source.id AS source, 'BusinessLine' AS target_label,
         target.id AS target
  UNION ALL
  MATCH (source:Department)-[:BELONGS_TO]->(target:BusinessLine)
  RETURN 'Department' AS source_label, source.id AS source, 'BusinessLine' AS target_label,
         target.id AS target
  UNION ALL
  MATCH (source:Department)-[:PART_OF]->(target:Department)
  RETURN 'Department' AS source_label, source.id AS source, 'Department' AS target_label,
         target.id AS target
  UNION ALL
  MATCH (source:Issue)-[:AFFECTS]->(target:Product)
  RETURN 'Issue' AS source_label, source.id AS source, 'Product' AS target_label,
         target.id AS target
  UNION ALL
  MATCH (source:Issue)-[:AFFECTS]->(target:Category)
  RETURN 'Issue' AS source_label, source.id AS source, 'Category' AS target_label,
         target.id AS target
  UNION ALL
  MATCH (source:Department)-[:SUPPORTS]->(target:Category)
  RETURN 'Department' AS source_label, source.id AS source, 'Category' AS target_label,
         target.id AS target
  UNION ALL
  MATCH (source:Department)-[:SUPPORTS]->(target:Product)
  RETURN 'Department' AS source_label, source.id AS source, 'Product' AS target_label,
         target.id AS target
}
RETURN source_label, source, target_label, target
