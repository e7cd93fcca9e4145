"""Section B of the list of faults: robots.txt and politeness. The cases are data in copydesk/faults/."""

import pytest

from tests.faults.conftest import Play

pytestmark = pytest.mark.faults


async def test_B1_robots_txt_in_every_state(play: Play) -> None:
    """robots.txt in every state."""
    await play("B1")


async def test_B2_robots_txt_changes(play: Play) -> None:
    """robots.txt changes."""
    await play("B2")


async def test_B3_crawl_delay(play: Play) -> None:
    """Crawl-delay."""
    await play("B3")


async def test_B4_one_host_asked_by_many_at_once(play: Play) -> None:
    """One host, asked by many at once."""
    await play("B4")


async def test_B5_many_names_on_one_address(play: Play) -> None:
    """Many names on one address."""
    await play("B5")


async def test_B6_what_publishers_reserve(play: Play) -> None:
    """What publishers reserve."""
    await play("B6")
