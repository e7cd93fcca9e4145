-- Where each version lies in the word index, and since when it counts; then what of it is not current.
create view text_rows as
select r.part, r.row_no, r.version_id, r.article_id, r.site, r.run_id, r.told_at, r.day
from {{rows}} as r
where {{shown}};

insert into hidden_rows
select r.part, r.row_no
from {{rows}} as r
where not ({{shown}}) or r.version_id in (select version_id from superseded);
