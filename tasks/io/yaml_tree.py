"""YAML as a tree in which every value knows its line. Nothing is ever built from tags, and aliases are refused.

Why not yaml.safe_load: it gives no lines, takes the last of two equal keys in silence, turns the country NO
into false, and multiplies a few aliased lines into gigabytes.
"""

from dataclasses import dataclass

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

MAX_BYTES = 1_000_000
PLAIN_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "timestamp", "value", "merge")
)
"""Tags that plain scalars resolve to; all others need a tag in the file."""


class YamlError(Exception):
    """The text is not the YAML that we read; `line` counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"{line}: {message}")
        self.line = line
        self.message = message


@dataclass(frozen=True)
class Value:
    """One value: a str (plain scalars as written), None, a list of values, or a list of (key, value) pairs."""

    line: int
    content: "str | list[Value] | list[tuple[Value, Value]] | None"
    kind: str
    """text, nothing, list or mapping."""
    quoted: bool = False

    @property
    def text(self) -> str:
        """The scalar as it was written; empty for anything else."""
        return self.content if isinstance(self.content, str) else ""

    @property
    def items(self) -> "list[Value]":
        """The members of a list; empty for anything else."""
        return self.content if self.kind == "list" else []  # type: ignore[return-value]  # kind says so

    @property
    def pairs(self) -> "list[tuple[Value, Value]]":
        """The keys and values of a mapping, doubled keys included; empty for anything else."""
        return self.content if self.kind == "mapping" else []  # type: ignore[return-value]  # kind says so


class _Loader(yaml.SafeLoader):
    """Composes nodes only; an alias is an error before anything is repeated."""

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        if self.check_event(yaml.events.AliasEvent):
            event = self.get_event()  # type: ignore[no-untyped-call]  # types-PyYAML leaves it untyped
            raise YamlError(event.start_mark.line + 1, f"aliases (*{event.anchor}) are not read; write it out")
        node: Node | None = super().compose_node(parent, index)
        return node


def read_tree(raw: bytes) -> Value | None:
    """The file as a tree; None when it holds nothing but comments.

    Raises:
        YamlError: not YAML, not UTF-8, too large or too deep, several documents, an alias or a tag of its own.
    """
    if len(raw) > MAX_BYTES:
        raise YamlError(1, f"the file has {len(raw)} bytes; at most {MAX_BYTES} are read")
    try:
        node = yaml.compose(raw.decode("utf-8-sig"), Loader=_Loader)
        return None if node is None else _value(node)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise YamlError(line, "the file is not UTF-8; save it as UTF-8") from error
    except yaml.MarkedYAMLError as error:
        raise YamlError(_line_of(error), f"not YAML: {error.problem or error.context}") from error
    except yaml.reader.ReaderError as error:
        raise YamlError(1, f"not YAML: {error.reason} (character #x{error.character:04x})") from error
    except RecursionError as error:
        raise YamlError(1, "not what is read here: it is nested too deeply") from error


def _line_of(error: yaml.MarkedYAMLError) -> int:
    mark = error.problem_mark or error.context_mark
    return mark.line + 1 if mark else 1


def _value(node: Node) -> Value:
    line = node.start_mark.line + 1
    if isinstance(node, MappingNode) and node.tag.endswith(":map"):
        return Value(line, [(_value(key), _value(value)) for key, value in node.value], "mapping")
    if isinstance(node, SequenceNode) and node.tag.endswith(":seq"):
        return Value(line, [_value(member) for member in node.value], "list")
    if isinstance(node, ScalarNode) and node.tag in PLAIN_TAGS:
        if node.tag.endswith(":null"):
            return Value(line, None, "nothing")
        return Value(line, node.value, "text", quoted=node.style is not None)
    raise YamlError(line, f"the tag {node.tag.replace('tag:yaml.org,2002:', '!!')} is not allowed")
