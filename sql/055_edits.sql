-- Each version that followed another one, with what its words changed; retracted versions are no part of it.
create view edits as
select
    v.article_id,
    v.site,
    v.url,
    v.title,
    v.previous_id,
    v.version_id,
    p.captured_at as previous_at,
    v.captured_at,
    v.kind_of_change,
    v.change_share,
    v.word_changes,
    (
        select string_agg(concat_ws(' ', '[-' || nullif(c.old, '') || '-]', '{+' || nullif(c.new, '') || '+}'), ' ... ' order by c.place)
        from unnest(v.word_changes) as u(c)
    ) as word_diff
from article_versions as v
join article_versions as p on p.version_id = v.previous_id;

-- Edits that changed a fact or a number without a word about it.
create view stealth_edits as
select * from edits where kind_of_change = 'stealth_edit';
