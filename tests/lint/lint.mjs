// Reads {name, text} as JSON lines and checks each text as Cypher 5 and as Cypher 25.
// Prints "name: message" for each finding and ends with 1 if there is one.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const support = createRequire(import.meta.url)("@neo4j-cypher/language-support");
const VERSIONS = ["CYPHER 5", "CYPHER 25"];
const ERROR = 1;

function check(text) {
  const { diagnostics } = support.lintCypherQuery(text, {});
  return diagnostics
    .filter((found) => found.severity === ERROR && support.isNotParamError(found))
    .map((found) => found.message);
}

let findings = 0;
for (const line of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const { name, text } = JSON.parse(line);
  for (const version of VERSIONS) {
    for (const message of check(`${version} ${text}`)) {
      console.log(`${name}: ${version}: ${message}`);
      findings += 1;
    }
  }
}
process.exit(findings ? 1 : 0);
