"""The closed vocabularies: states, kinds and reasons. A column described as one of these holds its `value`.

What does not belong here: site names, patterns and limits, which are data of their own stages.
"""

from enum import StrEnum


class State(StrEnum):
    """The last word on a URL of a run. Page URLs end in exactly one of the first nine."""

    STORED = "stored"
    """A new version of an article was published."""
    UNCHANGED = "unchanged"
    """The page says what the current version already says; no new row."""
    DUPLICATE = "duplicate"
    """The URL is another name of an article that is stored under a different URL of the same site."""
    QUARANTINED = "quarantined"
    """A stage refused the page; `quarantine` holds rule, value and the candidate row."""
    HELD = "held"
    """The page may be right but its source looks broken; a person decides."""
    BLOCKED = "blocked"
    """The publisher does not let us read it: robots.txt, 401, 403, 451, a challenge page."""
    GONE = "gone"
    """404 or 410. The text of an article that was stored before stays."""
    FAILED = "failed"
    """No usable response; `next_try_at` says when it is due again."""
    DEFERRED = "deferred"
    """Not reached in this run: limit, pause of the host, kill. It is due in the next run."""
    READ = "read"
    """A listing or robots.txt that was read and understood (never a page)."""


PAGE_STATES: tuple[State, ...] = tuple(state for state in State if state is not State.READ)


class Kind(StrEnum):
    """What a ledger row is about."""

    PAGE = "page"
    LISTING = "listing"
    ROBOTS = "robots"


class Outcome(StrEnum):
    """What fetch can say of a URL before anyone has read the page."""

    FETCHED = "fetched"
    NOT_MODIFIED = "not_modified"
    BLOCKED = "blocked"
    GONE = "gone"
    FAILED = "failed"
    DEFERRED = "deferred"
    REFUSED = "refused"
    """The response was kept but is no page: too large, a bomb, not HTML. It goes to quarantine."""


class Severity(StrEnum):
    """How much a check weighs, the lightest first."""

    OFF = "off"
    """Not at all: the check is not made."""
    WARN = "warn"
    """The row is published with a flag."""
    HOLD = "hold"
    """The row waits in quarantine for a person's decision."""
    REJECT = "reject"
    """The row goes to quarantine."""


class Access(StrEnum):
    """Who may read the whole text."""

    FREE = "free"
    METERED = "metered"
    PAYWALL = "paywall"


class PageKind(StrEnum):
    """What a page is. Only `article` and `live_blog` become rows of `articles`."""

    ARTICLE = "article"
    LIVE_BLOG = "live_blog"
    GALLERY = "gallery"
    VIDEO = "video"
    LISTING = "listing"
    FRONT_PAGE = "front_page"
    PAYWALL_STUB = "paywall_stub"
    LATER_PAGE = "later_page"
    """Page 2 or later of an article whose pages before it were not captured with it."""
    JS_SHELL = "js_shell"
    ERROR_PAGE = "error_page"


class ChangeKind(StrEnum):
    """How a version differs from the one before it (by captured_at) of the same article."""

    FIRST = "first"
    TYPO = "typo"
    CORRECTION = "correction"
    ADDITION = "addition"
    REWRITE = "rewrite"
    TRUNCATION = "truncation"
    REVERTED = "reverted"
    STEALTH_EDIT = "stealth_edit"
    REPROCESSED = "reprocessed"


class Reservation(StrEnum):
    """What a publisher reserves for a page, in a way that machines can read."""

    NOINDEX = "noindex"
    """Not to be listed in an index (robots meta element, X-Robots-Tag)."""
    NOARCHIVE = "noarchive"
    """No copy to be shown (the same places)."""
    NOAI = "noai"
    """Not for AI (the same places)."""
    TDM = "tdm"
    """Text and data mining is reserved (TDM Reservation Protocol: header or meta element)."""
    AI_TRAIN = "ai_train"
    """Not for training (Content-Signal, Content-Usage: in robots.txt or a header)."""
    AI_INPUT = "ai_input"
    """Not as input of an AI's answer (the same places)."""
    AI_AGENTS = "ai_agents"
    """robots.txt shuts crawlers of AI firms out, whose rules are not ours."""


class RemovalKind(StrEnum):
    """What a repair took out of a text or changed in it."""

    AD_MARKER = "ad_marker"
    PROMO_LINK = "promo_link"
    PROMO_HEADING = "promo_heading"
    NEWSLETTER = "newsletter"
    SOCIAL = "social"
    SHORTCODE = "shortcode"
    CAPTION = "caption"
    CREDIT = "credit"
    AGENCY = "agency"
    DATELINE = "dateline"
    EDITOR_INITIALS = "editor_initials"
    TYPO = "typo"
    MOJIBAKE = "mojibake"
    ENTITY = "entity"
    WHITESPACE = "whitespace"
    CONTROL = "control"
    SITE_LINE = "site_line"
    NOTICE = "notice"


class LinkKind(StrEnum):
    """How two versions belong together."""

    ALIAS = "alias"
    """The same article of one site under a second URL."""
    DUPLICATE = "duplicate"
    """The same text on another site."""
    STORY = "story"
    """Two tellings of one story."""


class DecisionKind(StrEnum):
    """What people decided. Publish and the next run apply it."""

    RELEASE = "release"
    DROP = "drop"
    CONFIRM = "confirm"
    REFUSE = "refuse"
    RETRACT_RUN = "retract_run"
    FORGET = "forget"
    CLOSE = "close"  # a refused page was read again and passed: its row of the quarantine is open no more
    EXPIRE = "expire"
    UNDO = "undo"


class RadarVerdict(StrEnum):
    """What the radar says of one measure of a source in a run."""

    LEARNING = "learning"
    """Too little is known of the source to say anything."""
    USUAL = "usual"
    NOTE = "note"
    """Worth knowing, such as a redesign; nothing is wrong."""
    WARN = "warn"
    """It would be a breach, but the radar is told only to warn, or is still learning."""
    ALARM = "alarm"
    """A breach for which no page is held."""
    HOLD = "hold"
    """A breach for which pages of the run are held."""
    RELEASED = "released"
    """A person released held pages: what was wrong with them is normal from then on."""


class RunStatus(StrEnum):
    """How a run ended."""

    COMPLETED = "completed"
    FAILED = "failed"
    RECOVERED = "recovered"
    """The run was killed; a later run finished what it had captured."""


class Reason(StrEnum):
    """Why a URL is in its state. One code, one sentence for people (`REASON_TEXT`)."""

    # fetch
    ROBOTS_DISALLOWED = "robots_disallowed"
    ROBOTS_UNREACHABLE = "robots_unreachable"
    HTTP_STATUS = "http_status"
    DNS = "dns"
    CONNECT = "connect"
    TIMEOUT = "timeout"
    SLOW = "slow"
    TLS = "tls"
    TRUNCATED = "truncated"
    TOO_LARGE = "too_large"
    BOMB = "bomb"
    BAD_ENCODING = "bad_content_encoding"
    BAD_RESPONSE = "bad_response"
    BAD_URL = "bad_url"
    REDIRECT_LOOP = "redirect_loop"
    REFUSED_ADDRESS = "refused_address"
    REFUSED_SCHEME = "refused_scheme"
    RATE_LIMITED = "rate_limited"
    HOST_PAUSED = "host_paused"
    LIMIT = "limit"
    NOT_REACHED = "not_reached"
    CHALLENGE = "challenge"
    CAPTIVE_PORTAL = "captive_portal"
    RESERVED = "reserved"
    # discover
    NOT_A_LISTING = "not_a_listing"
    EMPTY_LISTING = "empty_listing"
    UNREADABLE = "unreadable"
    # parse
    NOT_HTML = "not_html"
    EMPTY_BODY = "empty_body"
    EMPTY_EXTRACTION = "empty_extraction"
    ENCODING = "encoding"
    PAGE_KIND = "page_kind"
    SOFT_404 = "soft_404"
    JS_REQUIRED = "js_required"
    PARSER_CRASHED = "parser_crashed"
    PARSER_TIMEOUT = "parser_timeout"
    # clean
    OVER_CLEANED = "over_cleaned"
    # validate
    CHECK_FAILED = "check_failed"
    CHECK_RAISED = "check_raised"
    STUB_OF_FULL_TEXT = "stub_of_full_text"
    SOURCE_BROKEN = "source_broken"
    # store
    FORGOTTEN = "forgotten"


REASON_TEXT: dict[Reason, str] = {
    Reason.ROBOTS_DISALLOWED: "The site's robots.txt asks us not to fetch this URL.",
    Reason.ROBOTS_UNREACHABLE: "robots.txt could not be read, which RFC 9309 counts as a full disallow.",
    Reason.HTTP_STATUS: "The server answered with an error status.",
    Reason.DNS: "The host name could not be resolved.",
    Reason.CONNECT: "The connection was refused or broke off.",
    Reason.TIMEOUT: "The server did not answer in time.",
    Reason.SLOW: "The response came slower than the lowest accepted rate.",
    Reason.TLS: "The server's certificate could not be verified.",
    Reason.TRUNCATED: "The response ended before its announced length.",
    Reason.TOO_LARGE: "The response is larger than the size limit.",
    Reason.BOMB: "The compressed response grows beyond the accepted ratio.",
    Reason.BAD_ENCODING: "The response could not be decompressed.",
    Reason.BAD_RESPONSE: "The server's answer is not valid HTTP.",
    Reason.BAD_URL: "The URL cannot be requested as it is written.",
    Reason.REDIRECT_LOOP: "The redirects do not end.",
    Reason.REFUSED_ADDRESS: "The host resolves to a private or local address.",
    Reason.REFUSED_SCHEME: "Only http and https are fetched.",
    Reason.RATE_LIMITED: "The server asked us to come back later.",
    Reason.HOST_PAUSED: "The host is paused after errors or by its own wish.",
    Reason.LIMIT: "The run's limit of URLs was reached before this one.",
    Reason.NOT_REACHED: "The run ended before this URL was reached.",
    Reason.CHALLENGE: "The server answered with a challenge, consent or CAPTCHA page.",
    Reason.CAPTIVE_PORTAL: "The same page came for several sites, so something on the way answered for them.",
    Reason.RESERVED: "The publisher reserves what its source is told to respect.",
    Reason.NOT_A_LISTING: "The response is neither a feed nor a sitemap.",
    Reason.EMPTY_LISTING: "The listing names no URL.",
    Reason.UNREADABLE: "The file could not be read.",
    Reason.NOT_HTML: "The response is not an HTML page.",
    Reason.EMPTY_BODY: "The response has no content.",
    Reason.EMPTY_EXTRACTION: "The page has text but no article was found in it.",
    Reason.ENCODING: "The text could not be decoded without loss.",
    Reason.PAGE_KIND: "The page is not an article.",
    Reason.SOFT_404: "The page says that it was not found, with status 200.",
    Reason.JS_REQUIRED: "The page is an empty shell that needs JavaScript.",
    Reason.PARSER_CRASHED: "The page killed the parser's process twice.",
    Reason.PARSER_TIMEOUT: "The page took longer to parse than its limit.",
    Reason.OVER_CLEANED: "Cleaning would have removed more of the text than its limit.",
    Reason.CHECK_FAILED: "A check of the contract refused the row.",
    Reason.CHECK_RAISED: "A check of the contract could not be carried out.",
    Reason.SOURCE_BROKEN: "The pages of its source do not look as they usually do.",
    Reason.STUB_OF_FULL_TEXT: "The page is a shortened form of a full text that is stored.",
    Reason.FORGOTTEN: "The page is another URL of an article that was forgotten by decision.",
}
