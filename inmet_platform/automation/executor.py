"""All steps of a run in its own process, which gives signs of life meanwhile."""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg
from dagster._core.execution.context.system import PlanOrchestrationContext
from dagster._core.execution.plan.plan import ExecutionPlan
from dagster._core.execution.retries import RetryMode
from dagster._core.executor.in_process import InProcessExecutor

from inmet_platform.automation.heartbeat import beating


class BeatingExecutor(InProcessExecutor):
    """Dagster's own, with signs of life."""

    def execute(
        self, plan_context: PlanOrchestrationContext, execution_plan: ExecutionPlan
    ) -> Iterator[dg.DagsterEvent]:
        """Execute all steps, one after the other."""
        with beating(plan_context.instance, plan_context.run_id):
            yield from super().execute(plan_context, execution_plan)


# A step of the multiprocess executor spends some 12 s on imports (measured); the chain is
# sequential anyway.
@dg.executor(name="in_process", config_schema={})
def beating_executor(_: dg.InitExecutorContext) -> dg.Executor:
    """Dagster's `in_process` executor, with signs of life."""
    return BeatingExecutor(retries=RetryMode.ENABLED)
