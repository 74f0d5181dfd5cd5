"""A policy whose expressions are compiled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from dsgen.kubernetes.cel.admission import AUTHORIZER
from dsgen.kubernetes.cel.admission import VARIABLES as OF_REQUEST
from dsgen.kubernetes.cel.expression import Expression as Program
from dsgen.kubernetes.cel.expression import compiled
from dsgen.kubernetes.cel.names import is_name
from dsgen.kubernetes.cel.outcomes import CompileError, Unevaluated
from dsgen.kubernetes.cel.syntax_tree import each_below, inner_types, name_of, types_of
from dsgen.kubernetes.cel.types import DYN, Type, object_of
from dsgen.kubernetes.policies.policy import Policy, PolicyExpression
from dsgen.kubernetes.policies.prune import Wanted, wanted
from dsgen.kubernetes.policies.reads import OPERATION, VARIABLES, Read, reads
from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.schema.fields import minor_number
from dsgen.origin import Origin
from dsgen.record import Record
from dsgen.tree import Path

# The most nodes in the tree of a variable that becomes part of the expressions that read it.
_SMALL: Final = 60
# Types whose values are not plain data.
_NOT_PLAIN: Final = frozenset({"uint", "timestamp", "duration", "type", "optional", "optional_type", "bytes"})


class CompiledExpression(Record):
    """An expression, compiled or not, and what it reads, with what the variables read that it `uses`; `parts` are those that it reads itself,
    and `whole` all of these.

    The variables that are `inlined` are part of the expression. `why` says why it cannot be evaluated, whatever the object.
    """

    source: PolicyExpression
    program: Program | None
    reads: frozenset[Read] = frozenset()
    uses: tuple[str, ...] = ()
    parts: Wanted = {}  # noqa: RUF012
    whole: Wanted = {}  # noqa: RUF012
    inlined: tuple[str, ...] = ()
    why: str = ""


class Direct(Record):
    """Expressions that are evaluated as they are, since all of what they read is known and they are cheap: the identities of these.

    `rules` are all validations as the library evaluates them, if all of them are among these, and nothing else of the policy is evaluated.
    """

    every: frozenset[int] = frozenset()
    rules: tuple[Any, ...] = ()


class Compiled(Record):
    """A policy with its expressions compiled. `faults` are those that the server does not compile, each with why.

    `variables` are in the order of the policy. `messages` has a rule or None for each validation.
    """

    policy: Policy
    variables: dict[str, CompiledExpression]
    conditions: list[CompiledExpression]
    validations: list[CompiledExpression]
    messages: list[CompiledExpression | None]
    annotations: list[CompiledExpression]
    faults: list[tuple[PolicyExpression, str]]
    # By the identity of a rule and what is not known, with why: why it is not evaluated, or an empty text.
    gaps: dict[tuple[int, frozenset[tuple[Path, str]]], str]
    # By the path of an expression: where it is.
    places: dict[Path, Origin | None]
    # By the number of what is not known and of the scale of the values: which expressions are evaluated as they are.
    direct: dict[int, Direct]
    # By the identity of a rule: which fields to blame, which `places` finds out.
    blamed: dict[int, Any]
    # Whether an expression reads if the object is created or updated.
    of_operation: bool = False

    @property
    def rules(self) -> Iterator[CompiledExpression]:
        """All expressions, but for the variables, which are part of what reads them."""
        every = (*self.conditions, *self.validations, *self.messages, *self.annotations)
        return (each for each in every if each is not None)


def compile_policy(policy: Policy, minor: str) -> Compiled:
    """Return a policy with its expressions compiled as a minor version does."""
    return _Compiler(policy, minor_number(minor)).whole()


class _Compiler:
    def __init__(self, policy: Policy, minor: int) -> None:
        self._policy = policy
        self._minor = minor
        self._known: dict[str, Type] = dict(OF_REQUEST)
        if policy.param_kind:
            self._known["params"] = DYN
        self._types: dict[str, Type] = {}
        self._trees: dict[str, Any] = {}
        # Those of the variables that become part of the expressions that read them: it takes longer to hand their values over than to
        # evaluate them again, and not all values are plain data.
        self._inner: dict[str, Any] = {}
        self._faults: list[tuple[PolicyExpression, str]] = []

    def whole(self) -> Compiled:
        policy = self._policy
        variables: dict[str, CompiledExpression] = {}
        for each in policy.variables:
            found = self._rule(each)
            if is_blank(each) or not is_name(each.name):
                continue  # expressions cannot read it
            variables[each.name] = found
            self._types[each.name] = result_of(found.program) if found.program else DYN
            if found.program:
                self._trees[each.name] = found.program.tree.expr
                if not is_plain(self._types[each.name]) or len(list(each_below(found.program.tree.expr))) <= _SMALL:
                    self._inner[each.name] = found.program.tree
        # What says whether the policy is asked reads no variables.
        conditions = [self._rule(each, "bool", composed=False) for each in policy.conditions]
        validations = [self._rule(each.expression, "bool") for each in policy.validations]
        messages = [
            self._rule(each.message_expression, "string", authorized=False) if each.message_expression else None
            for each in policy.validations
        ]
        annotations = [self._rule(each, "string", "null_type") for each in policy.annotations]
        whole = Compiled(
            policy, variables, conditions, validations, messages, annotations, self._faults, {}, {}, {}, {}
        )
        of_operation = any(read.overlaps(OPERATION) for rule in whole.rules for read in rule.reads)
        return whole._replace(of_operation=of_operation)

    def _rule(
        self, each: PolicyExpression, *results: str, authorized: bool = True, composed: bool = True
    ) -> CompiledExpression:
        if is_blank(each):
            return CompiledExpression(each, None, why="it is empty")
        known = {**self._known, **(AUTHORIZER if authorized else {})}
        if composed and self._policy.variables:
            known[VARIABLES] = object_of(dict(self._types))
        program = compiled(each.text, known, self._minor)
        if isinstance(program, CompileError):
            self._faults.append((each, f"compilation failed: {program.message}"))
            return CompiledExpression(each, None, why="it does not compile")
        if isinstance(program, Unevaluated):
            return CompiledExpression(each, None, why=program.reason)
        type = result_of(program).name
        if results and type not in results:
            expected = (
                f"must evaluate to {results[0]}"
                if len(results) == 1
                else f"must evaluate to one of [{' '.join(results)}]"
            )
            self._faults.append((each, f"{expected} but got {type}"))
        # In a loop whose variable has the name of one of the policy's, the tree of a variable would read that.
        is_shadowed = not known.keys().isdisjoint(_loop_variables(program.tree.expr))
        inlined = () if is_shadowed else _inlined(program.tree, self._inner)
        if inlined:
            # What is not evaluated in a variable is not in the expression that it is part of, either.
            program = Program(program.tree, known)
        tree = program.tree.expr
        own = reads(tree, {})
        uses = {str(read.path[1]) for read in own if read.path[0] == VARIABLES and len(read.path) > 1}
        every = reads(tree, self._trees)
        if any(read.path == (VARIABLES,) for read in own):
            uses = set(self._types)
            every = every.union(*(reads(each, self._trees) for each in self._trees.values()))
        if is_shadowed and not all(is_plain(self._types[name]) for name in uses):
            return CompiledExpression(
                each, None, why="a variable of a loop in it has the name of one that there is already"
            )
        return CompiledExpression(each, program, every, tuple(sorted(uses)), wanted(own), wanted(every), inlined)


def is_blank(each: PolicyExpression) -> bool:
    """Return whether an expression is empty. Validation reports that, and the server does not compile it."""
    return formats.is_blank(each.text)


def _inlined(whole: Any, trees: Mapping[str, Any]) -> tuple[str, ...]:
    """Put the trees of some variables into that of an expression wherever it reads one, and return the names of these."""
    found: dict[str, None] = {}
    for each in list(each_below(whole.expr)) if trees else ():
        select = each.select_expr
        if each.HasField("select_expr") and select.operand.ident_expr.name == VARIABLES and select.field in trees:
            name = select.field
            found[name] = None
            # Each node has a number of its own, by which its type is found.
            start = 1 + max(entry.key for entry in whole.type_map)
            each.CopyFrom(trees[name].expr)
            for node in each_below(each):
                node.id += start
            for entry in trees[name].type_map:
                whole.type_map.add(key=entry.key + start).value.CopyFrom(entry.value)
    return tuple(found)


def _loop_variables(tree: Any) -> Iterator[str]:
    for each in each_below(tree):
        yield from (each.comprehension_expr.iter_var, each.comprehension_expr.iter_var2)


def result_of(program: Program) -> Type:
    """Return the type of the value of an expression."""
    tree = program.tree
    found = types_of(tree).get(tree.expr.id)
    return DYN if found is None else _type(found)


def _type(stated: Any) -> Type:
    name = name_of(stated)
    return Type("null_type" if name == "null" else name, tuple(map(_type, inner_types(stated))))


def is_plain(type: Type) -> bool:
    """Return whether a value of a type is plain data."""
    known = type.name not in _NOT_PLAIN and not type.name[:1].isupper() and "." not in type.name
    return known and all(map(is_plain, type.parameters))
