// Which changes of the schema this graph has seen.

// name: migration-list
// mode: read
// params:
// scan: there are as many nodes as migrations
MATCH (migration:Migration) RETURN migration.id AS id ORDER BY id

// name: migration-record
// mode: write
// params: id, now
MERGE (migration:Migration {id: $id})
ON CREATE SET migration.applied_at = $now
RETURN migration.id AS id
