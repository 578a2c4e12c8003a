"""The tool protocol: state models, contracts, effects, `@tool` and toolsets."""

from agentjit.toolspecs.effects import Effect, Touches
from agentjit.toolspecs.jsontypes import JsonValue
from agentjit.toolspecs.lint import lint
from agentjit.toolspecs.load import load_toolset
from agentjit.toolspecs.obstacle import Obstacle
from agentjit.toolspecs.state import Scope, StateModel, StateValue, StateVar
from agentjit.toolspecs.tool import From, Param, Tool, tool
from agentjit.toolspecs.toolset import Toolset

__all__ = [
    "Effect",
    "From",
    "JsonValue",
    "Obstacle",
    "Param",
    "Scope",
    "StateModel",
    "StateValue",
    "StateVar",
    "Tool",
    "Toolset",
    "Touches",
    "lint",
    "load_toolset",
    "tool",
]
