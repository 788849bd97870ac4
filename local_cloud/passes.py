"""fakesnow's translation into DuckDB's SQL, without the passes that a statement has no use for.

fakesnow sends each statement 67 times through its whole tree. Most passes look for one kind of
node, such as SHOW or FLATTEN, and few statements hold any: these were a third of what a statement
costs here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fakesnow.cursor import FakeSnowflakeCursor
from sqlglot import Expr, exp

_SHOWN = (exp.Show, exp.Command)

# The kinds of node that a pass of fakesnow 0.12 looks at. One that is not named here always runs.
LOOKED_AT: dict[str, tuple[type[Expr], ...]] = {
    "alter_session": (exp.Alter,),
    "current_version": (exp.CurrentVersion,),
    "set_schema": (exp.Use,),
    "create_database": (exp.Create,),
    "extract_comment_on_table": (exp.Create, exp.Alter, exp.Comment),
    "extract_comment_on_columns": (exp.Alter,),
    "drop_schema_cascade": (exp.Drop,),
    "tag": (exp.Alter, exp.Command, exp.Create, exp.Drop),
    "semi_structured_types": (exp.DataType,),
    "split": (exp.Split,),
    "trim_cast_varchar": (exp.Trim,),
    "indices_to_json_extract": (exp.Bracket,),
    "json_extract_cast_as_varchar": (exp.JSONExtract,),
    "json_extract_cased_as_varchar": (exp.JSONExtract,),
    "json_extract_precedence": (exp.JSONExtract, exp.JSONExtractScalar),
    "flatten_value_cast_as_varchar": (exp.Explode,),
    "flatten": (exp.Explode,),
    "regex_replace": (exp.RegexpReplace,),
    "regex_substr": (exp.RegexpExtract,),
    "result_scan": (exp.TableFromRows,),
    "values_columns": (exp.Values,),
    "timestamp_offsets": (exp.Cast,),
    "to_decimal": (exp.ToNumber,),
    "to_variant": (exp.ToVariant,),
    "object_construct": (exp.StarMap, exp.Struct, exp.JSONObject),
    "timestamp_ntz": (exp.DataType,),
    "float_to_double": (exp.DataType,),
    "extract_text_length": (exp.Create, exp.Alter),
    "array_size": (exp.ArraySize,),
    "random": (exp.Rand,),
    "array_agg_within_group": (exp.WithinGroup,),
    "array_agg": (exp.ArrayAgg,),
    "object_agg": (exp.ObjectAgg,),
    "array_construct_etc": (exp.ArrayConstructCompact, exp.Array, exp.ArrayConcat),
    "dateadd_date_cast": (exp.DateAdd,),
    "dateadd_string_literal_timestamp_cast": (exp.DateAdd,),
    "datediff_string_literal_timestamp_cast": (exp.DateDiff,),
    "show_databases": _SHOWN,
    "show_functions": _SHOWN,
    "show_procedures": _SHOWN,
    "show_parameters": _SHOWN,
    "show_warehouses": _SHOWN,
    "show_schemas": _SHOWN,
    "show_tables_etc": _SHOWN,
    "show_columns": _SHOWN,
    "show_stages": _SHOWN,
    "show_sequences": _SHOWN,
    "show_keys": _SHOWN,
    "show_users": _SHOWN,
    "create_user": (exp.Command,),
    "haversine": (exp.Anonymous,),
    "hex_string": (exp.HexString,),
    "sha256": (exp.SHA2, exp.SHA2Digest, exp.Anonymous),
    "create_clone": (exp.Clone,),
    "alter_table_strip_cluster_by": (exp.Alter, exp.Command),
    "create_stage": (exp.Create,),
    "create_file_format": (exp.Create,),
    "list_stage": (exp.ListStage,),
    "put_stage": (exp.Put,),
    "create_table_as": (exp.Create,),
}

_all_passes = FakeSnowflakeCursor._transform


def translated(cursor: FakeSnowflakeCursor, tree: Expr, params: Any) -> Expr:
    """What all passes make of a statement; takes the place of fakesnow's own `_transform`."""
    passes: _Passes = _all_passes(cursor, _Passes(tree), params)
    return passes.tree


class _Passes:
    """A tree on its way through the passes: fakesnow calls `transform` once for each."""

    def __init__(self, tree: Expr) -> None:
        self.tree = tree
        self._kinds = _kinds_in(tree)

    def transform(self, change: Callable[..., Expr], *args: Any, **kwargs: Any) -> _Passes:
        """Do a pass, unless the tree holds no node that it looks at."""
        looked_at = LOOKED_AT.get(_name_of(change))
        if looked_at is None or not self._kinds.isdisjoint(looked_at):
            self.tree = self.tree.transform(change, *args, **kwargs)
            self._kinds = _kinds_in(self.tree)
        return self


def _name_of(change: Callable[..., Expr]) -> str:
    """The name of a pass, or of the one that a lambda of fakesnow's calls."""
    if change.__name__ != "<lambda>":
        return change.__name__
    called = change.__code__.co_names
    return called[called.index("transforms") + 1]


def _kinds_in(tree: Expr) -> set[type]:
    """The classes of all nodes, with those that they inherit from."""
    kinds: set[type] = set()
    for kind in {type(node) for node in tree.walk()}:
        kinds.update(kind.__mro__)
    return kinds
