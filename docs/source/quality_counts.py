"""What the rules found in the whole network's 2024, counted once, for `docs/quality.md`."""

from __future__ import annotations

HOURS_OF_2024 = """\
The portal's `2024.zip` as of November 2026: 565 stations, 545 of them with any value, 4,078,527
hours with a value. 100,553 hours (2.5 %) have a bit. Hours, stations, and what some five of each
rule, drawn by a hash, looked like beside their neighbours."""

COUNTS_OF_2024 = {
    "radiation_range": (5205, 166, "errors; 4,947 at the 53 stations that `clock` finds too"),
    "pressure_min_above_max": (3, 1, "errors (A631 on 29 February, by 0.2 to 0.4)"),
    "radiation_at_night": (21979, 117, "errors; at A617 an offset of some 22 kJ/m²"),
    "precipitation_repeated": (192, 89, "plausible rain, all eight looked at"),
    "dew_point_unusual": (
        3,
        3,
        "A857 an error (highest over 35 beside 19.3); A215 and A602 doubtful",
    ),
    "pressure_unusual": (500, 4, "errors: the sensors of A933 and A216 wander"),
    "temperature_step": (2457, 328, "mostly weather: a clear morning, a squall without rain"),
    "dew_point_step": (11018, 476, "mixed: dry air coming down, and single spikes"),
    "pressure_step": (7739, 98, "errors: A220, A933, A407, A216 and A347 hold 7,492"),
    "humidity_step": (3004, 360, "mostly weather, as with temperature"),
    "temperature_persistent": (18, 14, "weather: rainy, saturated nights"),
    "dew_point_persistent": (31, 20, "weather, the same nights"),
    "pressure_persistent": (1, 1, "doubtful (A610)"),
    "humidity_persistent": (349, 44, "at 94 % a sensor's upper end; 78 % at A610 doubtful"),
    "wind_speed_persistent": (16825, 101, "16,697 stuck at 0 by day and night; 128 weak wind"),
    "temperature_beyond_extremes": (2, 1, "errors (A359)"),
    "dew_point_beyond_extremes": (1, 1, "by 0.4, the lowest missing"),
    "humidity_beyond_extremes": (6, 4, "errors (A359; A005: highest 8 beside 83)"),
    "pressure_beyond_extremes": (5, 4, "errors (A359, A202); by 0.4 at A052 and A055"),
    "clock": (54885, 63, "errors, of sensors more than of clocks: values adrift day and night"),
}

NOTES_OF_2024 = """\
2024 holds none of the extremes that other years do (138.2 mm, 45.0 °C at A053, 44,010 kJ/m²): the
tests plant them. Of single values 2.3 % of radiation are suspect, 0.4 % of wind speed, 0.3 % of
dew point, 0.2 % of pressure, and less than 0.1 % of every other variable. Three limits were set by
these counts: a step of temperature is 7 °C and not 4 (48,220 hours), a calm is stuck after 24 hours
and not six (134,246 hours, three quarters of them between 00 and 11 UTC), and equal rain is more
than 1 mm (3,759 hours of any amount)."""
