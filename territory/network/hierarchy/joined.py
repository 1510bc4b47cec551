"""
How loops are compiled: by few steps; what only kernels call joined to each, then optimised.

Left alone, numba makes machine code of every callee, though it runs the copy of each caller only,
that it optimises again. Here a callee stays as first written for LLVM until a kernel takes it in.
"""

# mypy: disable-error-code="no-untyped-call,import-untyped"

from __future__ import annotations

from typing import Any, ClassVar

from numba._dynfunc import make_function
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder, Flags
from numba.core.compiler_machinery import PassManager, register_pass
from numba.core.typed_passes import NativeLowering

# Steps of numba that leave a plain loop as it is, though they read it all: for closures, `with`,
# functions as arguments, loops over tuples, what other packages replace in it, reports.
IDLE = {
    "AnnotateTypes",
    "DeadBranchPrune",
    "DumpParforDiagnostics",
    "FindLiterallyCalls",
    "InlineClosureLikes",
    "InlineInlinables",
    "InlineOverloads",
    "LiteralPropagationSubPipelinePass",
    "LiteralUnroll",
    "MakeFunctionToJitFunction",
    "NopythonRewrites",
    "NoPythonSupportedFeatureValidation",
    "RewriteDynamicRaises",
    "RewriteSemanticConstants",
    "WithLifting",
}


class _Known(Flags):
    """Flags that change no more, read once: numba compares them whenever it types an operation."""

    __slots__ = ("_hash",)
    _hash: int
    _all: ClassVar[dict[Flags, _Known]] = {}

    def copy(self) -> _Known:
        """Return the one object that stands for these flags: the same, so that it equals itself."""
        one = _Known(self)
        one._hash = super().__hash__()
        return self._all.setdefault(one, one)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return self is other or super().__eq__(other)


class Plain(CompilerBase):
    """The compiler of numba, but for its idle steps."""

    def __init__(self, *given: Any) -> None:  # noqa: ANN401
        super().__init__(*given)
        self.state.flags = _Known(self.state.flags)

    def define_pipelines(self) -> list[PassManager]:
        """Return the steps of numba that do something."""
        steps = DefaultPassBuilder.define_nopython_pipeline(self.state)
        steps.passes = [(step, said) for step, said in steps.passes if step.__name__ not in IDLE]
        steps.finalize()
        return [steps]


class _Unfinished(JITCodeLibrary):
    """A function to be linked in others, that are optimised and made machine code as a whole."""

    def _optimize_final_module(self) -> None:
        """Leave it to the kernel."""

    def _finalize_final_module(self) -> None:
        self._finalized = True


@register_pass(mutates_CFG=True, analysis_only=False)
class _Lowering(NativeLowering):
    """Write a function down for LLVM, and tell numba where its callers find it."""

    _name = "joined_lowering"

    def run_pass(self, state: Any) -> bool:  # noqa: ANN401
        target, name = state.targetctx, state.func_id.func_qualname
        state.library = _Unfinished(target.codegen(), name)
        state.flags.no_compile = True
        super().run_pass(state)
        lowered = state.cr
        # numba knows a callee by the function that Python would call: this one leads nowhere
        unused = make_function(
            lowered.fndesc.lookup_module(), name, "", 0, lowered.env, (state.library,)
        )
        target.insert_user_function(unused, lowered.fndesc, [state.library])
        state.cr = lowered._replace(cfunc=unused)
        return True


class Joined(Plain):
    """The same, but for its lowering."""

    def define_pipelines(self) -> list[PassManager]:
        """Return these steps, `_Lowering` in place of that of numba."""
        [steps] = super().define_pipelines()
        steps.passes = [(_Lowering, said) if step is NativeLowering else (step, said)
                        for step, said in steps.passes]  # fmt: skip
        steps.finalize()
        return [steps]
