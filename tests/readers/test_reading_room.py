"""The reading room in a real browser: Chromium, driven by Playwright."""

import re
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

CHROMIUM = shutil.which("chromium")

#: No connections of the browser's own.
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]


@pytest.fixture(scope="session")
def browser():
    assert CHROMIUM, "chromium is missing (Debian: apt install chromium)"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser, server):
    """Opens pages, and fails the test if the console tells of any error."""
    contexts, errors = [], []

    def visit(path, locale="en-GB", width=1280, **options):
        context = browser.new_context(
            base_url=server, locale=locale, viewport={"width": width, "height": 900}, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: message.type == "error" and errors.append(message.text))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(path)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert errors == []


def test_from_a_question_to_the_item_that_answers(visit):
    page = visit("/")
    page.get_by_role("searchbox").fill("化解隐性债务")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("notices")
    expect(page.locator(".asked")).to_contain_text("the words of 化解隐性债务")
    found = page.locator("ol.hits > li").count()

    page.locator(".filters").get_by_role("link", name=re.compile("报告")).first.click()
    expect(page.locator(".chosen")).to_contain_text("报告")
    assert 0 < page.locator("ol.hits > li").count() < found
    page.locator(".chosen").get_by_role("link").first.click()
    assert page.locator("ol.hits > li").count() == found

    page.locator(".timeline a").first.click()
    assert "since=" in page.url and "until=" in page.url
    page.go_back()

    anchor = page.locator(".item .anchor").first
    wanted = anchor.inner_text().removeprefix("#")
    anchor.click()
    assert page.url.endswith("#" + wanted)
    expect(page.locator(f"[id='{wanted}']")).to_be_in_viewport()
    assert page.locator(".body mark").count() > 0


def test_the_outline_leads_through_a_notice(visit):
    page = visit("/search?topic=debt-resolution")
    page.locator(".hit h2 a").first.click()
    entry = page.locator(".outline a").last
    entry.click()
    anchor = entry.get_attribute("href").removeprefix("#")
    expect(page.locator(f"[id='{anchor}']")).to_be_in_viewport()
    page.keyboard.press("n")
    expect(page.locator("mark.here")).to_be_in_viewport()
    first = page.locator("mark.here").bounding_box()
    page.keyboard.press("n")
    page.wait_for_timeout(50)
    assert page.locator("mark.here").count() == 1
    page.keyboard.press("p")
    assert first


def test_the_language_can_be_switched_and_stays(visit):
    page = visit("/search?q=债务")
    page.get_by_role("link", name="中文").click()
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    expect(page.locator("h1")).to_contain_text("件公文")
    page.get_by_role("link", name="专题", exact=True).click()
    expect(page.locator("h1")).to_have_text("专题")
    page.get_by_role("link", name="English").click()
    expect(page.locator("h1")).to_have_text("Topics")
    assert visit("/", locale="zh-CN").evaluate("document.documentElement.lang") == "zh-CN"


def test_an_edit_can_be_read(visit):
    page = visit("/search?q=灯塔债务")
    page.locator(".hit h2 a").first.click()
    page.locator(".versions summary").click()
    page.get_by_role("link", name="what changed").click()
    expect(page.locator("del")).to_have_text("3")
    expect(page.locator("ins")).to_have_text("5")


@pytest.mark.parametrize("locale, copied", [("en-GB", "Citation copied"), ("zh-CN", "引文已复制")])
def test_a_citation_is_copied_with_one_key(visit, gongbao, served, locale, copied):
    page = visit("/search?topic=debt-resolution", locale=locale,
                 permissions=["clipboard-read", "clipboard-write"])
    page.locator(".item .anchor").first.click()
    anchor = page.url.partition("#")[2]
    id = page.url.partition("/notices/")[2].partition("?")[0]
    # From the item the next stop of the keyboard within its block cites it.
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.cites a')"):
            break
    expect(page.locator(".cites:focus-within")).to_have_css("opacity", "1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text(copied)
    text = page.evaluate("navigator.clipboard.readText()")
    assert "[EB/OL]" in text and f"{id}#{anchor}" in text
    assert text.strip() == gongbao("cite", f"{id}#{anchor}", "--corpus", served).decode().strip()
    assert "/cite" not in page.url, "the page stays"


def test_a_citation_has_a_page_without_scripts(visit):
    page = visit("/search?topic=debt-resolution", java_script_enabled=False)
    page.locator(".item .anchor").first.click()
    anchor = page.url.partition("#")[2]
    page.locator(f".block:has([id='{anchor}']) .cites a").last.click()
    expect(page.locator("h1")).to_contain_text(anchor)
    for style in ["gbt7714", "bibtex", "csl-json"]:
        expect(page.locator(f"#page-{style}")).to_contain_text(f"#{anchor}" if style == "gbt7714" else "2025")
    assert page.locator("button.copy:visible").count() == 0, "a button that does nothing is not shown"
    page.locator(".lead a").click()
    assert page.url.endswith("#" + anchor)


def test_a_citation_in_any_style_is_copied_from_its_page(visit):
    page = visit("/search?topic=debt-resolution", permissions=["clipboard-read", "clipboard-write"])
    page.locator(".hit h2 a").first.click()
    page.locator(".sources").get_by_role("link", name="Cite").click(modifiers=["Control"])
    page.goto(page.locator(".sources").get_by_role("link", name="Cite").get_attribute("href"))
    page.get_by_role("button", name="Copy BibTeX").click()
    expect(page.get_by_role("button", name="Copy BibTeX")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()").startswith("@")


def test_marks_are_walked_through_without_scripts(visit):
    page = visit("/search?q=债务", java_script_enabled=False)
    page.locator(".hit h2 a").first.click()
    page.get_by_role("link", name="First mark").click()
    assert page.url.endswith("#page-mark-1")
    expect(page.locator("mark:target")).to_be_in_viewport()
    page.get_by_role("link", name="Next mark").click()
    assert page.url.endswith("#page-mark-2")
    expect(page.locator("mark:target")).to_be_in_viewport()
    page.get_by_role("link", name="Previous mark").click()
    assert page.url.endswith("#page-mark-1")


def test_the_same_text_elsewhere_can_be_read(visit):
    page = visit("/search?q=绿灯债务")
    page.locator(".hit h2 a").first.click()
    page.locator(".copies summary").click()
    expect(page.locator(".copies summary")).to_contain_text("The same text in 1 notice")
    here = page.url
    page.locator(".copies li a").first.click()
    assert page.url != here
    expect(page.locator(".copies summary")).to_be_visible()


def test_all_of_it_works_without_scripts(visit):
    page = visit("/", java_script_enabled=False)
    page.get_by_role("searchbox").fill("债务")
    page.get_by_role("searchbox").press("Enter")
    page.locator(".filters").get_by_role("link", name=re.compile("报告")).first.click()
    page.locator(".hit h2 a").first.click()
    expect(page.locator(".outline")).to_be_visible()
    page.locator(".matched ol a").last.click()
    assert "#" in page.url


def test_all_of_it_works_with_the_keyboard_alone(visit):
    page = visit("/topics")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("债务")
    page.keyboard.press("Enter")
    expect(page.locator("ol.hits")).to_be_visible()
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.hit h2 a')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/notices/**")
    expect(page.locator(".body")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_nobody_is_shut_out(visit, scheme, width):
    for path in ["/", "/search?q=债务", "/topics/debt-resolution", "/topics", "/status"]:
        page = visit(path, width=width, color_scheme=scheme)
        if path.startswith("/search"):
            notice = page.locator(".hit h2 a").first.get_attribute("href")
        serious(page, path)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{path} is wider than the screen by {wide}"
    page = visit(notice, width=width, color_scheme=scheme)
    cite = page.locator(".sources [data-cite]").get_attribute("href")
    for path in [notice, cite]:
        page = visit(path, width=width, color_scheme=scheme)
        serious(page, path)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{path} is wider than the screen by {wide}"


def serious(page, path):
    """No violation that axe calls serious or critical."""
    found = Axe().run(page).response["violations"]
    found = [
        (violation["id"], node["html"][:120])
        for violation in found
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]
    assert found == [], path


def test_a_notice_that_means_harm_does_nothing(visit, outside):
    base, asked = outside
    page = visit("/search?q=风车债务")
    nothing_ran(page)
    page.locator(".hit h2 a").first.click()
    nothing_ran(page)
    expect(page.locator(".body")).to_contain_text("<img src=x onerror=")
    expect(page.locator(".body .control").first).to_have_text("U+202E")
    assert page.locator("a[href^='javascript']").count() == 0
    assert page.locator(".document h1").inner_text().__len__() < 1_000
    for path in ["/", "/topics", "/search?q=风车债务&unit=passage"]:
        nothing_ran(visit(path))
    assert asked == [], "no page asks another server for anything"


def test_the_archived_page_is_inert(browser, server, outside):
    """What its policy forbids it tells of on the console, so that stays out of account."""
    base, asked = outside
    context = browser.new_context(base_url=server)
    page = context.new_page()
    page.goto("/search?q=风车债务")
    page.locator(".hit h2 a").first.click()
    page.get_by_role("link", name="As archived").click()
    page.locator("#trap").wait_for(state="attached")
    page.wait_for_timeout(500)
    assert "/archived" in page.url, "it leads nowhere by itself"
    nothing_ran(page)
    page.evaluate("document.getElementById('trap').click()")
    page.wait_for_timeout(200)
    nothing_ran(page)
    assert asked == [], "it asks nobody for anything"
    context.close()


def nothing_ran(page):
    assert page.evaluate("window.ran") is None
