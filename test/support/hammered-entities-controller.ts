import { Body, Controller, Get, Injectable, Post } from "@nestjs/common";
import { Propagation, Transactional } from "@nestjs-cls/transactional";
import { CurrentTenant, InjectTenantRepository, Stratum } from "@stratum-hq/lib";
import type { Repository } from "typeorm";
import { NEVER, Order } from "./hammered-order";

const ROWS = "select tenant_id, note from orders where id = $1";

@Injectable()
export class HammeredEntities {
  constructor(
    private readonly stratum: Stratum,
    @InjectTenantRepository(Order) private readonly orders: Repository<Order>,
  ) {}

  find(): Promise<Order[]> {
    return this.orders.find({ take: 50 });
  }

  save(note: string): Promise<Order> {
    return this.orders.save(this.orders.create({ note }));
  }

  /** Of two rows, the one whose savepoint is not given up; as the pool sees it, on the same connection. */
  @Transactional()
  async saveAndFind(note: string): Promise<Order[]> {
    const { id } = await this.save(note);
    await this.saveInVain().catch(() => undefined);
    const pool = await this.stratum.tenantPool();
    const { rows } = await pool.query<Order>(ROWS, [id]);
    return [...rows, ...(await this.find())];
  }

  @Transactional(Propagation.Nested)
  async saveInVain(): Promise<void> {
    await this.save(NEVER);
    throw new Error("of the application");
  }
}

/** The same by entities, on the same table. */
@Controller("entities")
export class HammeredEntitiesController {
  constructor(private readonly orders: HammeredEntities) {}

  @Get()
  async list(@CurrentTenant("tenant_id") tenant: string) {
    return { tenant, rows: await this.orders.find() };
  }

  @Post()
  async add(@CurrentTenant("tenant_id") tenant: string, @Body() { note }: Order) {
    return { tenant, rows: [await this.orders.save(note)] };
  }

  @Post("nested")
  async nested(@CurrentTenant("tenant_id") tenant: string, @Body() { note }: Order) {
    return { tenant, rows: await this.orders.saveAndFind(note) };
  }

  @Post("failing")
  async failing() {
    await this.orders.saveInVain();
  }
}
