"""What a COPY may say: to unload, and inside of a pipe."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from local_cloud.restrictions.restriction import DOCS, Parts, Restriction

LOCATION = DOCS + "sql-reference/sql/copy-into-location"
TABLE = DOCS + "sql-reference/sql/copy-into-table"
PIPE = DOCS + "sql-reference/sql/create-pipe"

UNLOADING = {
    *("FILE_FORMAT", "OVERWRITE", "SINGLE", "MAX_FILE_SIZE", "INCLUDE_QUERY_ID"),
    *("DETAILED_OUTPUT", "VALIDATION_MODE", "HEADER", "PARTITION"),
}
NOT_IN_A_PIPE = {"FILES", "SIZE_LIMIT", "PURGE", "FORCE", "RETURN_FAILED_ONLY", "VALIDATION_MODE"}
LOADING = {
    *("FILE_FORMAT", "PATTERN", "ON_ERROR", "MATCH_BY_COLUMN_NAME", "INCLUDE_METADATA"),
    *("ENFORCE_LENGTH", "TRUNCATECOLUMNS", "LOAD_UNCERTAIN_FILES", "FILE_PROCESSOR", "LOAD_MODE"),
    *("CLUSTER_AT_INGEST_TIME", *NOT_IN_A_PIPE),
}
# By the type of file: of each format that has a page, what it knows.
FORMATS = {
    "unload": {"PARQUET": {"COMPRESSION", "SNAPPY_COMPRESSION"}},
    "load": {
        "PARQUET": {
            *("COMPRESSION", "BINARY_AS_TEXT", "USE_LOGICAL_TYPE"),
            *("TRIM_SPACE", "USE_VECTORIZED_SCANNER", "REPLACE_INVALID_CHARACTERS", "NULL_IF"),
        }
    },
}
METADATA = {
    *("METADATA$FILENAME", "METADATA$FILE_ROW_NUMBER", "METADATA$FILE_CONTENT_KEY"),
    *("METADATA$FILE_LAST_MODIFIED", "METADATA$START_SCAN_TIME"),
}
CREATING_A_PIPE = {"AUTO_INGEST", "ERROR_INTEGRATION", "AWS_SNS_TOPIC", "INTEGRATION", "COMMENT"}


def _is_unloading(copy: exp.Expr) -> bool:
    return str(copy.this.this.name if copy.this else "").startswith("@")


def _parameters(parts: Parts, *, unloading: bool) -> Iterator[exp.Expr]:
    for copy in parts.find_all(exp.Copy):
        if _is_unloading(copy) == unloading:
            yield from copy.args.get("params") or []


def _unknown_unloading(parts: Parts) -> Iterator[exp.Expr]:
    for parameter in _parameters(parts, unloading=True):
        if parameter.this.name.upper() not in UNLOADING:
            yield parameter


def _unknown_loading(parts: Parts) -> Iterator[exp.Expr]:
    for parameter in _parameters(parts, unloading=False):
        if parameter.this.name.upper() not in LOADING:
            yield parameter


def _unknown_of_the_format(parts: Parts) -> Iterator[exp.Expr]:
    for unloading, way in ((True, "unload"), (False, "load")):
        for parameter in _parameters(parts, unloading=unloading):
            if parameter.this.name.upper() == "FILE_FORMAT":
                given = {part.this.name.upper(): part for part in parameter.expressions}
                kind = given.get("TYPE")
                known = FORMATS[way].get(kind.args["value"].name.upper() if kind else "")
                if known is not None:
                    yield from (
                        part for name, part in given.items() if name not in {*known, "TYPE"}
                    )


def _query_id_beside(parts: Parts) -> Iterator[exp.Expr]:
    for copy in parts.find_all(exp.Copy):
        set_ = {
            parameter.this.name.upper(): parameter
            for parameter in copy.args.get("params") or []
            if isinstance(parameter.args.get("expression"), exp.Boolean)
            and parameter.args["expression"].this
        }
        if "INCLUDE_QUERY_ID" in set_ and set_.keys() & {"SINGLE", "OVERWRITE"}:
            yield set_["INCLUDE_QUERY_ID"]


def _metadata_without_match(parts: Parts) -> Iterator[exp.Expr]:
    parameters = {p.this.name.upper(): p for p in _parameters(parts, unloading=False)}
    if "INCLUDE_METADATA" in parameters and "MATCH_BY_COLUMN_NAME" not in parameters:
        yield parameters["INCLUDE_METADATA"]


def _unknown_metadata(parts: Parts) -> Iterator[exp.Expr]:
    for parameter in _parameters(parts, unloading=False):
        if parameter.this.name.upper() == "INCLUDE_METADATA":
            for pair in parameter.find_all(exp.EQ):
                if pair.expression.name.upper() not in METADATA:
                    yield pair


def _match_beside_a_query(parts: Parts) -> Iterator[exp.Expr]:
    for copy in parts.find_all(exp.Copy):
        if any(isinstance(file, exp.Subquery) for file in copy.args.get("files") or []):
            for parameter in copy.args.get("params") or []:
                if parameter.this.name.upper() == "MATCH_BY_COLUMN_NAME":
                    yield parameter


def _not_in_a_pipe(parts: Parts) -> Iterator[exp.Expr]:
    for parameter in _parameters(parts, unloading=False):
        name = parameter.this.name.upper()
        value = parameter.args.get("expression")
        if name in NOT_IN_A_PIPE or (
            name == "ON_ERROR" and value and value.name.upper() == "ABORT_STATEMENT"
        ):
            yield parameter


RESTRICTIONS = (
    Restriction("COPY INTO a location has options of its own", LOCATION, _unknown_unloading),
    Restriction("COPY INTO a table has options of its own", TABLE, _unknown_loading),
    Restriction("A file format has options of its own", TABLE, _unknown_of_the_format),
    Restriction(
        "INCLUDE_QUERY_ID goes with neither SINGLE nor OVERWRITE", LOCATION, _query_id_beside
    ),
    Restriction(
        "INCLUDE_METADATA goes with MATCH_BY_COLUMN_NAME alone", TABLE, _metadata_without_match
    ),
    Restriction(
        "INCLUDE_METADATA takes Snowflake's five METADATA$ columns", TABLE, _unknown_metadata
    ),
    Restriction("MATCH_BY_COLUMN_NAME does not go with a SELECT", TABLE, _match_beside_a_query),
)
# Of the COPY inside of a pipe alone.
OF_A_PIPE = (Restriction("A pipe's COPY has fewer options", PIPE, _not_in_a_pipe),)
