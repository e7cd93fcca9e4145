-- One row for each article of a story: the first of its versions that told it.
create view stories as
select
    m.story_id,
    v.article_id,
    v.version_id,
    v.article_id = m.story_id as is_first,
    v.captured_at as first_seen_at,
    v.published_at,
    v.site,
    v.agency,
    v.url,
    v.title,
    m.jaccard,
    m.change_share
from story_members as m
join article_versions as v on v.version_id = m.version_id
qualify row_number() over (partition by v.article_id, m.story_id order by v.captured_at, v.url, v.version_id) = 1;
