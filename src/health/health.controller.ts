import { Controller, Get } from "@nestjs/common";

@Controller("health")
export class HealthController {
  /** Says that the process serves requests; it asks nothing of the database. */
  @Get()
  live(): { status: "ok" } {
    return { status: "ok" };
  }
}
