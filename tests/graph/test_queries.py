import pytest

from graph.errors import QueryError
from graph.queries import Mode, Query, load_catalogue, parse
from graph.store import Store
from tests.builders import run

GET = """\
// name: ticket-get
// mode: read
// params: id
// A remark.
MATCH (ticket:Ticket {id: $id}) RETURN ticket.id AS id
"""
SEARCH = """\
// name: ticket-search
// mode: read
// params: text
// index: ticket_text
// scan: a reason
CALL db.index.fulltext.queryNodes($index, $text) YIELD node RETURN node.id AS id
"""


def only(text: str) -> Query:
    (query,) = parse(text, source="ticket.cypher")
    return query


def test_a_query_carries_its_mode_and_parameters_and_no_comments() -> None:
    query = only(GET)
    assert (query.name, query.mode, query.parameters) == (
        "ticket-get",
        Mode.READ,
        frozenset({"id"}),
    )
    assert query.text == "MATCH (ticket:Ticket {id: $id}) RETURN ticket.id AS id"
    assert (query.index, query.scan) == (None, "")


def test_a_search_names_its_index_and_leaves_the_parameter_to_the_engine() -> None:
    query = only(SEARCH)
    assert (query.index, query.parameters, query.scan) == (
        "ticket_text",
        frozenset({"text"}),
        "a reason",
    )


def test_a_file_holds_several_queries() -> None:
    names = [query.name for query in parse(f"// Tickets.\n\n{GET}\n{SEARCH}", source="x")]
    assert names == ["ticket-get", "ticket-search"]


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        pytest.param(
            GET.replace("params: id", "params: key"),
            r"declares \['key'\] but uses \['id'\]",
            id="undeclared",
        ),
        pytest.param(
            GET.replace("params: id", "params:"),
            r"declares \[\] but uses \['id'\]",
            id="none declared",
        ),
        pytest.param(
            SEARCH.replace("$index", "'ticket_text'"),
            r"declares \['index', 'text'\] but uses \['text'\]",
            id="index unused",
        ),
        pytest.param(
            GET.replace("mode: read", "mode: peek"),
            "mode is 'peek'; write '// mode: read or write'",
            id="mode",
        ),
    ],
)
def test_a_broken_header_names_the_file_the_query_and_the_remedy(broken: str, says: str) -> None:
    with pytest.raises(QueryError, match=says) as error:
        only(broken)
    assert "ticket.cypher: 'ticket-" in str(error.value)


def test_the_shipped_catalogue_loads_and_reads_never_write() -> None:
    verbs = ("MERGE", "CREATE", "SET ", "DELETE", "REMOVE ")
    reads = [query for query in load_catalogue().values() if query.mode is Mode.READ]
    assert not [query.name for query in reads if any(verb in query.text for verb in verbs)]


async def test_what_there_is_none_of_is_counted_too(store: Store) -> None:
    await run(store, "CREATE (:Ticket {id: 'T-1'})")
    counts = {row["label"]: row["count"] for row in await store.read("count-nodes")}
    assert len(counts) == 7
    assert counts.pop("Ticket") == 1
    assert set(counts.values()) == {0}
