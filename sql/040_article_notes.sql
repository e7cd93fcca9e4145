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

-- The oldest of the versions with the same text that are still shown, and the story as it was told last.
create temp table tie as
select
    l.version_id,
    arg_min(l.other_id, (o.captured_at, o.url, o.version_id)) filter (where l.kind = 'duplicate') as duplicate_of,
    arg_max(l.story_id, (l.recorded_at, l.story_id)) filter (where l.kind = 'story') as story_id
from links as l
join (
    select version_id, captured_at, url from article_versions where version_id in (select other_id from links)
) as o on o.version_id = l.other_id
group by l.version_id;

create temp table gone_version as
select v.version_id, absences.gone_at
from article_versions as v
join absences on absences.url = v.url
where absences.until_seq is null;

insert into article_notes
select version_id, tie.duplicate_of, tie.story_id, gone_version.gone_at
from tie
full join gone_version using (version_id)
where version_id not in (select version_id from superseded)
  and version_id in (select version_id from version_order)
  and (tie.duplicate_of is not null or tie.story_id is not null or gone_version.gone_at is not null);
