"""Time zones: a station's own, and those that may be asked for."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from data_service.problems import BadParameter

BRASILIA = "America/Sao_Paulo"

_BY_STATE = {
    "AC": "America/Rio_Branco",
    "AM": "America/Manaus",
    "RO": "America/Porto_Velho",
    "RR": "America/Boa_Vista",
    "MT": "America/Cuiaba",
    "MS": "America/Campo_Grande",
}

# Fernando de Noronha (PE) and Trindade (ES) lie east of it, the whole mainland west.
EAST_OF_DEG = -34.0


def zone_of_station(uf: str | None, longitude_deg: float | None) -> str:
    """The IANA name of a station's legal time."""
    if longitude_deg is not None and longitude_deg > EAST_OF_DEG:
        return "America/Noronha"
    return _BY_STATE.get(uf or "", BRASILIA)


def checked_zone(name: str) -> ZoneInfo:
    """The zone of an IANA name.

    Raises:
        BadParameter: there is none of this name.
    """
    if name not in _known():
        raise BadParameter(
            f"tz: expected an IANA time zone such as America/Manaus or UTC; found {name!r}.",
            remedy="Leave it out for the station's own.",
        )
    return ZoneInfo(name)


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    # `localtime` is the machine's, and DuckDB has none.
    return frozenset(available_timezones() - {"localtime"})
