import { Injectable } from "@nestjs/common";
import { uuidv7 } from "uuidv7";

/** Ids, injected so that tests can foresee them. */
@Injectable()
export class IdGenerator {
  /** A UUIDv7 (RFC 9562): ids sort roughly by the time they were made. */
  next(): string {
    return uuidv7();
  }
}
