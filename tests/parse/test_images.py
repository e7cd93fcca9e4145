"""Images of the article with what the page says of each; no icons, logos, avatars, or other articles' ones."""

import pytest

from schemas.article import Article
from schemas.table import empty
from tasks.parse.image_words import (
    CAPTION,
    COUNTER_HOST,
    CREDIT,
    CREDITS,
    FRAME,
    FURNITURE,
    FURNITURE_FILE,
    IMAGE_FILE,
    PLACEHOLDER,
)
from tasks.parse.images import largest, split_credit
from tasks.parse.model import Image, Pattern
from tests.parse.pages_kit import SENTENCE, STORY, URL, article, page

ROOT = "https://www.harbour-herald.example"
FIRST, REST = STORY.split("</p>", 1)[0] + "</p>", STORY.split("</p>", 1)[1]
MORE = STORY.replace("mayor opened", "harbour master closed")


def images(markup: str, head: str = "") -> list[Image]:
    """The images of a story with the markup behind its first paragraph."""
    return list(article(page(head, FIRST + markup + REST)).images)


PATTERNS = [
    *FURNITURE, FURNITURE_FILE, COUNTER_HOST, *CREDITS, PLACEHOLDER, IMAGE_FILE, FRAME, CAPTION, CREDIT,
]  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS, ids=range(len(PATTERNS)))
def test_patterns(pattern: Pattern) -> None:
    """Each pattern matches its example and spares the other one."""
    assert pattern.regex.search(pattern.matches)
    assert not pattern.regex.search(pattern.spares)


FOUND = [
    ("plain", '<img src="/i/a.jpg" alt="A &amp; B" width="640" height="360">',
     Image(f"{ROOT}/i/a.jpg", "A & B", width=640, height=360, place=1)),
    ("figure", '<figure><img src="a.jpg"><figcaption>The bridge. (Photo: Ann Lee)</figcaption></figure>',
     Image(f"{ROOT}/news/a.jpg", caption="The bridge.", credit="Ann Lee", place=1)),
    ("credit_apart", '<figure><img src="/a.jpg"><figcaption>The bridge <span class="credit">Ann Lee/AP</span>'
     "</figcaption></figure>", Image(f"{ROOT}/a.jpg", caption="The bridge", credit="Ann Lee/AP", place=1)),
    ("class_of_caption", '<div class="wp-caption"><img src="/a.jpg"><p class="wp-caption-text">The bridge</p></div>',
     Image(f"{ROOT}/a.jpg", caption="The bridge", place=1)),
    ("called_attribution", '<div class="image"><img src="/a.jpg"><div class="image__caption attribution">'
     "The bridge</div></div>", Image(f"{ROOT}/a.jpg", caption="The bridge", place=1)),
    ("lazy", '<img src="data:image/gif;base64,R0" data-src="//cdn.example/a.jpg">',
     Image("https://cdn.example/a.jpg", place=1)),
    ("lazy_over_placeholder", '<img src="/static/placeholder.png" data-lazy-src="/a.jpg">',
     Image(f"{ROOT}/a.jpg", place=1)),
    ("srcset", '<img srcset="/s.jpg 320w, /l.jpg 1280w, /m.jpg 640w">', Image(f"{ROOT}/l.jpg", place=1)),
    ("picture", '<picture><source data-srcset="/l.webp 2x, /s.webp 1x"><img src="data:,"></picture>',
     Image(f"{ROOT}/l.webp", place=1)),
    ("noscript", '<div><img class="lazy" src="data:,"><noscript><img src="/a.jpg" alt="A"></noscript></div>',
     Image(f"{ROOT}/a.jpg", "A", place=1)),
    ("noscript_repeats", '<div><img data-src="/a.jpg?w=900"><noscript><img src="/a.jpg?w=300"></noscript></div>',
     Image(f"{ROOT}/a.jpg?w=900", place=1)),
    ("amp", '<amp-img src="/a.jpg" width="900" height="600"></amp-img>',
     Image(f"{ROOT}/a.jpg", width=900, height=600, place=1)),
    ("in_paragraph", f'<p><img src="/a.jpg"> {SENTENCE * 3}</p>', Image(f"{ROOT}/a.jpg", place=1)),
    ("link_to_itself", '<a href="/i/large.jpg"><img src="/a.jpg"></a>', Image(f"{ROOT}/a.jpg", place=1)),
    ("share_of_width", '<img src="/a.jpg" width="100%">', Image(f"{ROOT}/a.jpg", place=1)),
]  # fmt: skip


@pytest.mark.parametrize(("markup", "image"), [case[1:] for case in FOUND], ids=[case[0] for case in FOUND])
def test_found(markup: str, image: Image) -> None:
    """An image in the text has its absolute URL, its words, its declared size, and the blocks before it."""
    assert images(markup) == [image]


LEFT_OUT = [
    ("pixel", '<img src="/count.gif" width="1" height="1">'),
    ("counter", '<img src="https://b.scorecardresearch.com/p?c1=2">'),
    ("icon", '<img src="/i/arrow-next.jpg" width="24" height="24">'),
    ("logo", '<img src="/assets/logo-white.png">'),
    ("drawing", '<img src="/i/line.svg">'),
    ("avatar", '<div class="author-box"><img src="/people/lee.jpg"></div>'),
    ("by_class", '<img class="avatar avatar-96" src="/people/lee.jpg">'),
    ("other_article", '<a href="/news/another"><img src="/i/teaser.jpg" width="600" height="300"></a>'),
    ("related", '<aside><img src="/i/teaser.jpg"></aside>'),
    ("ad", '<div class="ad-slot"><img src="/i/shoes.jpg"></div>'),
    ("no_source", "<img alt='soon'>"),
    ("placeholder_only", '<img src="data:image/gif;base64,R0lGOD">'),
    ("template", '<img src="{{ image.url }}">'),
    ("not_http", '<img src="file:///a.jpg">'),
    ("bad_url", '<img src="http://[a.jpg">'),
    ("empty_noscript", "<noscript>Please enable scripts</noscript>"),
]


@pytest.mark.parametrize("markup", [case[1] for case in LEFT_OUT], ids=[case[0] for case in LEFT_OUT])
def test_left_out(markup: str) -> None:
    """What is no image of this article, or none at all, is not listed."""
    assert images(markup) == []


def test_places_and_lead() -> None:
    """Images stand in order, once each, and the one that the head names leads, in whatever size."""
    head = '<meta property="og:image" content="https://cdn.example/harbour-bridge-1200x630.jpg">'
    lead = '<img src="/i/harbour-bridge-640x360.jpg"><figure><img src="/i/two.jpg"></figure>'
    found = article(page(head, lead + STORY + '<img src="/i/three.jpg"><img src="/i/two.jpg">' + MORE)).images
    assert [(image.url.rpartition("/")[2], image.place, image.is_lead) for image in found] == [
        ("harbour-bridge-640x360.jpg", 0, True), ("two.jpg", 0, False), ("three.jpg", 5, False),
    ]  # fmt: skip


def test_wide_image_before_the_text_leads() -> None:
    """Where the head names no image, a wide one before the text is the lead; one amid the text is not."""
    wide = '<img src="/i/a.jpg" width="900" height="500">'
    assert [image.is_lead for image in article(page("", wide + STORY)).images] == [True]
    assert [image.is_lead for image in images(wide)] == [False]


def test_nothing_from_around_the_article() -> None:
    """Pictures of the page's head and foot, and of what follows the text, are none of the article's."""
    around = '<header><img src="/i/mast.jpg" width="900" height="90"></header>'
    after = '<div><img src="/i/more.jpg"></div><footer><img src="/i/seal.jpg"></footer>'
    assert article(page("", around + STORY + after)).images == ()


CREDIT_LINES = [
    ("The bridge. Photo by Ann Lee", ("The bridge.", "Ann Lee")),
    ("The bridge (AP Photo/Ann Lee)", ("The bridge", "AP Photo/Ann Lee")),
    ("Die Brücke. Foto: Anke Voß/dpa", ("Die Brücke.", "Anke Voß/dpa")),
    ("Photo: Ann Lee", (None, "Ann Lee")),
    ("The bridge © Ann Lee", ("The bridge", "Ann Lee")),
    ("The mayor (left) and Ann Lee (right)", ("The mayor (left) and Ann Lee (right)", None)),
    ("A photo: nobody had taken it.", ("A photo: nobody had taken it.", None)),
    ("", (None, None)),
]


@pytest.mark.parametrize(("line", "parts"), CREDIT_LINES)
def test_split_credit(line: str, parts: tuple[str | None, str | None]) -> None:
    """A credit at the end goes into its own field; a caption that only speaks of photos stays whole."""
    assert split_credit(line) == parts


@pytest.mark.parametrize(
    ("srcset", "url"),
    [
        ("/a.jpg", "/a.jpg"),
        ("/a.jpg, /b.jpg 2x", "/b.jpg"),
        ("/w_1,h_2/a.jpg 100w,/w_3,h_4/b.jpg 300w", "/w_3,h_4/b.jpg"),
        ("data:image/gif;base64,AAA= 10w", None),
        (" , ,", None),
    ],
)
def test_largest(srcset: str, url: str | None) -> None:
    """The largest candidate of a set, commas in URLs allowed; placeholders do not count."""
    assert largest(srcset) == url


def test_hostile_markup_takes_linear_time() -> None:
    """A thousand images, sets and captions of megabytes: at most 200 images, values cut, no exception."""
    many = "".join(f'<img src="/i/{number}.jpg">' for number in range(1_500))
    assert len(images(many)) == 200
    huge = (
        f'<figure><img src="/a.jpg" srcset="{"/a.jpg, " * 50_000}"><figcaption>{"(a " * 90_000}</figcaption></figure>'
    )
    assert len(images(huge)[0].caption or "") <= 1_000


def test_row_and_older_rows() -> None:
    """The column's type is the images' own fields, and it may be null: rows from before it are good rows."""
    assert [field.name for field in empty(Article).schema["images"].inner.fields] == [*vars(Image(URL))]  # type: ignore[attr-defined]
    assert Article.to_schema().columns["images"].nullable
