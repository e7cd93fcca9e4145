-- All commits in their order, and the versions of the runs that are taken back: small, or empty.
insert into commit_order
select run_id, any_value(run_seq), any_value(ended_at) from {{runs}} group by run_id;

insert into retracted_versions
select r.version_id, r.article_id, r.url, r.site, r.captured_at, r.run_id
from {{articles}} as r
where {{hidden}};
