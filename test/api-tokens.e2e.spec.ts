import { Injectable, Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import {
  AuditApi,
  ConfigApi,
  GdprApi,
  PermissionsApi,
  runAs,
  Stratum,
  StratumModule,
  TenancyApi,
} from "@stratum-hq/lib";
import { createTestDatabase, type TestDatabase } from "./support/test-database";
import { codeOf } from "./support/use-stratum";

/** A service of an application that needs parts of the API, and not the facade. */
@Injectable()
class Onboarding {
  constructor(
    readonly tenants: TenancyApi,
    readonly config: ConfigApi,
    readonly permissions: PermissionsApi,
    readonly audit: AuditApi,
    readonly gdpr: GdprApi,
  ) {}
}

@Module({ providers: [Onboarding], exports: [Onboarding] })
class OnboardingModule {}

describe("the parts of the API in a Nest application", () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
  });

  afterAll(() => database.drop());

  it("are injected by their classes, and hold their callers to scopes as the facade does", async () => {
    @Module({ imports: [StratumModule.forRoot({ pool: database.pool }), OnboardingModule] })
    class AppModule {}
    const app = await NestFactory.createApplicationContext(AppModule, {
      ...{ logger: false, abortOnError: false },
    });
    const { tenants, config, permissions, audit, gdpr } = app.get(Onboarding, { strict: false });
    const tenant = await tenants.createTenant({ name: "Onboarded", config: { theme: "dark" } });
    await permissions.createPermission(tenant.id, { key: "reports" });
    expect((await config.resolveConfig(tenant.id))["theme"]?.value).toBe("dark");
    expect(await permissions.checkPermission(tenant.id, "reports")).toBe(true);
    expect(await audit.queryAuditLogs({ tenant_id: tenant.id })).not.toEqual([]);
    const reader = { actor_id: "a", actor_type: "jwt", scopes: ["read"] } as const;
    await runAs(reader, async () => {
      expect(await codeOf(config.resolveConfig(tenant.id))).toBe("ok");
      expect(await codeOf(config.setConfig(tenant.id, "k", { value: 1 }))).toBe("FORBIDDEN");
      expect(await codeOf(gdpr.exportTenantData(tenant.id))).toBe("FORBIDDEN");
    });
    expect(await gdpr.purgeTenant(tenant.id)).toMatchObject({ tenants: 1 });
    expect(app.get(Stratum, { strict: false })).toBeInstanceOf(Stratum);
    await app.close();
  });
});
