import { Controller, Get } from "@nestjs/common";
import { Public } from "@stratum-hq/lib";

@Controller("health")
@Public()
export class HealthController {
  /** Says that the process serves requests; it asks nothing of the database. */
  @Get("live")
  live(): { status: "ok" } {
    return { status: "ok" };
  }
}
