"""Pages with status 200 that are no pages: challenges, CAPTCHAs, consent and login walls. Pure.

A mark counts only where the page does not call itself an article: a story about CAPTCHAs is a story. They are the
vendors' own, observed in 2026; each has an example that must match and one that must not (tested).
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

LONGEST_WALL = 65_536
"""Bytes beyond which a page is taken for no wall by its marks (the longest one seen had 40 KB), only by its title."""
HEAD_BYTES = 8192
"""Where the title is looked for."""


@dataclass(frozen=True)
class Mark:
    """Texts of a page's source, in lower case, that only one vendor's wall has."""

    name: str
    texts: tuple[bytes, ...]
    matches: bytes
    spares: bytes


MARKS = (
    Mark(
        "Cloudflare challenge",
        (b"_cf_chl_opt", b'id="challenge-form"', b'id="challenge-error-text"', b"cf-browser-verification"),
        b"<script>window._cf_chl_opt={cvId:'3'}</script>",
        b'<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>',
    ),
    Mark(
        "Imperva incident",
        (b"/_incapsula_resource?cwudnsai", b"/_incapsula_resource?swudnsai", b"incapsula incident id"),
        b'<iframe id="main-iframe" src="/_Incapsula_Resource?SWUDNSAI=31&xinfo=1">',
        b'<script src="/_Incapsula_Resource?SWJIYLWA=719d34d31c8e3a6e6fffd425f7e032f3"></script>',
    ),
    Mark(
        "DataDome CAPTCHA",
        (b"geo.captcha-delivery.com", b"ct.captcha-delivery.com"),
        b'<script src="https://ct.captcha-delivery.com/c.js"></script>',
        b'<script src="https://js.datadome.co/tags.js"></script>',
    ),
    Mark(
        "PerimeterX CAPTCHA",
        (b'id="px-captcha"', b"id='px-captcha'"),
        b'<div id="px-captcha"></div>',
        b"<script>window._pxAppId='PX1';</script>",
    ),
    Mark(
        "AWS WAF challenge",
        (b"awswafcookiedomainlist", b"awswafintegration.gettoken", b"awswafintegration.forcerefreshtoken"),
        b"<script>window.awsWafCookieDomainList = [];</script>",
        b'<script src="https://x.token.awswaf.com/challenge.js"></script>',
    ),
    Mark(
        "Akamai denial",
        (b"errors.edgesuite.net/",),
        b"<p>https://errors.edgesuite.net/18.5c2d1702.1</p>",
        b'<img src="https://media.edgesuite.net/1.jpg">',
    ),
    Mark(
        "Sucuri firewall",
        (b"sucuri_cloudproxy_js", b"sucuri website firewall - access denied"),
        b"<script>var s={},u,c,e=eval;sucuri_cloudproxy_js=''</script>",
        b"<p>The firm Sucuri sells a firewall.</p>",
    ),
    Mark(
        "DDoS-Guard check",
        (b"/.well-known/ddos-guard/js-challenge",),
        b'<script src="/.well-known/ddos-guard/js-challenge/index.js"></script>',
        b"<p>DDoS-Guard is a Russian company.</p>",
    ),
    Mark(
        "form of a consent wall",
        (b"/collectconsent?", b'name="consentuuid"'),
        b'<form method="post" action="https://consent.a.test/v2/collectConsent?sessionId=3">',
        b'<form action="/newsletter/consent">',
    ),
)
"""In the order in which they are tried; letter case does not count."""


@dataclass(frozen=True)
class Title:
    """A whole title, in lower case, that only walls have."""

    name: str
    pattern: re.Pattern[bytes]
    matches: bytes
    spares: bytes


TITLES = (
    Title(
        "title of a challenge",
        re.compile(
            rb"just a moment\W{0,3}|attention required!.{0,30}|one moment, please\W{0,3}|checking your browser.{0,40}"
            rb"|pardon our interruption\W{0,3}|client challenge|ddos-guard"
        ),
        b"Just a moment...",
        b"Just a moment with the mayor",
    ),
    Title(
        "title of a CAPTCHA",
        re.compile(
            rb"are you (?:a robot|human)\??|robot (?:check|challenge.{0,20})|bot verification|human verification"
            rb"|(?:please )?verify(?:ing)? (?:that )?you are (?:a )?human.{0,40}|captcha(?: required)?"
        ),
        b"Are you a robot?",
        b"Are you a robot? Ten questions to a novelist",
    ),
    Title(
        "title of a denial",
        re.compile(rb"access (?:to this page has been )?denied\.?|security check(?: required)?"),
        b"Access Denied",
        b"Access denied: how a town lost its water",
    ),
    Title(
        "title of a consent wall",
        re.compile(
            rb"before you continue(?: to .{1,40})?|cookie[ -]consent|privacy consent|your privacy choices"
            rb"|wir brauchen ihre zustimmung|.{0,30}is part of the yahoo family of brands"
        ),
        b"Before you continue to Google News",
        b"Before you continue reading: a book about consent",
    ),
)

WALL_URLS = (
    (
        "login page",
        re.compile(
            r"https?://(?:(?:login|signin|sso|accounts?|auth)\.[^/]+/.*"
            r"|[^/]+/(?:[a-z]{2}(?:-[a-z]{2})?/)?(?:log-?in|sign-?in|wp-login\.php|anmelden|connexion|sso/.*|oauth2?/.*)/?(?:[?].*)?)",
            re.IGNORECASE,
        ),
        "https://www.a.test/login?return=%2Fstory",
        "https://www.a.test/login-codes-stolen-in-raid",
    ),
    (
        "consent page",
        re.compile(
            r"https?://(?:(?:consent|myprivacy|cmp-consent|privacy-wall)\.[^/]+/.*"
            r"|[^/]+/(?:cookie-?consent|consent|cookiewall|cookie-wall|zustimmung|gdpr-consent)/?(?:[?].*)?)",
            re.IGNORECASE,
        ),
        "https://consent.a.test/v2/collect?sessionId=3",
        "https://www.a.test/consent-law-passes",
    ),
    (
        "challenge page",
        re.compile(
            r"https?://[^/]+/(?:.*/)?(?:captcha|recaptcha|are-you-human|blocked|challenge|distil_r_captcha\.html|_sec/verify)/?(?:[?].*)?",
            re.IGNORECASE,
        ),
        "https://www.a.test/captcha?next=/story",
        "https://www.a.test/sport/challenge-cup-final",
    ),
)
"""(name, pattern, a URL that must match, one that must not); asked only of where a redirect led to."""

_TITLE = re.compile(rb"<title[^>]{0,200}>\s*(.{0,200}?)\s*</title", re.DOTALL)
_CALLS_ITSELF_ARTICLE = re.compile(
    rb"\"@type\"\s*:\s*\[?\s*\"(?:[a-z]*newsarticle|article|blogposting|liveblogposting)\""
    rb"|property=[\"']?og:type[\"']?\s+content=[\"']?article"
)
"""In lower case. Matches: og:type article in a meta element. Does not match: a div with class article."""


def challenge_of(page: bytes) -> str | None:
    """The name of the wall that a page (its content encoding undone) is; None when it is none.

    >>> challenge_of(b"<title>Just a moment...</title>"), challenge_of(b"<title>Just a moment with the mayor</title>")
    ('title of a challenge', None)
    """
    name = _titled(page[:HEAD_BYTES].lower()) or (_marked(page.lower()) if len(page) <= LONGEST_WALL else None)
    return None if name is None or _CALLS_ITSELF_ARTICLE.search(page.lower()) else name


def _marked(page: bytes) -> str | None:
    return next((mark.name for mark in MARKS if any(text in page for text in mark.texts)), None)


def _titled(head: bytes) -> str | None:
    begin = head.find(b"<title")
    found = _TITLE.match(head, begin) if begin >= 0 else None
    if found is None:
        return None
    return next((title.name for title in TITLES if title.pattern.fullmatch(found.group(1))), None)


def wall_behind(asked: str, answered: str) -> str | None:
    """The kind of wall that a redirect led to, told by its URL; None when it is none or was asked for.

    >>> [wall_behind("https://a.test/story", f"https://{url}") for url in ("consent.a.test/v2?x", "a.test/stories/1")]
    ['consent page', None]
    """
    if urlsplit(asked)[:3] == urlsplit(answered)[:3]:
        return None
    return next(
        (name for name, pattern, _, _ in WALL_URLS if pattern.fullmatch(answered) and not pattern.fullmatch(asked)),
        None,
    )
