-- Pages that wait for a person's decision. Not those that were read again since and published.
create view held as
select q.*
from quarantine as q
anti join settled_holds as s on s.run_id = q.run_id and s.source_id = q.source_id
where q.severity = 'hold'
  and not exists (
      select 1 from article_versions as v
      where v.url = q.url and v.captured_at >= q.captured_at
  );
