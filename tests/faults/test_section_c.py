"""Section C of the list of faults: feeds, sitemaps, lists, archives. The cases are data in copydesk/faults/."""

import pytest

from tests.faults.conftest import Play

pytestmark = pytest.mark.faults


async def test_C1_a_feed_that_is_none(play: Play) -> None:
    """A feed that is none."""
    await play("C1")


async def test_C2_malformed_xml(play: Play) -> None:
    """Malformed XML."""
    await play("C2")


async def test_C3_entities(play: Play) -> None:
    """Entities."""
    await play("C3")


async def test_C4_feeds_without_measure(play: Play) -> None:
    """Feeds without measure."""
    await play("C4")


async def test_C5_links_guids_and_tracking(play: Play) -> None:
    """Links, guids and tracking."""
    await play("C5")


async def test_C6_dates(play: Play) -> None:
    """Dates."""
    await play("C6")


async def test_C8_a_feed_that_lists_its_whole_history_again(play: Play) -> None:
    """A feed that lists its whole history again."""
    await play("C8")


async def test_C9_feeds_that_move_or_go(play: Play) -> None:
    """Feeds that move or go."""
    await play("C9")


async def test_C10_sitemaps(play: Play) -> None:
    """Sitemaps."""
    await play("C10")


async def test_C11_urls_of_other_hosts(play: Play) -> None:
    """URLs of other hosts."""
    await play("C11")


async def test_C12_lastmod_that_is_always_now(play: Play) -> None:
    """Lastmod that is always now."""
    await play("C12")


async def test_C13_lists_of_urls(play: Play) -> None:
    """Lists of URLs."""
    await play("C13")


async def test_C14_folders(play: Play) -> None:
    """Folders."""
    await play("C14")


async def test_C15_web_archives(play: Play) -> None:
    """Web archives."""
    await play("C15")
