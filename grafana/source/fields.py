"""The columns that the data service answers with: type, Portuguese name and unit, each once."""

from __future__ import annotations

from dataclasses import dataclass

TEXT, NUMBER, TIME, YES_NO = "string", "number", "timestamp", "boolean"

# Units of Grafana (https://grafana.com/docs/grafana: Standard options).
CELSIUS, MM, HPA, MS, PERCENT, SHARE = (
    *("celsius", "lengthmm", "pressurehpa", "velocityms", "percent", "percentunit"),
)
HOURS, DAYS, SECONDS, COUNT, PLAIN, DEGREE = "h", "d", "s", "short", "none", "degree"
METERS, RADIATION, DATE = "lengthm", "suffix: kJ/m²", "dateTimeAsLocal"


@dataclass(frozen=True)
class Field:
    """One column: Infinity's type of it, the name people read, Grafana's unit, its decimals."""

    kind: str
    label: str
    unit: str = PLAIN
    decimals: int | None = None


FIELDS: dict[str, Field] = {
    # stations
    "station_id": Field(TEXT, "Estação"),
    "name": Field(TEXT, "Nome"),
    "uf": Field(TEXT, "UF"),
    "latitude_deg": Field(NUMBER, "Latitude", DEGREE, 4),
    "longitude_deg": Field(NUMBER, "Longitude", DEGREE, 4),
    "first_hour": Field(TIME, "Primeira hora", DATE),
    "last_hour": Field(TIME, "Última hora", DATE),
    # time
    "at": Field(TIME, "Hora", DATE),
    "observed_at": Field(TIME, "Observado em", DATE),
    "valid_at": Field(TIME, "Válido para", DATE),
    "day": Field(TEXT, "Dia"),
    "day_of_year": Field(NUMBER, "Dia do ano", PLAIN, 0),
    "from_day": Field(TEXT, "De"),
    "to_day": Field(TEXT, "Até"),
    "days": Field(NUMBER, "Dias", DAYS, 0),
    "month": Field(TEXT, "Mês"),
    "hour": Field(NUMBER, "Hora do dia", HOURS, 0),
    "hours": Field(NUMBER, "Horas", HOURS, 0),
    "years": Field(NUMBER, "Anos", COUNT, 0),
    "age_h": Field(NUMBER, "Idade do dado", HOURS, 1),
    # weather
    "temperature_c": Field(NUMBER, "Temperatura", CELSIUS, 1),
    "temperature_max_c": Field(NUMBER, "Máxima", CELSIUS, 1),
    "temperature_min_c": Field(NUMBER, "Mínima", CELSIUS, 1),
    "temperature_mean_c": Field(NUMBER, "Média", CELSIUS, 1),
    "dew_point_c": Field(NUMBER, "Ponto de orvalho", CELSIUS, 1),
    "humidity_pct": Field(NUMBER, "Umidade", PERCENT, 0),
    "humidity_mean_pct": Field(NUMBER, "Umidade média", PERCENT, 0),
    "pressure_hpa": Field(NUMBER, "Pressão", HPA, 1),
    "pressure_change_3h_hpa": Field(NUMBER, "Tendência em 3 h", HPA, 1),
    "wind_speed_ms": Field(NUMBER, "Vento", MS, 1),
    "wind_gust_ms": Field(NUMBER, "Rajada", MS, 1),
    "wind_direction_deg": Field(NUMBER, "Direção", DEGREE, 0),
    "precipitation_mm": Field(NUMBER, "Chuva", MM, 1),
    "accumulated_mm": Field(NUMBER, "Acumulada", MM, 1),
    "rain_24h_mm": Field(NUMBER, "Chuva em 24 h", MM, 1),
    "rain_72h_mm": Field(NUMBER, "Chuva em 72 h", MM, 1),
    "rain_mm": Field(NUMBER, "Chuva", MM, 0),
    "rain_days": Field(NUMBER, "Dias com chuva", DAYS, 1),
    "rain_class": Field(TEXT, "Classe da chuva"),
    "rain_probability": Field(NUMBER, "Chance de chuva", SHARE, 0),
    "class": Field(TEXT, "Classe"),
    "share": Field(NUMBER, "Parte", SHARE, 2),
    "sector": Field(TEXT, "Direção"),
    "speed_class": Field(TEXT, "Velocidade (m/s)"),
    "missing_hours": Field(NUMBER, "Horas sem dado", HOURS, 0),
    # climate
    "mean": Field(NUMBER, "Média"),
    "p10": Field(NUMBER, "Percentil 10"),
    "p25": Field(NUMBER, "Percentil 25"),
    "p50": Field(NUMBER, "Mediana"),
    "p75": Field(NUMBER, "Percentil 75"),
    "p90": Field(NUMBER, "Percentil 90"),
    "rain_anomaly_pct": Field(NUMBER, "Anomalia da chuva", PERCENT, 0),
    "temperature_anomaly_c": Field(NUMBER, "Anomalia da temperatura", CELSIUS, 1),
    "label": Field(TEXT, "Nome"),
    "value": Field(NUMBER, "Valor"),
    "unit": Field(TEXT, "Unidade"),
    # quality and pipeline
    "variable": Field(TEXT, "Variável"),
    "stations": Field(NUMBER, "Estações", COUNT, 0),
    "test": Field(TEXT, "Regra"),
    "meaning": Field(TEXT, "Significado"),
    "suspect_hours": Field(NUMBER, "Horas suspeitas", HOURS, 0),
    "failed_hours": Field(NUMBER, "Horas reprovadas", HOURS, 0),
    "layer": Field(TEXT, "Camada"),
    "rows": Field(NUMBER, "Linhas", COUNT),
    "detail": Field(TEXT, "Detalhe"),
    "state": Field(TEXT, "Estado"),
    "pending": Field(NUMBER, "Na fila", COUNT, 0),
    "last_ingested": Field(TIME, "Última carga", DATE),
    "lag_s": Field(NUMBER, "Atraso", SECONDS),
    "file": Field(TEXT, "Arquivo"),
    "message": Field(TEXT, "Motivo"),
    "newest_hour": Field(TIME, "Hora mais nova", DATE),
    "exported_at": Field(TIME, "Exportado em", DATE),
    # model
    "version": Field(TEXT, "Versão"),
    "trained_at": Field(TIME, "Treinada em", DATE),
    "is_champion": Field(YES_NO, "Em uso"),
    "outcome": Field(TEXT, "Comparada com a que estava em uso"),
    "feature": Field(TEXT, "Atributo"),
    "index": Field(NUMBER, "Índice de mudança", PLAIN, 2),
    "has_drifted": Field(YES_NO, "Mudou muito"),
    "train": Field(TEXT, "Treino"),
    "calibration": Field(TEXT, "Calibração"),
    "tested": Field(TEXT, "Teste"),
    "threshold_mm": Field(NUMBER, "Limiar", MM, 0),
    "part": Field(TEXT, "Parte do teste"),
    "contender": Field(TEXT, "Previsor"),
    "brier": Field(NUMBER, "Brier", PLAIN, 4),
    "said": Field(NUMBER, "Previsto", SHARE, 1),
    "seen": Field(NUMBER, "Observado", SHARE, 1),
    "observed": Field(TEXT, "Classe observada"),
    "skill_against_markov": Field(NUMBER, "Ganho sobre Markov", SHARE, 1),
    "probability_over_0_mm": Field(NUMBER, "Chance de mais de 0 mm", SHARE, 0),
    "probability_over_5_mm": Field(NUMBER, "Chance de mais de 5 mm", SHARE, 0),
    "probability_over_25_mm": Field(NUMBER, "Chance de mais de 25 mm", SHARE, 0),
    "says_rain": Field(YES_NO, "Prevê chuva"),
    "model_version": Field(TEXT, "Versão do modelo"),
}
