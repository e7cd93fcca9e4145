-- The time zone of each source, as its last run had it in sources.yaml.
select s.source_id, s.time_zone
from run_sources as s
join runs on runs.run_id = s.run_id
qualify row_number() over (partition by s.source_id order by runs.run_seq desc) = 1
