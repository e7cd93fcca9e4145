"""What tells an article's image from furniture, and a credit from its caption: tables of patterns, all tested."""

import re

from tasks.parse.model import Pattern

FURNITURE: tuple[Pattern, ...] = (
    Pattern(
        re.compile(
            r"(?:^|[\s_/.-])(?:g?avatars?|userpics?|headshots?|author|authors|byline|bio|contributors?|columnists?"
            r"|logos?|icons?|favicons?|emojis?|smil(?:ey|ie)s?|sprites?|badges?|buttons?|share|sharing|social"
            r"|rating|stars|flags?)(?=$|[\s_/.-]|\d)",
            re.IGNORECASE,
        ),
        "site-logo small",
        "harbour-logistics hall",
    ),
    Pattern(
        re.compile(
            r"(?:^|[\s_/.-])(?:advert\w*|ads?|banners?|sponsors?|promos?|teasers?|related|recommend\w*|thumbs?|newsletter"
            r"|outbrain|taboola|widget|tracking|beacon)(?=$|[\s_/.-]|\d)",
            re.IGNORECASE,
        ),
        "img-ad-slot",
        "adriatic bannerman",
    ),
)
"""Words in the class or id of an image, or of what is close around it, that make it no image of the article."""

FURNITURE_FILE = Pattern(
    re.compile(
        r"(?:[/_.-])(?:logo|logos|icon|icons|favicon|avatar|avatars|gravatar|emoji|sprite|badge|spacer|blank|pixel"
        r"|1x1|transparent|beacon|placeholder|default-image|loading|spinner|arrow|caret|bullet)(?=$|[/_.-]|\d)|\.svgz?$",
        re.IGNORECASE,
    ),
    "/assets/logo-white.png",
    "/2026/iconic-harbour.jpg",
)
"""The last parts of a path that lead to logos, counters and drawings of the page itself."""
COUNTER_HOST = Pattern(
    re.compile(
        r"(?:^|\.)(?:doubleclick\.net|scorecardresearch\.com|quantserve\.com|gravatar\.com|google-analytics\.com"
        r"|chartbeat\.net|adnxs\.com|amazon-adsystem\.com|facebook\.com)(?::\d+)?$",
        re.IGNORECASE,
    ),
    "pixel.quantserve.com",
    "quantserve.com.example",
)
"""Hosts of counters, advertisements and avatars, none of which serve images of articles."""

PLACEHOLDER = Pattern(
    re.compile(
        r"^(?:data|about|blob|javascript):"
        r"|(?:^|[/_-])(?:blank|spacer|placeholder|pixel|1x1|transparent|loading|lazy|grey|gray|clear|dummy)[\w-]*\.(?:gif|png|svg|jpe?g|webp)",
        re.IGNORECASE,
    ),
    "/static/lazy-placeholder.gif",
    "/2026/grey-seals-at-the-harbour/photo.jpg",
)
"""What stands in src until a script puts the image there."""

IMAGE_FILE = Pattern(
    re.compile(r"\.(?:jpe?g|png|gif|webp|avif)(?:$|[?#])", re.IGNORECASE), "/i/a.jpg?w=900", "/news/a.html"
)
"""Where a link around an image leads when it only shows it larger."""

FRAME = Pattern(
    re.compile(r"(?:^|[\s_-])(?:figure|image|photo|picture|media|caption|img|foto|bild)(?=$|[\s_-]|\w)", re.IGNORECASE),
    "article-image__wrap",
    "pages imagination-less reimagined",
)
"""Classes of what holds an image and its caption where there is no `figure`."""
CAPTION = Pattern(
    re.compile(
        r"(?:^|[\s_-])(?:wp-caption-text|(?:\w+-)?(?:caption|legend|bildunterschrift|cutline)s?)(?=$|[\s_-])",
        re.IGNORECASE,
    ),
    "photo-caption small",
    "captionless recaptioned",
)  # fmt: skip
CREDIT = Pattern(
    re.compile(
        r"(?:^|[\s_-])(?:credits?|photographer|copyright|attribution|image-source|source|rights)(?=$|[\s_-])",
        re.IGNORECASE,
    ),
    "media__credit",
    "accredited resource",
)  # fmt: skip
"""Classes and itemprops of an image's caption, and of who made the image."""

AGENCY = (
    r"(?:AP|AFP|Reuters|Getty|EPA|EFE|ANSA|dpa|APA|Keystone|Shutterstock|Bloomberg|Imago|Alamy|iStock|Unsplash|PA Wire)"
)
LABEL = (
    r"(?:photo(?:graph|graphy)?s?|foto(?:s|graf)?|images?|pictures?|credits?|bild|crédit(?: photo)?|quelle|source"
    r"|courtesy)"
)  # fmt: skip

CREDITS: tuple[Pattern, ...] = (
    Pattern(
        re.compile(
            rf"\s*[(\[](?P<credit>(?i:{LABEL})\b[^()\[\]]{{1,100}}|(?:[^()\[\]]{{2,60}}\W)?{AGENCY}\b[^()\[\]]{{0,80}}"
            r"|©[^()\[\]]{2,80})[)\]]\.?\s*$"
        ),
        "The bridge on Monday. (AP Photo/Ann Lee)",
        "The mayor (left) and the owner (right)",
    ),
    Pattern(
        re.compile(
            rf"(?:^|(?<=[.!?\"”|])\s*|\s+[|–—-]\s+)(?i:{LABEL})(?:\s+(?i:by|credit|courtesy(?:\s+of)?))?"
            r"\s*:\s*(?P<credit>\S.{1,100})$"
        ),
        "The bridge on Monday. Photo: Ann Lee",
        "The sign reads, in full: Photo shop to let",
    ),
    Pattern(
        re.compile(r"(?:^|\s+)(?:©|Copyright\b:?|\(c\))\s*(?P<credit>[^.!?]{2,80})\.?$"),
        "The bridge on Monday © Ann Lee/Herald",
        "The exhibition tells how copyright came to be.",
    ),
    Pattern(
        re.compile(
            r"(?:^|(?<=[.!?\"”])\s+)(?i:photos?|photograph|pictures?|foto)\s+(?i:by|courtesy(?:\s+of)?|de|von)\s+"
            r"(?P<credit>[^.!?]{3,80})\.?$"
        ),
        "The bridge on Monday. Photo by Ann Lee",
        "A boy looks at a photo by Ann Lee",
    ),
    Pattern(
        re.compile(
            r"(?:^|(?<=[.!?\"”|])\s*)(?P<credit>[A-ZÀ-Ý][\w.'’ -]{2,50}\s?/\s?"
            rf"(?:{AGENCY}|[A-Z][\w' -]{{2,30}})\b[\w /,-]{{0,40}})$"
        ),
        "The bridge on Monday. Ann Lee/Getty Images",
        "The bridge on Monday and/or Tuesday.",
    ),
)  # fmt: skip
"""How a credit closes a caption; the group `credit` is what is kept of it. Tried in order, the first that matches."""
