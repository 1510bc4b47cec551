"""
How what only kernels call is compiled: joined to each of them, then optimised with it, once.

Left alone, numba makes machine code of every callee, though it runs the copy of each caller only,
that it optimises again. Here a callee stays as first written for LLVM until a kernel takes it in.
"""

# mypy: disable-error-code="no-untyped-call,import-untyped"

from __future__ import annotations

from typing import Any

from numba._dynfunc import make_function
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import register_pass
from numba.core.typed_passes import NativeLowering


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


class Joined(CompilerBase):
    """The compiler of numba, but for its lowering."""

    def define_pipelines(self) -> list[Any]:
        """Return the steps of numba, `_Lowering` in place of its own."""
        steps = DefaultPassBuilder.define_nopython_pipeline(self.state)
        steps.passes = [(_Lowering, said) if step is NativeLowering else (step, said)
                        for step, said in steps.passes]  # fmt: skip
        steps.finalize()
        return [steps]
