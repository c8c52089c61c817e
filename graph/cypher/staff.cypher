// Who works tickets, and what issues ask of them.

// name: staff-agents
// mode: read
// params:
// scan: all of the staff is read once per knowledge epoch
MATCH (agent:Agent)
OPTIONAL MATCH (agent)-[:WORKS_BY]->(calendar:Calendar)
WITH agent, collect(calendar)[0] AS calendar
RETURN agent.id AS id, agent.languages AS languages, agent.capacity AS capacity,
       agent.roles AS roles, calendar.timezone AS timezone, calendar.hours AS hours,
       calendar.holidays AS holidays,
       COLLECT { MATCH (agent)-[:MEMBER_OF]->(place:Department) RETURN place.id } AS departments,
       COLLECT { MATCH (agent)-[has:HAS_SKILL]->(skill:Skill) RETURN [skill.id, has.level] } AS skills
ORDER BY id

// name: staff-needs
// mode: read
// params:
// scan: what issues ask for is read once per knowledge epoch
MATCH (issue:Issue)
MATCH path = (issue)-[:SUBTYPE_OF*0..4]->(wider:Issue)
RETURN issue.id AS issue, length(path) AS depth, wider.needs AS needs,
       COLLECT { MATCH (wider)-[asks:REQUIRES]->(skill:Skill) RETURN [skill.id, asks.level] } AS skills
ORDER BY issue, depth

// name: staff-open
// mode: read
// params: states
// How many tickets each agent has open.
UNWIND $states AS state
MATCH (ticket:Ticket {state: state})
WITH ticket.agent_id AS agent WHERE agent IS NOT NULL
RETURN agent, count(*) AS count

// name: staff-known
// mode: read
// params: customer, recent
// Who worked on a customer's latest tickets.
MATCH (customer:Customer {id: $customer})-[:RAISED]->(earlier:Ticket)
WITH earlier ORDER BY earlier.seq DESC LIMIT $recent
MATCH (earlier)-[:WORKED_BY]->(agent:Agent)
RETURN DISTINCT agent.id AS agent
