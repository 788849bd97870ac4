"""What a statement needs, from its tree."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlglot import exp

from local_cloud.access.objects import ANY, Names, Need, need
from local_cloud.statement import named, not_known, words_of

WRITES: dict[type[exp.Expr], str] = {
    exp.Insert: "INSERT",
    exp.Update: "UPDATE",
    exp.Delete: "DELETE",
}
CREATED_IN = {"TABLE": "SCHEMA", "VIEW": "SCHEMA", "STAGE": "SCHEMA", "SCHEMA": "DATABASE"}
GLOBAL = {"DATABASE": "DATABASE", "WAREHOUSE": "WAREHOUSE", "STORAGE INTEGRATION": "INTEGRATION"}

# Of the session alone, or answered with what the role may see.
FREE = (exp.Show, exp.Use, exp.Set, exp.Transaction, exp.Commit, exp.Rollback)


def kind_of(kind: str) -> str:
    """The kind as grants know it: a view is a table."""
    return {"VIEW": "TABLE"}.get(kind.upper(), GLOBAL.get(kind.upper(), kind.upper()))


def needs_of(tree: exp.Expr, names: Names) -> Iterator[Need]:
    """What a statement needs that sqlglot has a tree of.

    Raises:
        ProgrammingError: what it needs is not written down here.
    """
    for kind, needs in _NEEDS.items():
        if isinstance(tree, kind):
            yield from needs(tree, names)
            return
    if not isinstance(tree, FREE):
        raise not_known(f"{tree.key.upper()} is not among those whose privileges are known")


def created(tree: exp.Create, names: Names) -> tuple[str, str]:
    """Kind and whole name of what a CREATE makes."""
    kind = kind_of(str(tree.args["kind"]))
    made = tree.this.this if isinstance(tree.this, exp.Schema) else tree.this
    return kind, names.of(_dotted(made), kind)


def is_temporary(tree: exp.Create) -> bool:
    """Whether it is of its session alone; a temporary view is one like any other here."""
    properties = tree.args.get("properties")
    return str(tree.args["kind"]).upper() != "VIEW" and bool(
        properties and properties.find(exp.TemporaryProperty)
    )


def _creating(tree: exp.Create, names: Names) -> Iterator[Need]:
    word = str(tree.args["kind"]).upper()
    kind, name = created(tree, names)
    if word in GLOBAL:
        yield need(f"CREATE {kind}", "ACCOUNT", "")
        return
    if word not in CREATED_IN:
        raise not_known(f"CREATE {word}")
    place = name.rpartition(".")[0]
    if is_temporary(tree):
        # CREATE TABLE is not needed for it: Snowflake's page says so.
        yield Need(ANY, CREATED_IN[word], place)
    else:
        yield need(f"CREATE {word}", CREATED_IN[word], place)
    properties = tree.args.get("properties")
    for setting in properties.find_all(exp.Property) if properties else ():
        if setting.name.upper() == "STORAGE_INTEGRATION":
            yield need("USAGE", "INTEGRATION", setting.args["value"].name.upper())
    for like in properties.find_all(exp.LikeProperty) if properties else ():
        yield need("SELECT", "TABLE", names.table(like.this))
    if tree.expression:
        yield from reads(tree.expression, names)


def _owning(tree: exp.Expr, names: Names) -> Iterator[Need]:
    kind = kind_of(str(tree.args.get("kind") or ""))
    if kind == "SESSION":
        return
    for it in tree.args.get("tables") or ([tree.this] if tree.this else []):
        yield need("OWNERSHIP", kind, names.of(_dotted(it), kind))


def _truncating(tree: exp.Expr, names: Names) -> Iterator[Need]:
    for table in tree.expressions:
        yield need("TRUNCATE", "TABLE", names.table(table))


def _writing(tree: exp.Expr, names: Names) -> Iterator[Need]:
    """The rows that an UPDATE or a DELETE looks for are read, so it takes SELECT, too."""
    target = tree.this.find(exp.Table)
    yield need(WRITES[type(tree)], "TABLE", names.table(target))
    yield from reads(tree, names, without=target if isinstance(tree, exp.Insert) else None)


def _describing(tree: exp.Expr, names: Names) -> Iterator[Need]:
    if isinstance(tree.this, exp.Table):
        yield Need(ANY, "TABLE", names.table(tree.this))


def _merging(tree: exp.Merge, names: Names) -> Iterator[Need]:
    for when in tree.args["whens"].expressions:
        then = when.args["then"]
        action = then.name.upper() if isinstance(then, exp.Var) else then.key.upper()
        yield need(action, "TABLE", names.table(tree.this))
    yield from reads(tree, names)


def _copying(tree: exp.Copy, names: Names) -> Iterator[Need]:
    target = tree.this.this.name
    if not target.startswith("@"):  # into a table
        yield need("INSERT", "TABLE", names.table(tree.this.find(exp.Table)))
        return
    yield need("USAGE|WRITE", "STAGE", names.of(target[1:].partition("/")[0]))
    for source in tree.args.get("files") or ():
        yield from reads(source, names)


def _putting(tree: exp.Put, names: Names) -> Iterator[Need]:
    yield need("WRITE", "STAGE", names.of(tree.args["target"].name[1:].partition("/")[0]))


def _saying(tree: exp.Command, names: Names) -> Iterator[Need]:
    """SHOW and ALTER STAGE, of which sqlglot keeps the words alone."""
    words = words_of(f"{tree.this} {tree.args.get('expression') or ''}")
    if words[:2] == ("ALTER", "STAGE"):
        yield need("OWNERSHIP", "STAGE", names.of(named(words, "STAGE")))
    elif words[0] != "SHOW":
        raise not_known(" ".join(words[:2]))


def reads(tree: exp.Expr, names: Names, without: exp.Table | None = None) -> Iterator[Need]:
    """SELECT on every table that is read, and what its functions ask of other objects."""
    known = {cte.alias.upper() for cte in tree.find_all(exp.CTE)}
    for table in tree.find_all(exp.Table):
        name = table.this
        if isinstance(name, exp.DynamicIdentifier):
            yield need("SELECT", "TABLE", names.of(name.this.name))
        elif (
            table is not without
            and isinstance(name, exp.Identifier)
            and table.db.upper() != "INFORMATION_SCHEMA"
            and (table.db or table.name.upper() not in known)
        ):
            yield need("SELECT", "TABLE", names.table(table))
    for function in tree.find_all(exp.Anonymous):
        yield from _calling(function, names)


def _calling(function: exp.Anonymous, names: Names) -> Iterator[Need]:
    arguments = function.expressions
    match function.name.upper():
        case "SYSTEM$PIPE_STATUS":
            yield need("MONITOR", "PIPE", names.of(arguments[0].name))
        case "SYSTEM$VALIDATE_STORAGE_INTEGRATION":
            yield need("USAGE", "INTEGRATION", arguments[0].name.upper())
        case "COPY_HISTORY":
            for given in function.find_all(exp.Kwarg):
                if given.this.name.upper() == "TABLE_NAME":
                    yield Need(ANY, "TABLE", names.of(given.expression.name))


def _dotted(it: exp.Expr) -> str:
    if isinstance(it, exp.Table):
        return ".".join(part.name for part in it.parts)
    return it.name


_NEEDS: dict[type[exp.Expr], Callable[[Any, Names], Iterator[Need]]] = {
    exp.Create: _creating,
    exp.Drop: _owning,
    exp.Alter: _owning,
    exp.TruncateTable: _truncating,
    exp.Merge: _merging,
    **dict.fromkeys(WRITES, _writing),
    exp.Copy: _copying,
    exp.Describe: _describing,
    exp.Put: _putting,
    exp.Command: _saying,
    exp.Query: reads,
}
