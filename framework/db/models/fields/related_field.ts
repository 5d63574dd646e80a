/** What foreign keys and many-to-many fields have in common. Django: `RelatedField`. */

import { ValueError } from '../../../core/exceptions';
import type { ModelClass } from '../base';
import { modelKey } from '../model_key';
import type { Options } from '../options';
import type { Q } from '../q';
import { Field, type FieldOptions } from './base';
import type { Deconstructed } from './deconstruct';

/**
 * A model: its class, `'app.Model'`, `'Model'` of the same app, `'self'`, or a function that returns one of these, which is
 * called when the relation is first used: so that a module can be loaded before the settings that it names the model by.
 *
 * @example `@models.ForeignKey(() => settings.AUTH_USER_MODEL, { onDelete: models.CASCADE })`
 */
export type ModelReference = string | ModelClass | (() => ModelClass | string);

/** A condition on rows that can be chosen. */
export type LimitChoicesTo = Q | Readonly<Record<string, unknown>>;

/** What a relation takes. */
export interface RelatedFieldOptions extends FieldOptions {
  to: ModelReference;
  relatedName?: string;
  relatedQueryName?: string;
  /** Which rows can be chosen in forms, and are accepted by `fullClean`; a function is asked each time. */
  limitChoicesTo?: LimitChoicesTo | (() => LimitChoicesTo);
  /** False: the column exists, the database does not enforce it. */
  dbConstraint?: boolean;
}

function isModelClass(value: unknown): value is ModelClass {
  return typeof value === 'function' && Object.hasOwn(value, 'prototype') && '_meta' in value;
}

/** A foreign key or a many-to-many field. */
export abstract class RelatedField extends Field {
  declare readonly options: Readonly<RelatedFieldOptions>;
  override readonly emptyStringsAllowed: boolean = false;
  private remote: { version: number | undefined; model: Options } | undefined;

  override isRelation(): this is RelatedField {
    return true;
  }

  override contributeTo(model: Options, name: string): void {
    super.contributeTo(model, name);
    this.remote = undefined;
  }

  protected override get optionDefaults(): Readonly<Record<string, unknown>> {
    return { ...super.optionDefaults, dbConstraint: true };
  }

  /** The model is named as `app.model`. */
  override deconstruct(): Deconstructed {
    const [name, path, args, kwargs] = super.deconstruct();
    return [name, path, args, { ...kwargs, to: this.toName }];
  }

  /** The model that it refers to, also where the field is part of none yet. */
  private get toName(): string {
    const to = referenced(this.options.to);
    if (this.modelOrNone !== undefined || typeof to !== 'string') return this.toKey;
    return to === 'self' ? to : modelKey(to);
  }

  get dbConstraint(): boolean {
    return this.options.dbConstraint ?? true;
  }

  /** The model that it refers to, as `app.model` in lower case. */
  get toKey(): string {
    return relationKey(this.options.to, () => this.model);
  }

  /** The model that it refers to. @throws ValueError if there is none. */
  get remoteModel(): Options {
    const { registry } = this.model;
    if (this.remote === undefined || this.remote.version !== registry.version) {
      const model = registry.find(this.toKey);
      if (model === undefined) {
        throw new ValueError(`Related model '${this.toKey}' of ${this.toString()} cannot be resolved`);
      }
      // The version is of afterwards: looking for the model may have loaded some.
      this.remote = { version: registry.version, model };
    }
    return this.remote.model;
  }

  override schemaOptions(): Record<string, unknown> {
    return { ...super.schemaOptions(), to: this.toName };
  }
}

/** `'app.Model'`, `'Model'` or `'self'`, as models are looked up by. */
export function referenceKey(reference: string, model: { appLabel: string; modelName: string }): string {
  if (reference === 'self') return `${model.appLabel}.${model.modelName}`;
  return modelKey(reference.includes('.') ? reference : `${model.appLabel}.${reference}`);
}

/** What a field of a model refers to, as models are looked up by. */
export function relationKey(
  reference: ModelReference,
  model: () => { appLabel: string; modelName: string },
): string {
  const to = referenced(reference);
  return typeof to === 'string' ? referenceKey(to, model()) : to._meta.key;
}

/** The name or the class of a model, of what may also be a function that returns it. */
function referenced(reference: ModelReference): string | ModelClass {
  if (typeof reference === 'string' || isModelClass(reference)) return reference;
  return (reference as () => ModelClass | string)();
}
