"""Compile templates to Python: without escaping, and with steps taken from the budget."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from jinja2 import compiler, nodes

from dsgen.rendering.budget import LETTERS


class CodeGenerator(compiler.CodeGenerator):
    """Compiles templates without escaping: `finalize` lets only handles and template text through.

    Each list of statements takes its steps from the budget before it runs, and each comparison those for its operands.
    """

    def blockvisit(self, nodes: Iterable[nodes.Node], frame: compiler.Frame) -> None:
        """Write a list of statements, each with its line, which Jinja2 omits if it raises an error itself."""
        body = list(nodes)
        self.writeline(f"environment.spend({1 + sum(map(cost, body))})", body[0] if body else None)
        try:
            for node in body:
                self.newline(node)
                self.visit(node, frame)
        except compiler.CompilerExit:
            return

    def visit_Getitem(self, node: nodes.Getitem, frame: compiler.Frame) -> None:
        """Write an item or a slice of a value: Jinja2 would leave slices to Python."""
        if not isinstance(node.arg, nodes.Slice):
            super().visit_Getitem(node, frame)
            return
        self.write("environment.getitem(")
        self.visit(node.node, frame)
        for separator, bound in ((", slice(", node.arg.start), (", ", node.arg.stop), (", ", node.arg.step)):
            self.write(separator)
            if bound is None:
                self.write("None")
            else:
                self.visit(bound, frame)
        self.write("))")

    def visit_Compare(self, node: nodes.Compare, frame: compiler.Frame) -> None:
        """Write a comparison."""
        self.write("(environment.compared(")
        self.visit(node.expr, frame)
        self.write(")")
        for operand in node.ops:
            self.visit(operand, frame)
        self.write(")")

    def visit_Operand(self, node: nodes.Operand, frame: compiler.Frame) -> None:
        """Write the right side of a comparison."""
        self.write(f" {compiler.operators[node.op]} environment.compared(")
        self.visit(node.expr, frame)
        self.write(")")

    def _output_child_pre(self, node: nodes.Expr, frame: compiler.Frame, finalize: Any) -> None:
        self.write(finalize.src)

    def _output_child_post(self, node: nodes.Expr, frame: compiler.Frame, finalize: Any) -> None:
        self.write(")")


def cost(node: nodes.Node) -> int:
    """Return the number of nodes in a statement, without nested statements; long text counts for more."""
    if isinstance(node, nodes.TemplateData):
        return 1 + len(node.data) // LETTERS
    inside = (each for each in node.iter_child_nodes() if not isinstance(each, nodes.Stmt))
    return 1 + sum(map(cost, inside)) + sum(map(cost, node.elif_ if isinstance(node, nodes.If) else ()))


def line_reached(error: BaseException) -> int:
    """Return the line of a template that was being compiled."""
    line, trace = 1, error.__traceback__
    while trace is not None:
        known = trace.tb_frame.f_locals
        line = getattr(known.get("node"), "lineno", known.get("lineno")) or line
        trace = trace.tb_next
    return line


def line_in(source: str, line: int) -> int:
    """Return the line of a template for a line of its compiled code, by the pairs that Jinja2 adds to the code."""
    pairs = re.search(r"(?m)^debug_info = '([0-9=&]*)'$", source)
    lines = [pair.split("=") for pair in pairs[1].split("&")] if pairs and pairs[1] else []
    return max((int(of) for of, made in lines if int(made) <= line), default=1)
