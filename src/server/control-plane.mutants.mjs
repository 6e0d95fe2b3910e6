// Guards of the control plane.
const PLANE = "test/control-plane.e2e.spec.ts";
const LIMITS = "test/rate-limits.e2e.spec.ts";
const API_SPEC = "src/api/api.spec.ts";

export const CONTROL_PLANE_MUTANTS = [
  {
    name: "control plane: handlers run for nobody",
    file: "src/control-plane.module.ts",
    find: `        { provide: APP_GUARD, useClass: ActorGuard },
`,
    replace: ``,
    test: [PLANE, "asks for a credential"],
  },
  {
    name: "control plane: a body is read before the scopes are asked",
    file: "src/api/api-controller.ts",
    find: `if (method.scope !== "none")`,
    replace: `if (method.scope === "none")`,
    test: [PLANE, "holds a key to its scopes before it reads the rest"],
  },
  {
    name: "control plane: unknown parameters are passed over",
    file: "src/api/request-dto.ts",
    find: `Object.keys(members).filter((name) => !fields.has(name));`,
    replace: `Object.keys(members).filter((name) => fields.has(name) && !fields.has(name));`,
    test: [API_SPEC, "is missed where there is to be nothing"],
  },
  {
    name: "control plane: a member of the prototype counts as given",
    file: "src/api/request-dto.ts",
    find: `return Object.hasOwn(members, name) ? members[name] : undefined;`,
    replace: `return members[name];`,
    test: [API_SPEC, "takes no member of a prototype for one of the body"],
  },
  {
    name: "control plane: it answers for every host",
    file: "src/server/allowed-hosts.ts",
    find: `allowed.has(nameOf(host)) ? undefined`,
    replace: `allowed.size > 0 ? undefined`,
    test: [PLANE, "answers for the names of the machine alone"],
  },
  {
    name: "control plane: every site's pages may read",
    file: "src/server/browser-headers.ts",
    find: `origin: CORS_ORIGINS,`,
    replace: `origin: true,`,
    test: [PLANE, "lets that site's pages read, and no other's"],
  },
  {
    name: "control plane: any content type is JSON",
    file: "src/server/server-adapter.ts",
    find: `server.addContentTypeParser("application/json", {`,
    replace: `server.addContentTypeParser("*", {`,
    test: [PLANE, "reads JSON alone"],
  },
  {
    name: "control plane: the id of a request is whatever the client sends",
    file: "src/server/server-adapter.ts",
    find: `typeof given === "string" && WELL_FORMED_ID.test(given)`,
    replace: `typeof given === "string"`,
    test: [PLANE, "takes the client's name for a request"],
  },
  {
    name: "control plane: requests under way are cut off",
    file: "src/main.ts",
    find: `await drain(app.getHttpAdapter().getInstance());`,
    replace: `app.getHttpServer().closeAllConnections();`,
    test: [PLANE, "answers what it has accepted"],
  },
  {
    name: "control plane: a route that the table does not know is served",
    file: "src/server/route-check.ts",
    find: `if (unknown.length === 0 && missing.length === 0) return;`,
    replace: `if (unknown.length >= 0) return;`,
    test: [PLANE, "does not start with a route that no table declares"],
  },
  {
    name: "limits: who has no credential is not counted",
    file: "src/rate-limits/rate-limit.guard.ts",
    find: `if (actor_id === null) {`,
    replace: `if (actor_id === null && source_ip === null) {`,
    test: [LIMITS, "are limited by their address"],
  },
  {
    name: "limits: an address limits whoever is behind it",
    file: "src/rate-limits/rate-limit.guard.ts",
    find: `return hasOwn ? [...limits] : [common, ...limits];`,
    replace: `const address = { policy: "address", id: source_ip ?? "", limit: anonymous, window_ms: MINUTE_MS } as const;
    return hasOwn ? [address, ...limits] : [address, common, ...limits];`,
    test: [LIMITS, "are limited by their address"],
  },
  {
    name: "limits: each process counts by itself",
    file: "src/rate-limits/request-counts.ts",
    find: `if (this.#shared !== null) {`,
    replace: `if (this.#shared !== null && name === "") {`,
    test: [LIMITS, "are counted together"],
  },
  {
    name: "limits: requests are refused while Redis is gone",
    file: "src/rate-limits/request-counts.ts",
    find: `      } catch {
        this.#failed = true;`,
    replace: `      } catch (error) {
        if (name !== "") throw error;
        this.#failed = true;`,
    test: [LIMITS, "are counted together"],
  },
  {
    name: "limits: those of a tenant do not count",
    file: "libs/lib/src/http/request-limits.ts",
    find: `bound_to === null ? [] : await this.ofTenant(bound_to)`,
    replace: `bound_to === "" ? [] : []`,
    test: [LIMITS, "are limited by the tenant's limit"],
  },
];
