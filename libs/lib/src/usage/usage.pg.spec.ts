import { runAs, Stratum, type Tenant, type UsageEvent } from "@stratum-hq/lib";
import { rivals } from "../../../../test/support/rivals";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";

const UNKNOWN = "00000000-0000-7000-8000-000000000000";

describe("usage", () => {
  const t = useStratum();

  const bound = ({ id }: Tenant) => ({ actor_id: "a", actor_type: "jwt", tenant_id: id }) as const;

  async function eventsOf(tenant: Tenant): Promise<number> {
    const text = "select from stratum.usage_events where tenant_id = $1";
    return (await t.rows(text, [tenant.id])).length;
  }

  it("is recorded as it is given, and counts once now where no more is said", async () => {
    const { a } = await t.grow(["a"]);
    const given = {
      metric: "storage gb",
      quantity: 0.1,
      occurred_at: "2026-01-01T01:00:00+01:00",
      idempotency_key: "k",
      metadata: { region: "eu" },
    };
    const event = await t.stratum.recordUsage(a!.id, given);
    expect(event).toEqual({
      ...given,
      id: event.id,
      tenant_id: a!.id,
      occurred_at: "2026-01-01T00:00:00.000Z",
      recorded_at: event.recorded_at,
    });
    const plain = await t.stratum.recordUsage(a!.id, { metric: "calls" });
    expect(plain).toMatchObject({ quantity: 1, idempotency_key: null, metadata: {} });
    expect(plain.occurred_at).toBe(plain.recorded_at);
    expect(Math.abs(Date.parse(plain.recorded_at) - Date.now())).toBeLessThan(60_000);
  });

  it("with a key that was there returns the first event as it is", async () => {
    const g = await t.grow(["b", ["b1"]]);
    const first = await t.stratum.recordUsage(g.b!.id, { metric: "m", idempotency_key: "k" });
    const again = { metric: "m", idempotency_key: "k", quantity: 9, metadata: { other: true } };
    expect(await t.stratum.recordUsage(g.b!.id, again)).toEqual(first);
    expect(await eventsOf(g.b!)).toBe(1);
    await t.stratum.recordUsage(g.b!.id, { metric: "other", idempotency_key: "k" });
    await t.stratum.recordUsage(g.b1!.id, { metric: "m", idempotency_key: "k" });
    for (let n = 0; n < 2; n += 1) await t.stratum.recordUsage(g.b!.id, { metric: "m" });
    expect([await eventsOf(g.b!), await eventsOf(g.b1!)]).toEqual([4, 1]);
  });

  it.each([
    ["READ COMMITTED", undefined],
    ["SERIALIZABLE by the host's default", "-c default_transaction_isolation=serializable"],
  ])("of one key by sixty-four at once is one event, under %s", async (_, options) => {
    const { c } = await t.grow(["c"]);
    const two = rivals(t.database, {}, { options });
    const record = (n: number) => () =>
      two.stratums[n % 2]!.recordUsage(c!.id, { metric: "m", quantity: n, idempotency_key: "k" });
    try {
      const events = await Promise.all(Array.from({ length: 64 }, (__, n) => record(n)()));
      expect(new Set(events.map((event) => JSON.stringify(event))).size).toBe(1);
      expect(await eventsOf(c!)).toBe(1);
      const [total] = await t.stratum.aggregateUsage({ tenant_id: c!.id });
      expect(total).toEqual({ metric: "m", total: events[0]!.quantity, event_count: 1 });
    } finally {
      await two.close();
    }
  });

  /** Records an event of a key while another transaction, which then ends so, has one of it too. */
  async function whileAnother(
    tenant: Tenant,
    ends: "commit" | "rollback",
    stratum: Stratum,
  ): Promise<UsageEvent> {
    const client = await t.pool.connect();
    try {
      await client.query("begin");
      await client.query(
        `insert into stratum.usage_events (id, tenant_id, metric, idempotency_key, quantity)
         values (gen_random_uuid(), $1, 'm', 'k', 7)`,
        [tenant.id],
      );
      const input = { metric: "m", idempotency_key: "k" };
      const [event] = await Promise.all([
        stratum.recordUsage(tenant.id, input),
        untilWaiting().then(() => client.query(ends)),
      ]);
      return event;
    } finally {
      client.release();
    }
  }

  async function untilWaiting(): Promise<void> {
    const waiting = `select from pg_stat_activity
      where datname = current_database() and wait_event = 'transactionid'`;
    while ((await t.rows(waiting)).length === 0) await new Promise((done) => setTimeout(done, 5));
  }

  it("counts of the request that another one was before, or that it left alone", async () => {
    const g = await t.grow(["d", ["d1"]]);
    expect(await whileAnother(g.d!, "rollback", t.stratum)).toMatchObject({ quantity: 1 });
    expect(await whileAnother(g.d1!, "commit", t.stratum)).toMatchObject({ quantity: 7 });
    expect([await eventsOf(g.d!), await eventsOf(g.d1!)]).toEqual([1, 1]);
  });

  it("counts once also where the host's isolation level lets the later one fail", async () => {
    const { s } = await t.grow(["s"]);
    const options = "-c default_transaction_isolation=serializable";
    const stratum = new Stratum({ pool: t.database.newPool({ max: 2, options }) });
    await stratum.initialize();
    expect(await whileAnother(s!, "commit", stratum)).toMatchObject({ quantity: 7 });
    expect(await eventsOf(s!)).toBe(1);
    await stratum.close();
  });

  it("adds up by metric, exactly, within [from, to)", async () => {
    const { e } = await t.grow(["e"]);
    const at = (hour: number, quantity: number, metric = "m") =>
      t.stratum.recordUsage(e!.id, {
        ...{ metric, quantity },
        occurred_at: new Date(Date.UTC(2026, 0, 1, hour)),
      });
    await at(1, 0.1);
    await at(2, 0.2);
    await at(3, 5);
    await at(2, 1e15, "z");
    await at(2, 0, "A");
    const total = (query: object) => t.stratum.aggregateUsage({ tenant_id: e!.id, ...query });
    const [from, to] = [new Date(Date.UTC(2026, 0, 1, 1)), new Date(Date.UTC(2026, 0, 1, 3))];
    expect(await total({ from, to })).toEqual([
      { metric: "A", total: 0, event_count: 1 },
      { metric: "m", total: 0.3, event_count: 2 },
      { metric: "z", total: 1e15, event_count: 1 },
    ]);
    expect(await total({ metric: "m" })).toEqual([{ metric: "m", total: 5.3, event_count: 3 }]);
    expect(await total({ metric: "m", from: to })).toMatchObject([{ total: 5 }]);
    expect(await total({ metric: "m", to: from })).toEqual([]);
    expect(await total({ metric: "m", from, to: from })).toEqual([]);
    expect(await total({ metric: "none" })).toEqual([]);
  });

  it("of a subtree is that of every tenant in it, and of no other", async () => {
    const g = await t.grow(["f", ["f1", ["f2"]], ["f3"]]);
    for (const [n, { id }] of Object.values(g).entries())
      await t.stratum.recordUsage(id, { metric: "m", quantity: 10 ** n });
    await t.stratum.archiveTenant(g.f2!.id);
    const total = (tenant: Tenant, include_descendants: boolean) =>
      t.stratum.aggregateUsage({ tenant_id: tenant.id, include_descendants });
    expect(await total(g.f!, true)).toEqual([{ metric: "m", total: 1111, event_count: 4 }]);
    expect(await total(g.f1!, true)).toEqual([{ metric: "m", total: 110, event_count: 2 }]);
    expect(await total(g.f1!, false)).toEqual([{ metric: "m", total: 10, event_count: 1 }]);
  });

  it("is recorded of active tenants alone, and can be read of the others", async () => {
    const g = await t.grow(["g", ["g1"], ["g2"]]);
    const input = { metric: "m", idempotency_key: "k" };
    for (const { id } of [g.g1!, g.g2!]) await t.stratum.recordUsage(id, input);
    await t.stratum.suspendTenant(g.g1!.id);
    await t.stratum.archiveTenant(g.g2!.id);
    expect(await codeOf(t.stratum.recordUsage(g.g1!.id, { metric: "m" }))).toBe("TENANT_SUSPENDED");
    expect(await codeOf(t.stratum.recordUsage(g.g1!.id, input))).toBe("TENANT_SUSPENDED");
    expect(await codeOf(t.stratum.recordUsage(g.g2!.id, { metric: "m" }))).toBe("TENANT_ARCHIVED");
    expect([await eventsOf(g.g1!), await eventsOf(g.g2!)]).toEqual([1, 1]);
    expect(await t.stratum.aggregateUsage({ tenant_id: g.g1!.id })).toHaveLength(1);
    expect(await codeOf(t.stratum.recordUsage(UNKNOWN, input))).toBe("TENANT_NOT_FOUND");
    expect(await codeOf(t.stratum.aggregateUsage({ tenant_id: UNKNOWN }))).toBe("TENANT_NOT_FOUND");
  });

  it("of a tenant that a bound caller cannot see is as of an unknown one", async () => {
    const g = await t.grow(["h", ["h1", ["h2"]], ["h3"]]);
    await runAs(bound(g.h1!), async () => {
      for (const foreign of [g.h!, g.h3!]) {
        const record = t.stratum.recordUsage(foreign.id, { metric: "m" });
        expect(await codeOf(record)).toBe("TENANT_NOT_FOUND");
        const total = t.stratum.aggregateUsage({ tenant_id: foreign.id });
        expect(await codeOf(total)).toBe("TENANT_NOT_FOUND");
        expect(await eventsOf(foreign)).toBe(0);
      }
      for (const { id } of [g.h1!, g.h2!])
        expect(await codeOf(t.stratum.recordUsage(id, { metric: "m" }))).toBe("ok");
    });
  });

  it("of more metrics than a list may have is asked for by metric", async () => {
    const { i } = await t.grow(["i"]);
    await t.rows(
      `insert into stratum.usage_events (id, tenant_id, metric)
       select gen_random_uuid(), $1, 'm' || n from generate_series(1, 10001) as n`,
      [i!.id],
    );
    const all = { tenant_id: i!.id };
    expect(await codeOf(t.stratum.aggregateUsage(all))).toBe("RESULT_TOO_LARGE");
    expect(await t.stratum.aggregateUsage({ ...all, metric: "m7" })).toHaveLength(1);
  });

  it("is recorded through any Stratum over the database", async () => {
    const { j } = await t.grow(["j"]);
    const off = new Stratum({ pool: t.pool, preparedStatements: "off" });
    const event = await off.recordUsage(j!.id, { metric: "m", idempotency_key: "k" });
    expect(await t.stratum.recordUsage(j!.id, { metric: "m", idempotency_key: "k" })).toEqual(
      event,
    );
    await off.close();
  });
});
