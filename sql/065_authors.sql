-- Who writes where. A text that stands on several sites counts for the site that had it first.
create view authors as
select
    author as name,
    site,
    count(*) as article_count,
    cast(sum(word_count) as bigint) as word_count,
    coalesce(list_sort(list(distinct section) filter (where section is not null)), []) as sections,
    min(written_at) as first_at,
    max(written_at) as last_at
from (
    select distinct
        article_id,
        unnest(authors) as author,
        site,
        section,
        word_count,
        coalesce(published_at, captured_at) as written_at
    from articles
    where duplicate_of is null
)
group by author, site;
