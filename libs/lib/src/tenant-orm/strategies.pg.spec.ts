import { Test, type TestingModule } from "@nestjs/testing";
import { Stratum, StratumModule, type IsolationStrategy } from "@stratum-hq/lib";
import { ENTITIES } from "../../../../test/support/entities";
import { typeormContract, type EntitiesUnderTest } from "../../../../test/support/typeorm.contract";
import { useStratum } from "../../../../test/support/use-stratum";

/** One strategy for both tenants, and two at once. */
const STRATEGIES: readonly (readonly [IsolationStrategy, IsolationStrategy])[] = [
  ["SHARED_RLS", "SHARED_RLS"],
  ["SCHEMA_PER_TENANT", "SCHEMA_PER_TENANT"],
  ["DB_PER_TENANT", "DB_PER_TENANT"],
  ["SHARED_RLS", "SCHEMA_PER_TENANT"],
  ["SCHEMA_PER_TENANT", "DB_PER_TENANT"],
];

describe("entities under every strategy", () => {
  const t = useStratum();
  const made = new Map<string, EntitiesUnderTest>();
  let app: TestingModule;

  beforeAll(async () => {
    app = await Test.createTestingModule({
      imports: [
        StratumModule.forRoot({ pool: t.pool, worker: false }),
        StratumModule.forFeature(ENTITIES),
      ],
    }).compile();
    await app.init();
    const stratum = app.get(Stratum);
    const create = async (isolation_strategy: IsolationStrategy) =>
      (await stratum.createTenant({ name: "of the contract", isolation_strategy })).id;
    for (const pair of STRATEGIES) {
      const pool = await stratum.tenantPool();
      made.set(pair.join(), { pool, a: await create(pair[0]), b: await create(pair[1]) });
    }
  });
  afterAll(() => app.close());

  for (const pair of STRATEGIES) {
    typeormContract(pair.join(" and "), () => made.get(pair.join())!);
  }
});
