{{ config(materialized='table') }}
select
    station_id,
    observed_at,
    precipitation_mm
from {{ ref('rain_hours') }}
qualify row_number() over (partition by station_id order by precipitation_mm desc, observed_at) = 1
