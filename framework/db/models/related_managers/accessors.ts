/**
 * The properties of instances that are managers of related rows. Django: `ReverseManyToOneDescriptor`,
 * `ManyToManyDescriptor`.
 */
import type { Model, ModelClass } from '../base';
import { classOf } from '../classes';
import { type ForeignObject, ManyToManyField } from '../fields/related';
import { Relation } from '../fields/reverse_related';
import type { Options } from '../options';
import { type AnyRelatedManager, relatedManager } from './making';
import { type Direction, forwardDirection, ManyRows, reverseDirection } from './many';
import { ReverseRows } from './reverse';
import type { RelatedRows } from './rows';

/** A property of a model's instances that is a manager. */
export abstract class ManagerAccessor {
  abstract readonly property: string;
  /** The model of the rows. */
  abstract readonly model: Options;
  /** What it is called where somebody assigns to it. */
  protected abstract readonly label: string;

  abstract rowsOf(instance: Model): RelatedRows;

  get(instance: Model): AnyRelatedManager {
    return relatedManager(this.rowsOf(instance), classOf(this.model));
  }

  /** @throws TypeError. */
  set(): never {
    throw new TypeError(
      `Direct assignment to the ${this.label} is prohibited. Use ${this.property}.set() instead.`,
    );
  }
}

/** `author.articles`: what refers to a row by a foreign key. */
export class ReverseManyToOneAccessor extends ManagerAccessor {
  readonly property: string;
  protected readonly label = 'reverse side of a related set';

  constructor(private readonly relation: Relation) {
    super();
    this.property = relation.property;
  }

  get model(): Options {
    return this.relation.relatedModel;
  }

  rowsOf(instance: Model): RelatedRows {
    return new ReverseRows(instance, this.relation.field as ForeignObject, this.property);
  }
}

/** Either side of a many-to-many relation. */
export class ManyToManyAccessor extends ManagerAccessor {
  readonly property: string;
  private readonly relation: Relation;
  private known: Direction | undefined;

  constructor(
    private readonly field: ManyToManyField,
    private readonly reverse: boolean,
  ) {
    super();
    this.relation = new Relation(field);
    this.property = reverse ? this.relation.property : field.property;
  }

  protected get label(): string {
    return `${this.reverse ? 'reverse' : 'forward'} side of a many-to-many set`;
  }

  get model(): Options {
    return this.reverse ? this.field.model : this.field.remoteModel;
  }

  get direction(): Direction {
    this.known ??= (this.reverse ? reverseDirection : forwardDirection)(this.field, this.relation);
    return this.known;
  }

  rowsOf(instance: Model): RelatedRows {
    return new ManyRows(instance, this.direction);
  }
}

/** The manager that a relation is on the side that it leads to. */
function reverseAccessor(relation: Relation): ManagerAccessor {
  const { field } = relation;
  return field instanceof ManyToManyField
    ? new ManyToManyAccessor(field, true)
    : new ReverseManyToOneAccessor(relation);
}

/** Makes a property of a prototype a manager. */
export function defineAccessor(prototype: object, accessor: ManagerAccessor): void {
  Object.defineProperty(prototype, accessor.property, {
    configurable: true,
    get(this: Model): AnyRelatedManager {
      return accessor.get(this);
    },
    set(this: Model) {
      accessor.set();
    },
  });
}

/** Gives a class the managers of its own many-to-many fields. */
export function defineManyToMany(cls: ModelClass, options: Options): void {
  for (const field of options.manyToMany) defineAccessor(cls.prototype, new ManyToManyAccessor(field, false));
}

/** Gives a class the manager of what refers to its model. */
export function defineReverseManager(cls: ModelClass, relation: Relation): void {
  defineAccessor(cls.prototype, reverseAccessor(relation));
}
