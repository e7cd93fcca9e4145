-- The current versions. An anti-join on a small table costs little more than a bare scan; a group by does not.
create view articles as
select
    {{columns}},
    n.duplicate_of,
    n.story_id,
    n.gone_at
from article_versions as v
anti join superseded as s on s.version_id = v.version_id
left join article_notes as n on n.version_id = v.version_id;
