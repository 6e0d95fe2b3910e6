import { FEATURES } from "../../src/features";
import type { Method } from "../support/cases";
import { DECLARED } from "../support/declared-tables";
import { useControlPlane } from "../support/use-control-plane";
import { useStratum } from "../support/use-stratum";
import { describeContract } from "./describe-contract";
import { overHttp } from "./over-http";

const t = useStratum({}, { tenantTables: DECLARED });
const plane = useControlPlane(t, {}, { tenantTables: DECLARED });

const methods = FEATURES.flatMap((feature) => Object.keys(feature.methods)) as Method[];

describeContract(
  t,
  overHttp(
    () => `${plane.origin}/api/v1`,
    () => plane.key,
  ),
  methods,
);
