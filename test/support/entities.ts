import { TenantIdColumn } from "@stratum-hq/db-adapters/typeorm";
import {
  Check,
  Column,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  OneToMany,
  PrimaryGeneratedColumn,
  Unique,
} from "typeorm";

/** A tenant's project, with tasks that it saves and deletes with itself. */
@Entity("projects")
@Unique(["tenantId", "name"])
export class Project {
  @PrimaryGeneratedColumn("uuid")
  id!: string;

  @TenantIdColumn()
  tenantId!: string;

  @Column("text")
  name!: string;

  @OneToMany(() => Task, (task) => task.project, { cascade: true })
  tasks!: Task[];
}

@Entity("tasks")
@Check(`"amount" >= 0`)
@Index(["tenantId", "note"])
export class Task {
  @PrimaryGeneratedColumn("uuid")
  id!: string;

  @TenantIdColumn()
  tenantId!: string;

  @ManyToOne(() => Project, (project) => project.tasks, { onDelete: "CASCADE", nullable: true })
  @JoinColumn({ name: "project_id" })
  project!: Project | null;

  @Column("text")
  note!: string;

  @Column("int", { default: 0 })
  amount!: number;
}

/** One that leaves its tenant to PostgreSQL. */
@Entity("labels")
export class Label {
  @PrimaryGeneratedColumn("uuid")
  id!: string;

  @Column("enum", { enum: ["red", "green"], default: "red" })
  colour!: "red" | "green";
}

export const ENTITIES = [Task, Project, Label];
