/**
 * What serializers of every format do. Django: `django.core.serializers.base`;
 * https://docs.djangoproject.com/en/5.2/topics/serialization/
 */
import { Model, type ModelClass } from '../../db/models/base';
import type { Field } from '../../db/models/fields/base';
import { ForeignKey, type ManyToManyField } from '../../db/models/fields/related';
import type { MaybePromise } from '../../utils/maybe_promise';
import { camelCase } from '../../utils/module_loading';
import type { Output } from '../management/output';
import { DeserializationError, M2MDeserializationError, SerializationError } from './errors';
import { deserializeFkValue, deserializeM2mValues } from './references';
import { Sink, type TextStream } from './sink';

/** Rows: a QuerySet, its `iterator()`, a list. */
export type Rows = AsyncIterable<Model> | Iterable<Model>;

/** How rows are serialized. */
export interface SerializeOptions {
  /** Where the text goes; without one it is returned. */
  stream?: TextStream | undefined;
  /** Only these fields, by their names or properties; the key and the model are always there. */
  fields?: Iterable<string> | null | undefined;
  /** References to rows that have a natural key are written by it. */
  useNaturalForeignKeys?: boolean | undefined;
  /** Rows that have a natural key are written without their primary key. */
  useNaturalPrimaryKeys?: boolean | undefined;
  /** Spaces of each level; everything on one line if absent. */
  indent?: number | null | undefined;
  /** Where a bar of dots shows how far the work is. */
  progressOutput?: Output | undefined;
  /** How many rows there are, for the bar. */
  objectCount?: number | undefined;
  /** JSON: everything outside ASCII is escaped. Default: false. */
  ensureAscii?: boolean | undefined;
  /** YAML: false escapes everything outside ASCII. Default: true. */
  allowUnicode?: boolean | undefined;
  /** YAML: true writes all in brackets, null only what has nothing in it that has parts. Default: false. */
  defaultFlowStyle?: boolean | null | undefined;
  /** YAML: the width of a line. Default: 80. */
  width?: number | undefined;
}

/** How rows are read. */
export interface DeserializeOptions {
  /** The alias of the database in which natural keys are looked for. Default: `'default'`. */
  using?: string | undefined;
  /** Models and fields that there are no more are left out. */
  ignorenonexistent?: boolean | undefined;
  /** References to rows that are not there yet are kept for later: `object.deferredFields`. */
  handleForwardReferences?: boolean | undefined;
}

const PROGRESS_WIDTH = 75;

/** A bar of dots. */
class ProgressBar {
  private done = 0;

  constructor(
    private readonly output: Output | undefined,
    private readonly total: number,
  ) {}

  update(count: number): void {
    if (this.output === undefined || this.total === 0) return;
    const percent = Math.floor((count * 100) / this.total);
    const done = Math.floor((percent * PROGRESS_WIDTH) / 100);
    if (this.done >= done) return;
    this.done = done;
    const start = this.total === 1 ? '' : '\r';
    this.output.write(`${start}[${'.'.repeat(done)}${' '.repeat(PROGRESS_WIDTH - done)}]`);
    if (done === PROGRESS_WIDTH) this.output.write('\n');
  }
}

/** Whether rows of a model can be named by what they hold. */
export function hasNaturalKey(cls: { readonly prototype: object }): boolean {
  return typeof (cls.prototype as Partial<NaturallyKeyed>).naturalKey === 'function';
}

interface NaturallyKeyed {
  naturalKey(): MaybePromise<readonly unknown[]>;
}

/** What names a row where keys differ. */
export function naturalKeyOf(row: Model): MaybePromise<readonly unknown[]> {
  return (row as unknown as NaturallyKeyed).naturalKey();
}

/** The class of a row. @throws SerializationError for what is no row. */
export function classOfRow(row: unknown): ModelClass {
  if (!(row instanceof Model)) {
    throw new SerializationError(
      `Non-model object (${typeof row}) encountered during serialization. Serialize a QuerySet or a list of instances.`,
    );
  }
  return row.constructor as unknown as ModelClass;
}

/** The base of serializers. One object serializes once at a time. */
export abstract class Serializer {
  /** Whether the format is none of a text. */
  static readonly internalUseOnly: boolean = false;
  protected options: SerializeOptions = {};
  protected sink = new Sink(undefined);
  /** Whether nothing was written yet. */
  protected first = true;
  private selected: ReadonlySet<string> | undefined;

  /**
   * Serializes rows.
   *
   * @returns the text; undefined where `stream` has it.
   */
  async serialize(rows: Rows, options: SerializeOptions = {}): Promise<unknown> {
    this.options = options;
    this.sink = new Sink(options.stream);
    this.selected = options.fields ? new Set(options.fields) : undefined;
    this.first = true;
    const progress = new ProgressBar(options.progressOutput, options.objectCount ?? 0);
    let count = 0;
    this.startSerialization();
    for await (const row of rows) {
      await this.serializeRow(row);
      progress.update(++count);
      this.first = false;
      const full = this.sink.flush();
      if (full !== undefined) await full;
    }
    this.endSerialization();
    await this.sink.flush(0);
    return this.getValue();
  }

  private async serializeRow(row: Model): Promise<void> {
    const { concreteModel: model } = classOfRow(row)._meta;
    this.startObject(row);
    const { pk } = model;
    const isParentLink = pk instanceof ForeignKey && pk.parentLink;
    const keyOfParent = this.options.useNaturalPrimaryKeys && isParentLink ? pk : undefined;
    for (const field of model.localFields) {
      // The primary key stands before the fields.
      const written = field === pk ? field === keyOfParent : field.options.serialize !== false;
      if (!written || !this.isSelected(field)) continue;
      if (field instanceof ForeignKey) {
        const handled = this.handleFkField(row, field);
        if (handled !== undefined) await handled;
      } else this.handleField(row, field);
    }
    for (const field of model.localManyToMany) {
      if (field.options.serialize !== false && this.isSelected(field)) await this.handleM2mField(row, field);
    }
    this.endObject(row);
  }

  private isSelected(field: Field): boolean {
    const { selected } = this;
    if (selected === undefined) return true;
    return [field.name, field.property, camelCase(field.name)].some((name) => selected.has(name));
  }

  protected abstract startSerialization(): void;
  protected endSerialization(): void {}
  protected abstract startObject(row: Model): void;
  protected endObject(_row: Model): void {}
  protected abstract handleField(row: Model, field: Field): void;
  protected abstract handleFkField(row: Model, field: ForeignKey): MaybePromise<void>;
  protected abstract handleM2mField(row: Model, field: ManyToManyField): Promise<void>;

  protected getValue(): unknown {
    return this.sink.value;
  }
}

/** An instance that was read and is not saved, with what belongs to it besides. */
export class DeserializedObject<T extends Model = Model> {
  constructor(
    readonly object: T,
    /** Keys of related rows by the field's property. */
    public m2mData: Map<string, readonly unknown[]> | null = null,
    /** References to rows that were not there. */
    readonly deferredFields: ReadonlyMap<Field, unknown> = new Map(),
  ) {}

  /**
   * Writes the row as it was read: neither a `save` of the model's own is called nor is anything set by its fields, and
   * the signals say `raw`.
   */
  async save({
    saveM2m = true,
    using,
  }: {
    saveM2m?: boolean;
    using?: string | undefined;
  } = {}): Promise<void> {
    await Model.prototype.saveBase.call(this.object, { raw: true, ...(using !== undefined && { using }) });
    if (this.m2mData !== null && saveM2m) {
      for (const [property, keys] of this.m2mData) await rowsOf(this.object, property).set(keys);
    }
    // A second call does not write them again.
    this.m2mData = null;
  }

  /** Finds the references that were not there, and saves again. @throws DeserializationError for one that still is not. */
  async saveDeferredFields({ using }: { using?: string | undefined } = {}): Promise<void> {
    this.m2mData = new Map();
    const { key } = classOfRow(this.object)._meta;
    for (const [field, value] of this.deferredFields) {
      try {
        if (field instanceof ForeignKey) {
          const found = await deserializeFkValue(field, value, using, false);
          (this.object as unknown as Record<string, unknown>)[field.property] = found;
        } else {
          const found = await deserializeM2mValues(field as ManyToManyField, value, using, false);
          this.m2mData.set(field.property, found as readonly unknown[]);
        }
      } catch (error) {
        const [cause, what] =
          error instanceof M2MDeserializationError ? [error.original, error.value] : [error, value];
        throw DeserializationError.withData(cause, key, this.object.pk, what);
      }
    }
    await this.save({ using });
  }

  toString(): string {
    return `<${this.constructor.name}: ${classOfRow(this.object)._meta.label}(pk=${String(this.object.pk)})>`;
  }
}

interface RelatedManager {
  set(keys: readonly unknown[]): PromiseLike<void>;
}

function rowsOf(instance: Model, property: string): RelatedManager {
  return (instance as unknown as Record<string, RelatedManager>)[property] as RelatedManager;
}
