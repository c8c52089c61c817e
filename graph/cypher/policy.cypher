// Versions of the policy. One is in force: that of the policy epoch.

// name: epoch-list
// mode: read
// params: ids
UNWIND $ids AS id
MATCH (epoch:Epoch {id: id})
RETURN epoch.id AS id, epoch.value AS value

// name: policy-get
// mode: read
// params: id
MATCH (version:PolicyVersion {id: $id})
RETURN version.id AS id, version.text AS text, version.author AS author,
       version.reason AS reason, version.created_at AS created_at, version.epoch AS epoch

// name: policy-list
// mode: read
// params:
// scan: there are as many nodes as the policy was changed
MATCH (version:PolicyVersion)
RETURN version.id AS id, version.author AS author, version.reason AS reason,
       version.created_at AS created_at, version.epoch AS epoch
ORDER BY version.epoch DESC

// name: policy-create
// mode: write
// params: id, text, author, reason, now, epoch
CREATE (version:PolicyVersion {id: $id})
SET version.text = $text, version.author = $author, version.reason = $reason,
    version.created_at = $now, version.epoch = $epoch
RETURN version.id AS id
