import { DECLARED } from "../support/declared-tables";
import { useStratum } from "../support/use-stratum";
import { describeContract } from "./describe-contract";
import { inProcess } from "./in-process";

const t = useStratum({}, { tenantTables: DECLARED });

describeContract(t, inProcess(t));
