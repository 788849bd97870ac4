"""When automation makes an asset anew."""

import dagster as dg

# Like `eager`, but only of trusted data. A blocking check stops what follows in its own run alone;
# automation would make it in another run, without the check. The check must have passed on the
# newest materialization: one that never ran, failed or is in flight keeps the asset waiting.
WHEN_DEPS_ARE_TRUSTED = (
    dg.AutomationCondition.eager() & dg.AutomationCondition.all_deps_blocking_checks_passed()
)
