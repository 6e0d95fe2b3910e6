import { Injectable } from "@nestjs/common";
import { TenantNotFoundError, type TenantPath, type TenantStatus } from "@stratum-hq/core";
import type { Caller } from "../context/caller";
import { currentDryRun, type DryRun } from "../context/dry-run";
import { Database } from "../persistence/database";
import { MutationLog } from "../persistence/mutation-log";
import type { Transaction } from "../persistence/transaction";
import { requireActive, requirePlatform, requireVisible } from "./access";
import { Mutation } from "./mutation";
import { RehearsalStore } from "./rehearsal.store";
import type { TenantRow } from "./tenant-row";
import { TenantStore } from "./tenant.store";
import {
  requireSameTree,
  TreeLocksStore,
  type HeldTrees,
  type LockRequest,
} from "./tree-locks.store";

/** What a mutation has to know of its tenant, whatever else it reads. */
export interface MutationSubject {
  readonly id: string;
  readonly path: TenantPath;
  readonly status: TenantStatus;
}

/** What is locked until the transaction ends. */
export interface MutationLock extends Partial<Omit<LockRequest, "tenants" | "tree">> {
  /** How the tenant's tree is locked; `shared` unless given. `none` where a lock on the row suffices. */
  readonly tree?: LockRequest["tree"] | "none";
  /** Other tenants whose trees are locked too, in the same way. */
  readonly others?: readonly string[];
  /** Whether the tenant's row is locked as it is read. */
  readonly row?: boolean;
}

/** How a mutation gets at its tenant: what it locks first, and what it reads then. */
export interface MutationApproach<Subject> {
  readonly lock?: MutationLock;
  /**
   * Reads the tenant under the locks, with whatever decides about the change: so that a feature which
   * needs more than the row reads it in the same statement. Undefined where there is no such tenant.
   */
  readonly read?: (tx: Transaction) => Promise<Subject | undefined>;
}

/** A change that a caller asks for. */
export interface MutationRequest<
  TenantId extends string | null,
  Subject,
> extends MutationApproach<Subject> {
  readonly caller: Caller;
  /** The id of the tenant that is changed; null for the platform, which only its own callers change. */
  readonly tenant: TenantId;
  /**
   * What is done to the tenant, as the error of a tenant that is not active puts it ("configure"). Null where
   * any status will do: to take something away, or because `work` decides by the status itself.
   */
  readonly operation: string | null;
  /** Finds out in the transaction what to lock and read, where the arguments do not say so. */
  readonly prepare?: (tx: Transaction) => Promise<MutationApproach<Subject>>;
}

/** What `work` finds as {@link Mutation.tenant}. */
type SubjectOf<TenantId extends string | null, Subject> = TenantId extends null ? null : Subject;

type Entered<Subject> = readonly [subject: Subject, held: HeldTrees];

/**
 * The one way in which a call of the API changes something. A mutation is one READ COMMITTED transaction,
 * run again after a conflict: it takes its locks, reads the tenant in a later statement (one that waits for a
 * lock sees what was there before it waited), and answers a tenant that the caller may not see as an unknown
 * one; only then does `work` begin.
 *
 * In a dry run ({@link DryRun}) the transaction is taken back, and the call ends there.
 *
 * Transactions that no caller asks for (steps of operations, workers, migrations) use Database.transaction.
 *
 * @example
 * return this.mutations.run(
 *   { tenant: tenantId, caller, operation: "configure", lock: { entriesOf: tenantId } },
 *   async (m) => {
 *     await this.store.delete(m.tx, m.tenant.id, key);
 *     await m.record([change], [event]);
 *   },
 * );
 */
@Injectable()
export class Mutations {
  constructor(
    private readonly database: Database,
    private readonly locks: TreeLocksStore,
    private readonly tenants: TenantStore,
    private readonly log: MutationLog,
    private readonly rehearsals: RehearsalStore,
  ) {}

  /**
   * Changes something of one tenant, or of the platform.
   *
   * @param work makes the change; it may run several times, so it touches nothing but its transaction
   * @throws TenantNotFoundError; TenantSuspendedError, TenantArchivedError, InvalidTenantStateError where
   *   `operation` is given; ForbiddenError for the platform's own by a tenant's caller;
   *   TransactionConflictError
   */
  async run<T, TenantId extends string | null, Subject extends MutationSubject = TenantRow>(
    request: MutationRequest<TenantId, Subject>,
    work: (mutation: Mutation<SubjectOf<TenantId, Subject>>) => Promise<T>,
  ): Promise<T> {
    return this.attempt(request.caller, (tx) => this.enter(tx, request), work);
  }

  /**
   * Changes something that is no one tenant's: tenants that are being created, an operation, the records of
   * many tenants. `work` checks by itself what the caller may see and change.
   */
  async runWithoutTenant<T>(
    { caller, lock }: { readonly caller: Caller; readonly lock?: LockRequest },
    work: (mutation: Mutation<null>) => Promise<T>,
  ): Promise<T> {
    const enter = async (tx: Transaction): Promise<Entered<null>> => [
      null,
      lock === undefined ? {} : await this.locks.lock(tx, lock),
    ];
    return this.attempt(caller, enter, work);
  }

  /** Every mutation goes through here: it begins before `enter`, is on record after `work`, then commits. */
  private async attempt<T, Subject>(
    caller: Caller,
    enter: (tx: Transaction) => Promise<Entered<Subject>>,
    work: (mutation: Mutation<Subject>) => Promise<T>,
  ): Promise<T> {
    const perform = async (tx: Transaction): Promise<T> => {
      const [subject, held] = await enter(tx);
      return work(new Mutation(tx, caller, subject, held, this.log));
    };
    const dryRun = currentDryRun();
    return dryRun === null
      ? this.database.transaction(perform)
      : this.rehearse(dryRun, caller, perform);
  }

  /** In a dry run: takes the change back, and ends the call, unless there was nothing to take back. */
  private async rehearse<T>(
    dryRun: DryRun,
    caller: Caller,
    perform: (tx: Transaction) => Promise<T>,
  ): Promise<T> {
    const { result, recorded } = await this.database.rehearse(async (tx) => ({
      result: await perform(tx),
      recorded: await this.rehearsals.recorded(tx, caller),
    }));
    return recorded === null ? result : dryRun.end(recorded);
  }

  private async enter<TenantId extends string | null, Subject extends MutationSubject>(
    tx: Transaction,
    request: MutationRequest<TenantId, Subject>,
  ): Promise<Entered<SubjectOf<TenantId, Subject>>> {
    const { tenant, caller, operation, prepare } = request;
    if (tenant === null) requirePlatform(caller);
    const { lock = {}, read } = prepare === undefined ? request : await prepare(tx);
    const held = await this.lock(tx, tenant, lock);
    if (tenant === null) return [null as SubjectOf<TenantId, Subject>, held ?? {}];
    const found = await (read === undefined ? this.find(tx, tenant, lock) : read(tx));
    const subject = requireVisible(found, caller, { tenant_id: tenant });
    if (held !== null) requireSameTree(held, subject);
    if (operation !== null) requireActive(subject, operation);
    await this.requireOpen(tx, caller, subject);
    return [subject as SubjectOf<TenantId, Subject>, held ?? {}];
  }

  /**
   * Refuses a caller whose own tenant is shut. Every ancestor of an active tenant is active, so that it takes
   * a look only where the subject is not.
   */
  private async requireOpen(
    tx: Transaction,
    { bound_to }: Caller,
    subject: MutationSubject,
  ): Promise<void> {
    if (bound_to === null || subject.status === "active") return;
    const own = bound_to === subject.id ? subject : await this.tenants.findById(bound_to, tx);
    if (own === undefined) throw new TenantNotFoundError({ tenant_id: bound_to });
    requireActive(own, "act for");
  }

  private async lock(
    tx: Transaction,
    tenant: string | null,
    { tree = "shared", others = [], ...rest }: MutationLock,
  ): Promise<HeldTrees | null> {
    if (tree === "none") return null;
    const tenants = tenant === null ? others : [tenant, ...others];
    return this.locks.lock(tx, { ...rest, tree, tenants });
  }

  private async find(
    tx: Transaction,
    id: string,
    { row = false }: MutationLock,
  ): Promise<TenantRow | undefined> {
    return row ? (await this.tenants.findForUpdate(tx, [id]))[0] : this.tenants.findById(id, tx);
  }
}
