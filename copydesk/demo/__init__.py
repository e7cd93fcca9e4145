"""The demo site: three small newspapers that we wrote ourselves, served on loopback, with the troubles of real life.

    papers.py     the papers, the three nights, the entries for sources.yaml
    content/      the articles (Markdown with a YAML head), the troubles, the page templates
    content.py    reads them
    edition.py    what a paper lists, and which version each URL serves, on a given night
    render.py     pages and listings as bytes
    responses.py  what each URL answers: bodies, statuses, validators
    server.py     DemoSite: start, set_night, stop
    expected.py   what a pipeline must make of it; derived from the content, never from running one

Nothing here imports Prefect or a stage, so that it can judge both.
"""
