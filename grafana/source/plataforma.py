"""*Plataforma*: how the platform itself is, from Prometheus."""

from __future__ import annotations

from typing import Any

from grafana_foundation_sdk.builders import common, dashboard, prometheus, stat, timeseries
from grafana_foundation_sdk.models import common as values
from grafana_foundation_sdk.models.dashboard import DashboardCursorSync, DataSourceRef

from grafana.source.infinity import TIME_ZONE
from grafana.source.page import placed, row
from grafana.source.panels import MISSING, SOURCE

TITLE = "Plataforma"
DATASOURCE = DataSourceRef(type_val="prometheus", uid="inmet-prometheus")


def plataforma() -> dashboard.Dashboard:
    """The dashboard `platform/inmet_plataforma.json`."""
    built = (
        dashboard.Dashboard(TITLE)
        .uid("inmet-plataforma")
        .description(
            "Como está a própria plataforma: arquivos, execuções, serviços. "
            "Fonte: INMET, Instituto Nacional de Meteorologia."
        )
        .tags(["inmet-plataforma"])
        .readonly()
        .timezone(TIME_ZONE)
        .time("now-24h", "now")
        .refresh("1m")
        .tooltip(DashboardCursorSync.CROSSHAIR)
    )
    for panel in placed(
        [
            row(4, (_services(), 6), (_waiting(), 6), (_oldest(), 6), (_checks(), 6)),
            row(8, (_files(), 12), (_runs(), 12)),
            row(8, (_stages(), 12), (_rows(), 12)),
            row(8, (_answers(), 12), (_latency(), 12)),
            row(8, (_uploads(), 24)),
        ]
    ):
        built.with_panel(panel)
    return built


def _query(text: str, legend: str = "") -> prometheus.Dataquery:
    query = prometheus.Dataquery().expr(text).ref_id("A").datasource(DATASOURCE)
    return query.legend_format(legend) if legend else query


def _figure(title: str, description: str, unit: str, text: str) -> Any:
    return (
        stat.Panel()
        .title(title)
        .description(f"{description} {SOURCE}")
        .datasource(DATASOURCE)
        .unit(unit)
        .no_value(MISSING)
        .reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]))
        .with_target(_query(text))
    )


def _series(title: str, description: str, unit: str, text: str, legend: str) -> Any:
    return (
        timeseries.Panel()
        .title(title)
        .description(f"{description} {SOURCE}")
        .datasource(DATASOURCE)
        .unit(unit)
        .no_value(MISSING)
        .span_nulls(False)
        .legend(
            common.VizLegendOptions()
            .display_mode(values.LegendDisplayMode.TABLE)
            .placement(values.LegendPlacement.RIGHT)
            .calcs(["lastNotNull"])
        )
        .with_target(_query(text, legend))
    )


def _services() -> Any:
    return _figure(
        "Serviços no ar", "Quantos dos três serviços respondem ao Prometheus.", "short", "sum(up)"
    )


def _waiting() -> Any:
    return _figure(
        "Eventos à espera",
        "Objetos novos em raw/ que nenhuma execução tomou ainda.",
        "short",
        "inmet_raw_events_waiting",
    )


def _oldest() -> Any:
    return _figure(
        "Espera do arquivo mais antigo",
        "Há quanto tempo espera o arquivo mais antigo que ainda não está em CLEAN.",
        "s",
        "time() - inmet_oldest_waiting_file_timestamp_seconds",
    )


def _checks() -> Any:
    return _figure(
        "Verificações que falham",
        "Verificações do Dagster que falharam na última vez.",
        "short",
        "sum(inmet_check_failed)",
    )


def _files() -> Any:
    return _series(
        "Arquivos por estado",
        "Arquivos do registro RAW.FILES, por estado, na última fusão.",
        "short",
        "inmet_files",
        "{{state}}",
    )


def _runs() -> Any:
    return _series(
        "Execuções que terminaram",
        "Execuções do Dagster por hora, por resultado.",
        "short",
        'increase(inmet_runs{status=~"SUCCESS|FAILURE|CANCELED"}[1h])',
        "{{status}}",
    )


def _stages() -> Any:
    return _series(
        "Duração por etapa",
        "Segundos da última materialização de cada etapa.",
        "s",
        "inmet_asset_duration_seconds",
        "{{asset}}",
    )


def _rows() -> Any:
    return _series(
        "Linhas por etapa",
        "Linhas de cada etapa na última materialização.",
        "short",
        "inmet_asset_rows",
        "{{asset}}",
    )


def _answers() -> Any:
    return _series(
        "Respostas por segundo",
        "Respostas HTTP dos serviços, por código.",
        "reqps",
        "sum by (job, status) (rate(inmet_http_requests_total[5m]))",
        "{{job}} {{status}}",
    )


def _latency() -> Any:
    return _series(
        "Tempo de resposta (95 %)",
        "Em quanto tempo 95 % das respostas estão completas.",
        "s",
        "histogram_quantile(0.95, sum by (job, le) "
        "(rate(inmet_http_request_duration_seconds_bucket[5m])))",
        "{{job}}",
    )


def _uploads() -> Any:
    return _series(
        "Arquivos enviados",
        "O que foi feito dos arquivos enviados, por minuto.",
        "short",
        "sum by (outcome) (increase(inmet_upload_files_total[1m]))",
        "{{outcome}}",
    )
