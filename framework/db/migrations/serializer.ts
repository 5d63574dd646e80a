/** Values as the TypeScript that makes them again. Django: `django.db.migrations.serializer`. */

import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { ValueError } from '../../core/exceptions';
import { Decimal } from '../../python/decimal';
import { UUID } from '../../python/types';
import { Duration } from '../../utils/duration';
import { LazyText } from '../../utils/functional';
import type { Model } from '../models/base';
import { CheckConstraint, CustomConstraint, UniqueConstraint } from '../models/constraints';
import { Field } from '../models/fields/base';
import { Index } from '../models/indexes';
import { Manager } from '../models/manager';
import { modelKey } from '../models/model_key';
import { inOrder, isExpression, Q } from '../models/q';
import { isInline, isMigrationFile, type Origins } from './code';
import { expressionSource } from './expression_source';
import { Operation, RunCode } from './operations';
import { between, property, quote, type Source } from './source';
import { swappableSetting } from './swappable';

/** Where the framework's own fields are. */
const FIELDS = 'tsango.db.models.';
const CONTRIB = 'tsango.contrib.';

const FRAMEWORK = path.dirname(path.dirname(__dirname));

/** Whether an export is a value: itself, or a class that can be called without `new`, too. */
function isSame(exported: unknown, value: { readonly prototype?: unknown }): boolean {
  if (exported === value) return true;
  return (
    typeof exported === 'function' && value.prototype !== undefined && exported.prototype === value.prototype
  );
}

/** Where a value is exported by the site or the framework: the module's file, and the name. */
function exportOf(value: object): readonly [file: string, name: string] | undefined {
  for (const [file, module] of Object.entries(require.cache)) {
    if (file.includes(`${path.sep}node_modules${path.sep}`) && !file.startsWith(FRAMEWORK)) continue;
    const exported: unknown = module?.exports;
    if (typeof exported !== 'object' || exported === null) continue;
    const name = Object.keys(exported).find(
      (each) => each !== 'default' && isSame((exported as Record<string, unknown>)[each], value),
    );
    if (name !== undefined) return [file, name];
  }
  return undefined;
}

/** Writes values into one file, and knows what the file has to import. */
export class Serializer {
  /** Names by module; `*`: the module as a whole, under the name that follows. */
  readonly imports = new Map<string, Set<string>>();
  /** The migrations whose functions are referred to. */
  readonly referred = new Set<string>();
  /** The migrations whose functions are written as they stand. */
  readonly copied = new Set<string>();

  /**
   * @param file where the source will be.
   * @param origins where operations were written first.
   */
  constructor(
    private readonly file: string,
    private readonly origins: Origins = new Map(),
  ) {}

  /** Notes that a name of a module is used. @returns the name. */
  use(module: string, name: string): string {
    this.imports.set(module, (this.imports.get(module) ?? new Set()).add(name));
    return name.replace(/^\* as /, '');
  }

  models(name: string): string {
    return `${this.use('tsango/db/models', '* as models')}.${name}`;
  }

  private migrations(name: string): string {
    return `${this.use('tsango/db/migrations', '* as migrations')}.${name}`;
  }

  /** The source of a value. @throws ValueError for what no source can make. */
  write(value: unknown): Source {
    if (value === null || value === undefined || typeof value === 'boolean') return String(value);
    if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
    if (typeof value === 'string') return quote(value);
    if (typeof value === 'bigint') return `${value}n`;
    if (typeof value === 'function') return this.reference(value as NamedFunction);
    if (Array.isArray(value)) return { open: '[', parts: value.map((item) => this.write(item)), close: ']' };
    if (typeof value === 'object') return this.writeObject(value);
    throw new ValueError(`Cannot serialize: ${String(value)}`);
  }

  private writeObject(value: object): Source {
    if (value instanceof Operation) return this.operation(value);
    if (value instanceof Field) return this.field(value);
    if (value instanceof Index) return this.index(value);
    if (value instanceof UniqueConstraint || value instanceof CheckConstraint) return this.constraint(value);
    if (value instanceof CustomConstraint) return this.customConstraint(value);
    if (value instanceof Manager) return this.manager(value);
    if (value instanceof Q) return this.condition(value);
    if (isExpression(value)) return expressionSource(value, this);
    if (value instanceof LazyText) return quote(String(value));
    if (value instanceof Date) return `new Date(${quote(value.toISOString())})`;
    if (value instanceof RegExp) return String(value);
    if (value instanceof Uint8Array) {
      const buffer = `Buffer.from(${quote(Buffer.from(value).toString('base64'))}, 'base64')`;
      return Buffer.isBuffer(value) ? buffer : `new Uint8Array(${buffer})`;
    }
    if (value instanceof Set) return between('new Set(', [this.write([...value])], ')');
    if (value instanceof Map) return between('new Map(', [this.write([...value])], ')');
    if (value instanceof Decimal) {
      return `${this.use('tsango/python/decimal', 'Decimal')}.from(${quote(String(value))})`;
    }
    if (value instanceof UUID) {
      return `new ${this.use('tsango/python/types', 'UUID')}(${quote(String(value))})`;
    }
    if (value instanceof Duration) {
      const { days, seconds, microseconds } = value;
      const make = `new ${this.use('tsango/utils/duration', 'Duration')}(`;
      return between(make, [this.write({ days, seconds, microseconds })], ')');
    }
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) return this.options(value);
    throw new ValueError(
      `Cannot serialize: ${value.constructor.name}. A migration can hold values, and what a module exports: fields, ` +
        'indexes, constraints, expressions, functions and classes.',
    );
  }

  private options(values: object): Source {
    const entries = Object.entries(values).filter(([, value]) => value !== undefined);
    return between(
      '{',
      entries.map(([name, value]) => property(name, this.write(value))),
      '}',
    );
  }

  /** An operation, made by its class. */
  operation(operation: Operation): Source {
    const args = operation.deconstruct().map((argument) => {
      try {
        return isInline(operation, argument) ? this.code(operation, argument) : this.write(argument);
      } catch (error) {
        if (!(error instanceof ValueError)) throw error;
        throw new ValueError(`${operation.describe()}: ${error.message}`, { cause: error });
      }
    });
    return between(`new ${this.classOf(operation.constructor as NamedFunction, 'migrations')}(`, args, ')');
  }

  /** A function of a migration: by its name where a module exports it, else as it stands. */
  private code(operation: Operation, code: NamedFunction): Source {
    const found = exportOf(code);
    const origin = this.origins.get(operation);
    if (found !== undefined) {
      if (isMigrationFile(found[0])) this.referred.add(origin ?? this.moduleOf(found[0]));
      return this.use(this.moduleOf(found[0]), found[1]);
    }
    if (origin === undefined) return this.reference(code);
    this.copied.add(origin);
    return Function.prototype.toString.call(code);
  }

  private field(field: Field): Source {
    const [, fieldPath, args, kwargs] = field.deconstruct();
    const parts = args.map((argument) => this.write(argument));
    const entries = Object.entries(kwargs).map(([option, value]): [string, Source] => [
      option,
      option === 'to' && field.isRelation() ? this.target(value) : this.write(value),
    ]);
    const options = entries
      .filter(([option]) => kwargs[option] !== undefined)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([option, value]) => property(option, value));
    if (options.length > 0) parts.push({ open: '{', parts: options, close: '}' });
    return between(`new ${this.fieldClass(fieldPath, field)}(`, parts, ')');
  }

  /** A class of fields: the framework's by its module, the site's by the file that exports it. */
  private fieldClass(fieldPath: string, field: Field): string {
    if (fieldPath.startsWith(FIELDS)) return this.models(fieldPath.slice(FIELDS.length));
    const dot = fieldPath.lastIndexOf('.');
    if (!fieldPath.startsWith(CONTRIB)) return this.reference(field.constructor as NamedFunction);
    return this.use(fieldPath.slice(0, dot).replaceAll('.', '/'), fieldPath.slice(dot + 1));
  }

  /** The model that a field refers to: by its setting where one may name another in its place. */
  private target(to: unknown): Source {
    const setting = typeof to === 'string' ? swappableSetting(modelKey(to)) : undefined;
    return setting === undefined ? this.write(to) : `${this.use('tsango/conf', 'settings')}.${setting}`;
  }

  private index(index: Index): Source {
    const { fields, expressions = [], name, ...rest } = index as Index & { expressions?: readonly unknown[] };
    const options = { ...(fields.length > 0 && { fields }), name, ...withoutEmpty(rest) };
    const parts = [...expressions.map((each) => this.write(each)), this.options(options)];
    return between(`new ${this.classOf(index.constructor as NamedFunction, 'models')}(`, parts, ')');
  }

  private constraint(constraint: UniqueConstraint | CheckConstraint): Source {
    const { expressions = [], violationErrorMessage, name, ...rest } = constraint as UniqueConstraint;
    const options = {
      ...withoutEmpty(rest),
      name,
      ...(!constraint.hasDefaultMessage && { violationErrorMessage }),
    };
    const parts = [...expressions.map((each) => this.write(each)), this.options(options)];
    return between(`new ${this.models(constraint.constructor.name)}(`, parts, ')');
  }

  /** A constraint that says itself what makes it again. */
  private customConstraint(constraint: CustomConstraint): Source {
    const [, args, options] = constraint.deconstruct();
    const parts = [...args.map((each) => this.write(each)), this.options(options)];
    return between(`new ${this.reference(constraint.constructor as NamedFunction)}(`, parts, ')');
  }

  private manager(manager: Manager<Model>): Source {
    const made = manager.deconstruct();
    if ('queryset' in made) return `${this.reference(made.queryset as NamedFunction)}.asManager()`;
    const args = made.args.map((argument) => this.write(argument));
    return between(`new ${this.reference(made.manager as unknown as NamedFunction)}(`, args, ')');
  }

  private condition({ children, connector, negated }: Q): Source {
    const isPlain = connector === 'AND' && children.every((child) => Array.isArray(child));
    const names = children.flatMap((child) => (Array.isArray(child) ? [String(child[0])] : []));
    // What is read from an object is in the order of its names.
    const isOrdered = inOrder(names).every((name, at) => name === names[at]);
    if (isPlain && isOrdered && new Set(names).size === names.length) {
      const made = between(
        `new ${this.models('Q')}(`,
        [this.options(Object.fromEntries(children as [string, unknown][]))],
        ')',
      );
      return negated ? { ...(made as object), ...closed(made, ').not()') } : made;
    }
    const parts: Source[] = [this.write(children), quote(connector)];
    if (negated) parts.push('true');
    return between(`${this.models('Q')}.create(`, parts, ')');
  }

  private classOf(cls: NamedFunction, room: 'models' | 'migrations'): string {
    const known = (room === 'models' ? require('../models') : require('./operations')) as Record<
      string,
      unknown
    >;
    if (known[cls.name] === cls || (known[cls.name] as { Field?: unknown } | undefined)?.Field === cls) {
      return room === 'models' ? this.models(cls.name) : this.migrations(cls.name);
    }
    return this.reference(cls);
  }

  /** A function or a class, by the module that exports it. */
  reference(value: NamedFunction): string {
    if (value.name === 'SET' && 'value' in value)
      return `${this.models('SET')}(${flatText(this.write(value.value))})`;
    if (value === RunCode.noop) return `${this.migrations('RunCode')}.noop`;
    const models = require('../models') as Record<string, unknown>;
    if (models[value.name] === value) return this.models(value.name);
    if (value === Date.now) return 'Date.now';
    if (value === randomUUID) return this.use('node:crypto', 'randomUUID');
    if (value === String || value === Number || value === Boolean || value === Date) return value.name;
    const found = exportOf(value);
    if (found !== undefined) return this.use(this.moduleOf(found[0]), found[1]);
    const text = Function.prototype.toString.call(value);
    if (CLOSED.test(text)) return text.replace(/ ?=> ?/, ' => ');
    throw new ValueError(
      `Cannot serialize the function ${value.name || text.slice(0, 60)}: a migration refers to functions by name. Export ` +
        'it from a module of the app.',
    );
  }

  /** How the file names another one. */
  private moduleOf(file: string): string {
    const name = file.replace(/(?:\/index)?\.(?:ts|js|cjs)$/, '');
    if (file.startsWith(FRAMEWORK + path.sep)) {
      return `tsango/${path.relative(FRAMEWORK, name).split(path.sep).join('/')}`;
    }
    const relative = path.relative(path.dirname(this.file), name).split(path.sep).join('/');
    return relative.startsWith('.') ? relative : `./${relative}`;
  }
}

type NamedFunction = ((...args: never[]) => unknown) & { readonly name: string; readonly value?: unknown };

/** Functions that need nothing but themselves: they stand in the migration as they are. */
const CLOSED =
  /^(?:async )?\(\) ?=> ?(?:\[\]|\(\{\}\)|'[^'\\]*'|-?\d+(?:\.\d+)?|true|false|null|new Date\(\)|Date\.now\(\))$/;

function withoutEmpty(values: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).filter(
      ([, value]) => value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0),
    ),
  );
}

function closed(source: Source, close: string): { open: string; parts: readonly Source[]; close: string } {
  if (typeof source === 'string') return { open: source, parts: [], close: '' };
  return { ...source, close: source.close.replace(/\)$/, close) };
}

function flatText(source: Source): string {
  if (typeof source === 'string') return source;
  return `${source.open}${source.parts.map(flatText).join(', ')}${source.close}`;
}
