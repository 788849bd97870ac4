"""What the columns hold that `inmet_platform.inmet.schema` does not describe, in words.

A name means the same in every table; where it does not, `table.column` comes before it.
"""

from __future__ import annotations

_HOURS = "Null with fewer than {} of the day's 24 hours."

WORDS = {
    # who and when
    "station_id": "INMET's code of the station, such as `A001`",
    "observed_at": "End of the hour, UTC",
    "edition_at": "When INMET published this edition: as the sender said, else the time of the "
    "member in the zip, else the time of upload",
    "edition": "A number that sorts editions: of two, the one with the greater number is newer",
    # where a row comes from
    "raw_key": "Key of the raw object in S3",
    "source_key": "Key of the raw object in S3 that the row was read from",
    "source_member": "The file inside a zip; null when the raw object is no zip",
    "line_number": "Line in the file, counted from 1",
    "reading_id": "Which bytes were read by which version of the readers",
    "landing_key": "Key of the Parquet file that Snowpipe loaded",
    "observations_key": "Key of the Parquet file that holds the hours, days or months of this "
    "header; null for a station of a catalogue",
    "table_name": "The table that the Parquet file is for",
    # the station
    "station_name": "Name, as the file has it",
    "region": "Region of Brazil: `N`, `NE`, `CO`, `SE` or `S`",
    "uf": "State, two letters",
    "latitude_deg": "Latitude, south is negative",
    "longitude_deg": "Longitude, west is negative",
    "altitude_m": "Altitude of the station, in m",
    "founded_on": "Date of foundation, as the file has it",
    "station_source": "Who named the station: the file itself, its name, or the sender",
    "valid_from": "First day of observation of this version of the station",
    "valid_to": "Last day of this version; null for the newest",
    "is_current": "Whether this is the newest version",
    # a file
    "file_name": "Name under which the file was sent",
    "file_format": "Form of the file, such as `portal`",
    "upload_id": "sha256 of the bytes, followed by the station when the sender named it",
    "sha256": "sha256 of the raw object",
    "repeated_hour_count": "Number of rows that say an hour again",
    "variables": "a bit for each of the 17 variables that the file has a column of, in their order;"
    " 0 when it holds no hours",
    "etag": "S3's ETag of the object: another content has another",
    "has_earlier_content": "whether RAW holds what the object was before it was put again",
    "member_sha256": "sha256 of the member's bytes",
    "size_bytes": "Size in bytes",
    "member_size_bytes": "Size of the member in bytes, unpacked",
    "first_hour": "First hour in the file, UTC",
    "last_hour": "Last hour in the file, UTC",
    "row_count": "Number of hours, also of those without any value",
    "observation_count": "Number of hours that hold a value",
    "station_count": "Number of stations",
    "member_count": "Number of members that were read",
    "rejected_member_count": "Number of members that no reader accepted",
    # its way
    "state": "`received`, `landed`, `loaded` or `clean`; `rejected` or `duplicate` end the way",
    "error": "Why the file was rejected, or of which file it is a duplicate",
    "lease_name": "What only one run may do: `intake` (read raw objects) or `clean` (write CLEAN)",
    "holder": "The run that does it; null when none does",
    "held_until": "When the lease ends unless the run renews it, UTC",
    "received_at": "When the object came into `raw/`",
    "landed_at": "When the Parquet file was put",
    "loaded_at": "When Snowpipe read the Parquet file",
    "merged_at": "When the row last changed",
    "updated_at": "When the row last changed",
    "rejected_at": "When the file was rejected",
    "expected": "What a readable file has at that place",
    "found": "What is there, shortened",
    "message": "The whole sentence: where, what was expected, what was found",
    # quality
    "qc_tests": "Bit mask of the rules that fired on any variable of the hour",
    # the forecast
    "valid_at": "End of the hour that the forecast is for, UTC",
    "probability_over_0_mm": "Probability of more than 0 mm in that hour, 0 to 1",
    "probability_over_5_mm": "Probability of more than 5 mm",
    "probability_over_25_mm": "Probability of more than 25 mm",
    "says_rain": "Whether the probability of more than 0 mm reaches the model's threshold",
    "model_version": "Version of `inmet-rain` in MLflow",
    "made_at": "When the forecast was made",
    "RAW.SCHEMA_HISTORY.statement_name": "Folder and file of the statement, such as "
    "`ddl/50_create_view_stations`",
    "RAW.SCHEMA_HISTORY.digest": "SHA-256 of its text as it was written then",
    "RAW.SCHEMA_HISTORY.applied_at": "When it was run, UTC",
    "CLEAN.JUDGED_YEARS.of_year": "Year of the hours' labels, UTC",
    "CLEAN.JUDGED_YEARS.rules": "Digest of the quality rules",
    "CLEAN.JUDGED_YEARS.judged_at": "When the year was judged last, UTC",
    "CLEAN.RAIN_FORECAST.observed_at": "End of the station's newest hour, UTC",
    # daily values
    "day": "The day, by INMET's windows",
    "periodicity": "`daily` or `monthly`",
    "RAW.PUBLISHED_VALUES.day": "The day; of a month its last, as BDMEP writes it",
    "RAW.PUBLISHED_VALUES.variable": "Name of the column in `CLEAN.DAILY_PUBLISHED` or "
    "`CLEAN.MONTHLY_PUBLISHED`",
    "value": "Null where the file says that there is none",
    "precipitation_hours": "Number of the day's hours that have a value of rain",
    "CLEAN.DAILY.precipitation_mm": f"Rain of the day, in mm. {_HOURS.format(22)}",
    "temperature_mean_c": f"Mean air temperature, in °C. {_HOURS.format(22)}",
    "CLEAN.DAILY.temperature_max_c": f"Highest temperature of the day, in °C. {_HOURS.format(22)}",
    "CLEAN.DAILY.temperature_min_c": f"Lowest temperature of the day, in °C. {_HOURS.format(22)}",
    "humidity_mean_pct": f"Mean relative humidity, in %. {_HOURS.format(12)}",
    "pressure_mean_hpa": f"Mean pressure at station level, in hPa. {_HOURS.format(22)}",
    "wind_speed_mean_ms": f"Mean wind speed, in m/s. {_HOURS.format(22)}",
    "wind_gust_max_ms": f"Strongest gust of the day, in m/s. {_HOURS.format(22)}",
    "CLEAN.DAILY.radiation_kj_m2": "Global radiation of the day, in kJ/m²; an hour at night counts "
    f"as there. {_HOURS.format(22)}",
    # completeness
    "month": "First day of the month",
    "variable": "Name of the variable",
    "hours_expected": "Hours that the month should have; of radiation those of 12 to 20 UTC",
    "hours_present": "Hours that have a value",
    "completeness_pct": "Share of the expected hours, in %",
    # what an edition changed
    "hours_compared": "Hours that this edition and the one before both cover",
    "hours_different": "Hours of them with another value",
    "hours_blanked": "Hours of them that have no value any more",
    "cells_filled": "Values that were missing before",
    "cells_blanked": "Values that are missing now",
    "cells_changed": "Values that are others now",
}
