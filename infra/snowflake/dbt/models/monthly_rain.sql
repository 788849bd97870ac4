-- A later run computes only the months that hold an hour merged since the last one.
{{ config(materialized='incremental', unique_key=['station_id', 'month']) }}
select
    station_id,
    date_trunc('month', dateadd(hour, -1, observed_at)) as month,
    sum(precipitation_mm) as rain_mm,
    count(*) as measured_hours,
    max(merged_at) as newest_merge
from {{ ref('rain_hours') }}
{% if is_incremental() %}
where date_trunc('month', dateadd(hour, -1, observed_at)) in (
    select date_trunc('month', dateadd(hour, -1, observed_at))
    from {{ ref('rain_hours') }}
    where merged_at > (select max(newest_merge) from {{ this }})
)
{% endif %}
group by station_id, date_trunc('month', dateadd(hour, -1, observed_at))
