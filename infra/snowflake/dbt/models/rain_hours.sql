{{ config(materialized='view') }}
select
    station_id,
    observed_at,
    precipitation_mm,
    merged_at
from {{ source('clean', 'observations') }}
where precipitation_mm is not null
