"""The pages, in a real browser: the desk as two roles see it, and the explorer."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from api.app import create_app
from api.bearer import issue_token
from api.bootstrap import Platform
from api.examples import PAGES
from api.signin import local_actor
from graph.model import Actor
from tests.api.browser import Page, browsing
from tests.api.conftest import SECRET, Client, serving

CUSTOMER = local_actor(("customer",), name="c-1", customer_id="c-0001")
AGENT = local_actor(("agent",), department_ids=frozenset({"field-service"}))
ASKED = "How often should the filter of the Air Purifier Pro 2 be changed?"


@pytest.fixture(scope="module")
async def desk(platform: Platform) -> AsyncIterator[Client]:
    async with serving(replace(platform.settings, token_secret=SECRET), platform) as client:
        yield client


@pytest.fixture(scope="module")
async def page() -> AsyncIterator[Page]:
    async with browsing() as found:
        yield found


async def sign_in(page: Page, desk: Client, actor: Actor, *, language: str = "en") -> None:
    settings = replace(desk.state.platform.settings, token_secret=SECRET)
    token = issue_token(actor, settings, seconds=600)
    await page.open(f"{desk.http.base_url}/examples/desk.html", language=language)
    await page.until("document.getElementById('who').textContent")
    await page.evaluate(f"document.getElementById('token').value = {token!r}")
    await page.evaluate("document.querySelector('#sign-in button').click()")
    await page.until("document.querySelector('#live.on')")


async def chosen(page: Page) -> str:
    await page.until("document.querySelector('#tickets li')")
    await page.evaluate("document.querySelector('#tickets button').click()")
    await page.until("document.querySelector('#ticket dl')")
    return str(await page.evaluate("document.getElementById('ticket').innerText"))


async def test_a_customer_follows_and_moves_their_own_ticket(page: Page, desk: Client) -> None:
    await sign_in(page, desk, CUSTOMER)
    made = await desk.data(
        """mutation ($input: CreateTicketInput!) { createTicket(input: $input) {
        ticket { id } } }""",
        actor=CUSTOMER,
        input={"text": "My <b>fridge</b> is too warm", "idempotencyKey": "seen-in-a-browser"},
    )
    id_ = made["createTicket"]["ticket"]["id"]
    await page.until(f"document.querySelector('#tickets li').dataset.id === '{id_}'")
    shown = await chosen(page)
    assert "not for your role" in shown
    assert "<b>fridge</b>" in shown, "what a customer wrote is text, never markup"
    assert not page.complaints


async def test_an_agent_answers_and_asks(page: Page, desk: Client) -> None:
    await sign_in(page, desk, AGENT)
    button = "[...document.querySelectorAll('#ticket .actions button')].find("
    button += "(one) => one.textContent === 'Comment')"
    shown = await chosen(page)
    assert "Why it is here" in shown
    assert "not for your role" not in shown
    await page.evaluate(f"{button}.click()")
    await page.until("document.querySelector('dialog[open] textarea')")
    await page.evaluate("document.querySelector('dialog textarea').value = 'noted'")
    await page.evaluate("document.querySelector('dialog .primary').click()")
    await page.until("!document.querySelector('dialog[open]')")
    await page.evaluate(f"document.getElementById('question').value = {ASKED!r}")
    await page.evaluate("document.querySelector('#ask button').click()")
    await page.until("document.querySelector('#answer .cited')")
    assert "6 months" in await page.evaluate("document.getElementById('answer').innerText")
    assert await page.evaluate("document.getElementById('error').hidden")
    assert not page.complaints


async def test_more_tickets_are_loaded_behind_the_last(page: Page, desk: Client) -> None:
    await sign_in(page, desk, AGENT)
    before = "document.querySelectorAll('#tickets li').length"
    await page.until(f"{before} === 20")
    await page.evaluate("document.getElementById('more').click()")
    await page.until(f"{before} > 20")
    ids = "[...document.querySelectorAll('#tickets li')].map((one) => one.dataset.id)"
    found = await page.evaluate(ids)
    assert len(set(found)) == len(found)


async def test_the_page_speaks_the_readers_language_and_switches(page: Page, desk: Client) -> None:
    await sign_in(page, desk, AGENT, language="zh-CN")
    title = "document.querySelector('#list-title').textContent"
    assert await page.evaluate(title) == "工单"
    assert await page.evaluate("document.documentElement.lang") == "zh"
    await page.evaluate("document.getElementById('language').click()")
    assert await page.evaluate(title) == "Tickets"


async def test_the_explorer_runs_its_example(page: Page, platform: Platform) -> None:
    async with serving(platform.settings, platform) as client:
        await page.open(f"{client.http.base_url}/")
        run = "document.querySelector('.graphiql-execute-button, #run')"
        await page.until(run)
        await page.evaluate(f"{run}.click()")
        shown = "document.querySelector('.graphiql-response, #result')?.innerText"
        found = await page.until(f"{shown}?.includes('citations') && {shown}")
    assert '"errors"' not in found
    assert not page.complaints


async def test_pages_load_nothing_but_themselves(desk: Client) -> None:
    for path in sorted(PAGES.iterdir()):
        answer = await desk.http.get(f"/examples/{path.name}")
        if path.suffix not in {".html", ".css", ".js"}:
            assert answer.status_code == 404, path
            continue
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert not re.search(r"https?://|innerHTML|\beval\b", answer.text), path


def test_production_serves_no_examples(platform: Platform) -> None:
    settings = replace(platform.settings, environment="production")
    paths = {getattr(one, "path", "") for one in create_app(settings).routes}
    assert "/examples" not in paths


def test_every_word_is_there_in_both_languages() -> None:
    text = (PAGES / "words.js").read_text("utf-8")
    english, _, chinese = text.partition("  zh: {")
    keys: Any = [re.findall(r"(\w+): '", part.split("export")[0]) for part in (english, chinese)]
    assert keys[0] == keys[1]
