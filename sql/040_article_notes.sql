-- What later articles and fetches say of the current versions.

-- The ledger rows in which a server said whether a page that was ever gone is there. A timeout, a pause or a
-- refusal says neither, so an article stays gone through them.
create temp table seen as
select l.url, runs.run_seq, l.state = 'gone' as is_gone, coalesce(l.captured_at, l.recorded_at) as seen_at
from ledger as l
join runs on runs.run_id = l.run_id
where l.kind = 'page'
  and l.state in ('gone', 'stored', 'unchanged', 'duplicate', 'quarantined', 'held')
  and l.url_id in (select url_id from ledger where kind = 'page' and state = 'gone');

-- From the run that first saw a page gone to the one that saw it there again.
insert into absences
with turns as (
    select url, run_seq, seen_at, is_gone, lag(is_gone, 1, false) over (partition by url order by run_seq) as was_gone
    from seen
)
select url, run_seq, seen_at, lead(run_seq) over (partition by url order by run_seq)
from turns
where is_gone <> was_gone
qualify is_gone;

-- A version has the ties of every version of its article with the same text, so that an article that goes back to an
-- old text is what it was. Links to versions that are not shown do not count.
create temp table tie as
with tied as (
    select v.version_id, v.article_id, v.content_hash
    from article_versions as v
    where v.article_id in (
        select article_id from article_versions where version_id in (select version_id from links where kind = 'duplicate')
    )
)
select
    same.version_id,
    arg_min(o.version_id, (o.captured_at, o.url, o.version_id)) as duplicate_of
from links as l
join tied as v on v.version_id = l.version_id
join tied as same on same.article_id = v.article_id and same.content_hash = v.content_hash
join (
    select version_id, captured_at, url from article_versions where version_id in (select other_id from links)
) as o on o.version_id = l.other_id
where l.kind = 'duplicate'
group by same.version_id;

create temp table gone_version as
select v.version_id, absences.gone_at
from article_versions as v
join absences on absences.url = v.url
where absences.until_seq is null;

insert into article_notes
select version_id, version_order.place, tie.duplicate_of, story_members.story_id, gone_version.gone_at
from tie
full join gone_version using (version_id)
full join story_members using (version_id)
join version_order using (version_id)
where version_id not in (select version_id from superseded)
  and (tie.duplicate_of is not null or story_members.story_id is not null or gone_version.gone_at is not null);
