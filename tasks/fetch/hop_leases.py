"""The leases of one shard: its own sites' for as long as they are fetched, and that of a site a redirect leads to."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager

from schemas.identity import site_of
from schemas.reasons import Reason
from tasks.errors import FolderBusyError
from tasks.io.exchange import FetchError
from tasks.io.folder import DataFolder
from tasks.io.hosts import host_key
from tasks.io.http import HttpClient
from tasks.io.leases import hold_hosts, lease_number


class HopLeases:
    """Which leases the shard holds. Without them two fetchers could ask one host at once through a redirect.

    Args:
        folder: the data folder.
        owner: run id, for messages.
        client: whose pauses begin anew with each lease.
        hop_wait_s: longest wait for the lease of a redirect's target; bounded, because the wait is out of order.
    """

    def __init__(self, folder: DataFolder, owner: str, client: HttpClient, hop_wait_s: float) -> None:
        self._folder = folder
        self._owner = owner
        self._client = client
        self._hop_wait_s = hop_wait_s
        self._held: Counter[int] = Counter()

    @asynccontextmanager
    async def own(self, sites: Iterable[str], wait_s: float) -> AsyncIterator[None]:
        """Hold the leases of the sites while the block runs.

        Raises:
            FolderBusyError: one was not free in time.
        """
        numbers = {lease_number(site) for site in sites}
        gives_up = self._client.stopping.is_set
        async with hold_hosts(self._folder, sites, owner=self._owner, wait_s=wait_s, gives_up=gives_up):
            self._held.update(numbers)
            try:
                yield
            finally:
                self._held.subtract(numbers)

    async def take(self, url: str, page: AsyncExitStack) -> None:
        """Hold the lease of the URL's site until the page's stack is closed; where the shard has it, do nothing.

        Raises:
            FetchError: HOST_PAUSED, when another fetcher holds it for long.
        """
        site = site_of(url)
        if self._held[lease_number(site)] > 0:
            return
        try:
            await page.enter_async_context(self.own([site], self._hop_wait_s))
        except FolderBusyError as error:
            raise FetchError(Reason.HOST_PAUSED, f"redirected to {url}: {error}") from error
        self._client.hosts.rest(host_key(url))
