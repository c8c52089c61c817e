# Everything a developer runs. `make` alone says what there is.

VERSION = 5.26.30
PYTHON = .venv/bin/python
READY = .venv/.ready
DEMO =
SERVE =
TEST =
ONLY =

.SILENT:
.PHONY: help setup demo serve test check bench bench-long real lock schema setup-neo4j

help: ## what there is
	sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'

setup: $(READY) ## the environment in .venv, from requirements.lock; the query page where Node is

demo: $(READY) ## the sample company: load, ask, route, serve; DEMO=--once only shows and ends
	.venv/bin/deskgraph demo $(DEMO)

serve: $(READY) ## the GraphQL server on http://127.0.0.1:8000
	.venv/bin/deskgraph serve $(SERVE)

test: $(READY) ## all tests; TEST="tests/graph -k fold" narrows
	$(PYTHON) -m pytest --numprocesses auto --dist loadscope $(TEST)

check: $(READY) ## format, lint, types, arrows between rooms, Cypher, the schema
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	$(PYTHON) tests/lint/run.py
	$(PYTHON) -m tests.protocol.lint

bench: $(READY) ## every figure of tests/bench/bars.csv on both engines; ONLY=desk,kill for a part
	$(PYTHON) -m tests.bench.run --only "$(ONLY)"

bench-long: $(READY) ## ten minutes of 64 clients on two workers over a Neo4j
	$(PYTHON) -m tests.bench.mixed

real: $(READY) ## accuracy on the public data sets that DESKGRAPH_DATA names
	$(PYTHON) -m tests.bench.real

schema: $(READY) ## writes api/schema.graphql anew
	.venv/bin/deskgraph schema > api/schema.graphql.new
	mv api/schema.graphql.new api/schema.graphql

setup-neo4j: $(READY) ## fetches a real Neo4j for the tests, once (needs mvn); VERSION=2026.08.1 another
	$(PYTHON) tests/neo4j_server.py setup --version $(VERSION)

lock: $(READY) ## pins every dependency in requirements.lock anew
	test -x .venv/bin/uv || .venv/bin/pip install --quiet uv
	.venv/bin/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-annotate --upgrade --quiet \
	  --custom-compile-command "make lock" --output-file requirements.lock

$(READY): requirements.lock pyproject.toml api/explorer/package-lock.json
	test -x $(PYTHON) || { \
	  for name in python3 python3.13 python3.12 python3.11; do \
	    "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	      && found="$$name" && break; \
	  done; \
	  test -n "$$found" || { echo "Python 3.11 or later is needed; none is on the PATH" >&2; exit 1; }; \
	  "$$found" -m venv .venv; \
	}
	echo "Installing what requirements.lock names; the first time takes a minute or two …"
	.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	.venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	if command -v npm >/dev/null 2>&1; then \
	  ( cd api/explorer && npm ci --ignore-scripts --no-audit --no-fund --silent ) \
	    || echo "GraphiQL could not be installed; the plain query page is used instead"; \
	else \
	  echo "npm is not on the PATH; the plain query page is used instead of GraphiQL"; \
	fi
	touch $(READY)
