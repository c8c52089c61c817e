// Keys of programs, and where an agent works.

// name: key-create
// mode: write
// params: id, name, author, roles, secret_hash, now, expires_at
CREATE (key:ApiKey {id: $id})
SET key.name = $name, key.author = $author, key.roles = $roles,
    key.secret_hash = $secret_hash, key.created_at = $now, key.expires_at = $expires_at
RETURN key.id AS id

// name: key-get
// mode: read
// params: id
MATCH (key:ApiKey {id: $id})
RETURN key.id AS id, key.name AS name, key.author AS author, key.roles AS roles,
       key.secret_hash AS secret_hash, key.created_at AS created_at,
       key.expires_at AS expires_at, key.revoked_at AS revoked_at

// name: key-list
// mode: read
// params:
// scan: there are as many nodes as keys were ever made
MATCH (key:ApiKey)
RETURN key.id AS id, key.name AS name, key.author AS author, key.roles AS roles,
       key.secret_hash AS secret_hash, key.created_at AS created_at,
       key.expires_at AS expires_at, key.revoked_at AS revoked_at
ORDER BY key.created_at DESC, id DESC

// name: key-revoke
// mode: write
// params: id, now
MATCH (key:ApiKey {id: $id})
SET key.revoked_at = coalesce(key.revoked_at, $now)
RETURN key.revoked_at AS revoked_at

// name: agent-places
// mode: read
// params: id
MATCH (agent:Agent {id: $id})-[:MEMBER_OF]->(department:Department)
OPTIONAL MATCH (department)-[:BELONGS_TO]->(line:BusinessLine)
RETURN department.id AS department, collect(line.id) AS lines
ORDER BY department
