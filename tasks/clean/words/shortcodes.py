"""Names of shortcodes that content systems leave in text when the plug-in that would fill them is gone.

Source: the WordPress shortcode API and the shortcode lists of its most used plug-ins; seen in feeds and archives.
"""

from tasks.clean.model import Pattern

NAMES: frozenset[str] = frozenset(
    {
        "ad", "adinserter", "adrotate", "ads", "adsense", "advanced_iframe", "ai_playlist", "audio",
        "blockquote_share", "brightcove", "button", "caption", "cnn_video", "contact-form", "contact-form-7",
        "contentcards", "dailymotion", "divider", "elementor-template", "embed", "embedyt", "et_pb_column",
        "et_pb_row", "et_pb_section", "et_pb_text", "facebook", "fbvideo", "flowplayer", "fusion_builder_column",
        "fusion_builder_container", "fusion_builder_row", "fusion_text", "gallery", "gravityform", "html5_video",
        "iframe", "instagram", "interaction", "jwplayer", "jw_player", "kaltura-widget", "khl_video", "mailpoet_form",
        "mc4wp_form", "metaslider", "mp3j", "new_royalslider", "newsletter_form", "ninja_form", "one_half",
        "one_half_last", "one_third", "pinterest", "playlist", "poll", "polldaddy", "pullquote", "quads",
        "recent_posts", "related_posts", "rev_slider", "sc_embed", "scribd", "sgmb", "slideshare", "social_share",
        "soundcloud", "spotify", "su_box", "su_button", "su_note", "su_quote", "su_spacer", "tabs", "tiktok", "toc",
        "ttw", "tweet", "twitter", "tubepress", "vc_column", "vc_column_text", "vc_row", "ventuno", "video",
        "videojs", "vimeo", "wp_ad_camp", "wpforms", "wpvideo", "youtube", "youtube_sc", "zoomsounds",
    }
)  # fmt: skip

WITH_CONTENT: frozenset[str] = frozenset({"caption", "wp_caption"})
"""Their content is a caption, not a paragraph of the article; others lose only an address between their brackets."""

SHORTCODES: tuple[Pattern, ...] = (
    Pattern(
        "quoted_attribute",
        "",
        (),
        "[playerx clip=“a81” width=“640”][/playerx]",
        "“He told [the president] that x = “y” in the code,” she said.",
    ),
    Pattern("known_name", "", ("gallery",), "[gallery ids=11,12]", "The [gallery] was closed, he said."),
    Pattern(
        "closing",
        "",
        (),
        "It was over.[/su_note]",
        "It was over [and/or done].",
    ),
    Pattern("snake_name", "", (), "It was over.[news_box_12]", "He read [the news box] and left."),
    Pattern("braces", "", (), "{{< ad slot=“3” >}}", "The tag “{{% ad %}}” makes a box, the manual says."),
    Pattern(
        "with_content",
        "",
        tuple(sorted(WITH_CONTENT)),
        "[caption id='p1' align='left']The harbour at dusk[/caption]",
        "The caption [translated] says: the harbour at dusk.",
    ),
)
