/** The columns of `selectRelated`. Django: `SQLCompiler.get_related_selections`. */
import { FieldError } from '../../../../core/exceptions';
import type { Field } from '../../fields/base';
import type { FieldCache } from '../../fields/mixins';
import { ForeignObject } from '../../fields/related';
import { Relation, relationsTo } from '../../fields/reverse_related';
import { isParentLink } from '../../inheritance';
import type { Options } from '../../options';
import { modelColumns, setupJoins } from '../joins';
import { findNamed } from '../names';
import type { RelatedTree } from '../query';
import { checkTraversed, maskBehind, type SelectMask } from '../select_mask';
import type { SelectCompiler } from './select';

/** Which of the selected columns make an instance of a model. */
export interface KlassInfo {
  readonly model: Options;
  readonly fields: readonly Field[];
  /** What `defer` and `only` left; undefined: everything. */
  readonly mask: SelectMask | undefined;
  /** The parent whose columns are this child's, too. */
  readonly inherited?: KlassInfo | undefined;
  /** The position of the first. */
  readonly from: number;
  readonly related: RelatedInfo[];
}

/** An instance that hangs on another one. */
export interface RelatedInfo extends KlassInfo {
  /** As `selectRelated` named it. */
  readonly name: string;
  /** What the other instance keeps of this one. */
  readonly cache: Pick<FieldCache, 'set'>;
  /** What this one keeps of the other, where there is one row at that end. */
  readonly back: FieldCache | undefined;
}

/** Adds the columns of related models. @throws FieldError for a name that is no single relation. */
export function relatedSelections(
  compiler: SelectCompiler,
  info: KlassInfo,
  requested: true | RelatedTree,
  alias: string = compiler.query.getInitialAlias(),
  depth = 1,
): void {
  const { query } = compiler;
  if (requested === true && depth > query.maxDepth) return;
  const names = requested === true ? foreignKeys(info.model) : Object.keys(requested);
  for (const name of names) {
    const field = findNamed(info.model, name);
    if (field === undefined && depth === 1 && query.filteredRelations.has(name)) {
      filteredSelection(compiler, info, name, requested as RelatedTree, alias);
      continue;
    }
    // A child has its parent's values already.
    if (isParentLink(field)) continue;
    const single = field instanceof ForeignObject || (field instanceof Relation && !field.isMultiple);
    if (!single) throw invalid(info.model, name, field !== undefined);
    if (requested !== true) checkTraversed(info.mask, field);
    const mask = maskBehind(info.mask, field);
    const { joins, opts } = setupJoins(query, [name], info.model, alias);
    // The row stays where there is no other.
    query.promoteJoins(joins.slice(1));
    const last = joins[joins.length - 1] as string;
    const from = compiler.selected.length;
    const isChild = field instanceof Relation && opts !== info.model && opts.isKindOf(info.model);
    const inherited = isChild ? info : undefined;
    const fields = addColumns(compiler, opts, last, { mask, inherited });
    const related: RelatedInfo = {
      model: opts,
      fields,
      mask,
      inherited,
      from,
      related: [],
      name,
      cache: field.cache,
      back: field instanceof Relation ? keyCacheOf(field) : field.remoteCache,
    };
    info.related.push(related);
    const deeper = requested === true ? true : (requested[name] as RelatedTree);
    if (deeper === true || Object.keys(deeper).length > 0) {
      relatedSelections(compiler, related, deeper, last, depth + 1);
    }
  }
}

/** Selects the columns of a model; says which. */
function addColumns(
  compiler: SelectCompiler,
  model: Options,
  alias: string,
  { mask, inherited }: { mask: SelectMask | undefined; inherited?: KlassInfo | undefined },
): Field[] {
  const { query } = compiler;
  const { concreteFields } = model;
  const fields = mask === undefined ? concreteFields : concreteFields.filter((field) => mask.has(field));
  const options = inherited === undefined ? { fields } : { fields, fromParent: inherited.model };
  return modelColumns(query, model, alias, options).map(([field, table]) => {
    compiler.add(query.column(field, table), undefined, field.column);
    return field;
  });
}

function keyCacheOf({ field }: Relation): FieldCache | undefined {
  return field instanceof ForeignObject ? field.cache : undefined;
}

function propertyOf(name: string): RelatedInfo['cache'] {
  return {
    set: (instance, value) => {
      (instance as Record<string, unknown>)[name] = value;
    },
  };
}

/** A filtered relation's row is a property of its name. */
function filteredSelection(
  compiler: SelectCompiler,
  info: KlassInfo,
  name: string,
  requested: RelatedTree,
  alias: string,
): void {
  const { query } = compiler;
  const { finalField, joins, opts } = setupJoins(query, [name], info.model, alias);
  const last = joins[joins.length - 1] as string;
  const from = compiler.selected.length;
  const mask = maskBehind(info.mask, name);
  const fields = addColumns(compiler, opts, last, { mask });
  const related: RelatedInfo = {
    model: opts,
    fields,
    mask,
    from,
    related: [],
    name,
    cache: propertyOf(name),
    back: joins.length <= 2 && finalField instanceof Relation ? keyCacheOf(finalField) : undefined,
  };
  info.related.push(related);
  const deeper = requested[name] as RelatedTree;
  if (Object.keys(deeper).length > 0) relatedSelections(compiler, related, deeper, last, 2);
}

function foreignKeys(model: Options): string[] {
  return model.fields
    .filter((field) => field instanceof ForeignObject && !field.null)
    .map((field) => field.name);
}

function invalid(model: Options, name: string, known: boolean): FieldError {
  if (known) {
    const field = findNamed(model, name);
    if (!(field instanceof Relation) && !(field && 'keyOf' in field)) {
      if (field && !field.isRelation()) {
        return new FieldError(
          `Non-relational field given in select_related: '${name}'. Choices are: ${choices(model)}`,
        );
      }
    }
  }
  return new FieldError(
    `Invalid field name(s) given in select_related: '${name}'. Choices are: ${choices(model)}`,
  );
}

function choices(model: Options): string {
  const own = model.fields.filter((field) => field instanceof ForeignObject).map((field) => field.name);
  const reverse = relationsTo(model)
    .filter((relation) => !relation.isMultiple && !relation.isHidden)
    .map((relation) => relation.queryName);
  return [...own, ...reverse].join(', ') || '(none)';
}
