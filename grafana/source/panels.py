"""Grafana's own panels as this project shows things.

Each has a Portuguese title, a description that names the source, a unit, and "sem dado" where a
value is missing; nothing is drawn across a gap. Columns get name and unit from fields.py.
"""

from __future__ import annotations

from typing import Any, TypeVar

from grafana_foundation_sdk.builders import (
    barchart,
    common,
    histogram,
    piechart,
    stat,
    table,
    timeseries,
    xychart,
)
from grafana_foundation_sdk.builders import dashboard as builders
from grafana_foundation_sdk.models import common as values
from grafana_foundation_sdk.models.dashboard import (
    DataTransformerConfig,
    DynamicConfigValue,
    FieldColorModeId,
)
from grafana_foundation_sdk.models.piechart import (
    PieChartLegendValues,
    PieChartType,
)
from grafana_foundation_sdk.models.xychart import SeriesMapping, XYShowMode

from grafana.source.fields import NUMBER
from grafana.source.infinity import DATASOURCE, Query

MISSING, SOURCE = "sem dado", "Fonte: INMET."

# Classes of rain from dry to heaviest; as the charts have them on a light ground.
CLASS_COLORS = {
    "sem dado": "#8e8e8e",
    "sem chuva": "#b9c4ce",
    "fraca": "#7fb8e6",
    "moderada": "#3182c8",
    "forte": "#0b4a94",
    "muito forte": "#8a1a7d",
}

# The panels of the SDK share their methods, and no base class.
P = TypeVar("P", bound=Any)


def dress(panel: P, title: str, description: str, unit: str, *queries: Query) -> P:
    """What every panel has: words, unit, queries, and the word for a missing value."""
    panel.title(title).description(f"{description} {SOURCE}").datasource(DATASOURCE)
    panel.unit(unit).no_value(MISSING)
    for query in queries:
        panel.with_target(query)
    return panel


def name_columns(panel: P, *queries: Query, kinds: tuple[str, ...] = ()) -> P:
    """Name and unit of every column, or of those of some kinds, by an override each."""
    columns = {name: field for query in queries for name, field in query.fields().items()}
    for name, field in columns.items():
        if kinds and field.kind not in kinds:
            continue
        properties = [override("displayName", field.label), override("unit", field.unit)]
        if field.decimals is not None:
            properties.append(override("decimals", field.decimals))
        panel.override_by_name(name, properties)
    return panel


def override(key: str, value: object) -> DynamicConfigValue:
    """One property of some columns."""
    return DynamicConfigValue(id_val=key, value=value)


def color(value: str) -> DynamicConfigValue:
    """A colour that stays whatever else is shown."""
    return override("color", {"mode": "fixed", "fixedColor": value})


def color_classes(panel: P) -> P:
    """The colour of each class of rain where classes are series."""
    for name, value in CLASS_COLORS.items():
        panel.override_by_name(name, [color(value)])
    return panel


def class_mappings() -> DynamicConfigValue:
    """The colour of each class of rain where classes are values of a column."""
    options = {
        name: {"color": value, "index": i} for i, (name, value) in enumerate(CLASS_COLORS.items())
    }
    return override("mappings", [{"type": "value", "options": options}])


def transform(panel: P, key: str, **options: object) -> P:
    """One transformation of the frames before they are drawn."""
    panel.with_transformation(DataTransformerConfig(id_val=key, options=options))
    return panel


def drop_rows(panel: P, column: str, test: str, value: object = None) -> P:
    """Without the rows whose `column` passes a test of Grafana, such as `isNull` or `equal`."""
    options = {} if value is None else {"value": value}
    return transform(
        panel,
        "filterByValue",
        type="exclude",
        match="any",
        filters=[{"fieldName": column, "config": {"id": test, "options": options}}],
    )


def _legend(*calculations: str) -> common.VizLegendOptions:
    mode = values.LegendDisplayMode.TABLE if calculations else values.LegendDisplayMode.LIST
    return (
        common.VizLegendOptions()
        .show_legend(True)
        .display_mode(mode)
        .placement(values.LegendPlacement.BOTTOM)
        .calcs(list(calculations))
    )


def _tooltip() -> common.VizTooltipOptions:
    return common.VizTooltipOptions().mode(values.TooltipDisplayMode.MULTI)


def lines(title: str, description: str, unit: str, *queries: Query) -> timeseries.Panel:
    """Lines over time, broken where a value is missing."""
    panel = (
        dress(timeseries.Panel(), title, description, unit, *queries)
        .draw_style(values.GraphDrawStyle.LINE)
        .line_width(1)
        .show_points(values.VisibilityMode.AUTO)
        .span_nulls(False)
        .legend(_legend("min", "max"))
        .tooltip(_tooltip())
    )
    return name_columns(panel, *queries, kinds=(NUMBER,))


def bars(title: str, description: str, unit: str, *queries: Query) -> barchart.Panel:
    """Bars over the first text column."""
    panel = (
        dress(barchart.Panel(), title, description, unit, *queries)
        .show_value(values.VisibilityMode.NEVER)
        .fill_opacity(85)
        .legend(_legend())
        .tooltip(_tooltip())
        .x_tick_label_spacing(60)
    )
    return name_columns(panel, *queries, kinds=(NUMBER,))


def donut(title: str, description: str, unit: str, query: Query) -> piechart.Panel:
    """Parts of a whole in their true size; first column the name, second the value."""
    panel = dress(piechart.Panel(), title, description, unit, query)
    panel = panel.pie_type(PieChartType.DONUT).legend(
        piechart.PieChartLegendOptions()
        .show_legend(True)
        .display_mode(values.LegendDisplayMode.TABLE)
        .placement(values.LegendPlacement.RIGHT)
        .values([PieChartLegendValues.VALUE, PieChartLegendValues.PERCENT])
    )
    name, value = query.columns
    return transform(
        panel,
        "rowsToFields",
        mappings=[
            {"fieldName": name, "handlerKey": "field.name"},
            {"fieldName": value, "handlerKey": "field.value"},
        ],
    )


def figures(title: str, description: str, unit: str, query: Query) -> stat.Panel:
    """The columns of one row as large figures, texts and times too."""
    panel = (
        dress(stat.Panel(), title, description, unit, query)
        .reduce_options(common.ReduceDataOptions().values(False).calcs(["last"]).fields("/.*/"))
        .graph_mode(values.BigValueGraphMode.NONE)
        .color_mode(values.BigValueColorMode.VALUE)
        .text_mode(values.BigValueTextMode.VALUE_AND_NAME)
        .color_scheme(builders.FieldColor().mode(FieldColorModeId.FIXED).fixed_color("text"))
    )
    return name_columns(panel, query)


def rows(title: str, description: str, unit: str, query: Query) -> table.Panel:
    """A table; its columns can be filtered."""
    panel = dress(table.Panel(), title, description, unit, query).filterable(True)
    return name_columns(panel, query)


def scatter(title: str, description: str, unit: str, query: Query, x: str, y: str) -> xychart.Panel:
    """One column against another, a small translucent point each."""
    panel = (
        dress(xychart.Panel(), title, description, unit, query)
        .mapping(SeriesMapping.MANUAL)
        .series([_points(x, y)])
        .show(XYShowMode.POINTS)
        .point_size(xychart.XychartFieldConfigPointSize().fixed(3))
        .fill_opacity(25)
    )
    return name_columns(panel, query, kinds=(NUMBER,))


def _points(x: str, y: str) -> xychart.XYSeriesConfig:
    def of(name: str) -> Any:
        return xychart.MatcherConfig().id("byName").options(name)

    return (
        xychart.XYSeriesConfig()
        .x(xychart.XychartXYSeriesConfigX().matcher(of(x)))
        .y(xychart.XychartXYSeriesConfigY().matcher(of(y)))
    )


def counts(title: str, description: str, unit: str, size: int, query: Query) -> histogram.Panel:
    """How often each value occurs, in classes of one size."""
    return (
        dress(histogram.Panel(), title, description, unit, query).bucket_size(size).fill_opacity(80)
    )
