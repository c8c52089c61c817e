// What people say of what the platform did.

// name: feedback-save
// mode: write
// params: id, kind, actor, question, answer, note, rating, now, fingerprint
// The same feedback twice is one; its fingerprint tells whether it is the same.
MERGE (feedback:Feedback {id: $id})
ON CREATE SET feedback.kind = $kind, feedback.actor = $actor, feedback.question = $question,
              feedback.answer = $answer, feedback.note = $note, feedback.rating = $rating,
              feedback.created_at = $now, feedback.fingerprint = $fingerprint
RETURN feedback.id AS id, feedback.fingerprint AS fingerprint
