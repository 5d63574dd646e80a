/** Indexes and constraints that come, go, change, or are called otherwise. */
import type { Constraint } from '../../models/constraints';
import { Index } from '../../models/indexes';
import {
  AddConstraint,
  AddIndex,
  AlterConstraint,
  type IndexRename,
  RemoveConstraint,
  RemoveIndex,
  RenameIndex,
} from '../operations';
import type { Groups } from '../operations/index_together';
import { same } from './comparison';
import type { Dependency } from './dependencies';
import { type Detection, type Key, partsOf, relationDependencies, sorted } from './detection';

/** What is to be done for the indexes and constraints of a model. */
export interface IndexChanges {
  readonly key: Key;
  readonly added: readonly Index[];
  readonly removed: readonly Index[];
  readonly renamed: readonly Omit<IndexRename, 'modelName'>[];
  readonly addedConstraints: readonly Constraint[];
  readonly removedConstraints: readonly Constraint[];
  readonly alteredConstraints: readonly Constraint[];
}

const missing = <T>(items: readonly T[], others: readonly T[]): T[] =>
  items.filter((item) => !others.some((other) => same(item, other)));

/** Compares the indexes and constraints of the models that stay. */
export function findIndexChanges(detection: Detection): readonly IndexChanges[] {
  return sorted(detection.kept).map((key) => {
    const [before, now] = [detection.oldModel(key).options, detection.newModel(key).options];
    return {
      key,
      ...indexChanges(before.indexes ?? [], now.indexes ?? [], before.indexTogether ?? []),
      ...constraintChanges(before.constraints ?? [], now.constraints ?? []),
    };
  });
}

function indexChanges(
  before: readonly Index[],
  now: readonly Index[],
  together: Groups,
): Pick<IndexChanges, 'added' | 'removed' | 'renamed'> {
  const added = new Set(missing(now, before));
  const removed = new Set(missing(before, now));
  const renamed: Omit<IndexRename, 'modelName'>[] = [];
  for (const index of [...added]) {
    for (const old of [...removed]) {
      if (!same({ ...index, name: '' }, { ...old, name: '' }) || index.name === old.name) continue;
      renamed.push({ oldName: old.name, newName: index.name });
      added.delete(index);
      removed.delete(old);
    }
  }
  // An index without a name that has got one.
  for (const oldFields of together) {
    const plain = ({ fields, name }: Index): Index => new Index({ fields, name });
    const found = [...added].filter(
      (index) => same(index, plain(index)) && index.fields.join('\0') === oldFields.join('\0'),
    );
    const [index, ...others] = found;
    if (index === undefined || others.length > 0) continue;
    renamed.push({ oldFields, newName: index.name });
    added.delete(index);
  }
  return { added: [...added], removed: [...removed], renamed };
}

/** What of a constraint no database knows of. */
function databaseSide(constraint: Constraint): object {
  const {
    violationErrorCode: _code,
    violationErrorMessage: _message,
    ...rest
  } = constraint as Constraint & {
    violationErrorCode?: unknown;
    violationErrorMessage?: unknown;
  };
  return { kind: constraint.constructor, ...rest };
}

function constraintChanges(
  before: readonly Constraint[],
  now: readonly Constraint[],
): Pick<IndexChanges, 'addedConstraints' | 'removedConstraints' | 'alteredConstraints'> {
  const alteredConstraints = now.filter((constraint) =>
    before.some(
      (old) =>
        old.name === constraint.name &&
        !same(old, constraint) &&
        same(databaseSide(old), databaseSide(constraint)),
    ),
  );
  const rest = (items: readonly Constraint[], others: readonly Constraint[]): Constraint[] =>
    missing(items, others).filter(({ name }) => !alteredConstraints.some((altered) => altered.name === name));
  return { addedConstraints: rest(now, before), removedConstraints: rest(before, now), alteredConstraints };
}

function dependenciesOf(detection: Detection, key: Key): Dependency[] {
  return [...detection.newModel(key).fields.values()].flatMap((field) => relationDependencies(field, key));
}

/** What goes, before fields do. */
export function removeIndexes(detection: Detection, changes: readonly IndexChanges[]): void {
  for (const { key, removedConstraints } of changes) {
    const [app, modelName] = partsOf(key);
    for (const { name } of removedConstraints) detection.add(app, new RemoveConstraint({ modelName, name }));
  }
  for (const { key, removed } of changes) {
    const [app, modelName] = partsOf(key);
    for (const { name } of removed) detection.add(app, new RemoveIndex({ modelName, name }));
  }
}

/** What only has another name. */
export function renameIndexes(detection: Detection, changes: readonly IndexChanges[]): void {
  for (const { key, renamed } of changes) {
    const [app, modelName] = partsOf(key);
    for (const rename of renamed) detection.add(app, new RenameIndex({ modelName, ...rename }));
  }
}

/** What is new, or says otherwise what is wrong, when the fields are there. */
export function addIndexes(detection: Detection, changes: readonly IndexChanges[]): void {
  for (const { key, added } of changes) {
    const [app, modelName] = partsOf(key);
    const dependencies = dependenciesOf(detection, key);
    for (const index of added) detection.add(app, new AddIndex({ modelName, index }), dependencies);
  }
  for (const { key, addedConstraints } of changes) {
    const [app, modelName] = partsOf(key);
    const dependencies = dependenciesOf(detection, key);
    for (const constraint of addedConstraints) {
      detection.add(app, new AddConstraint({ modelName, constraint }), dependencies);
    }
  }
  for (const { key, alteredConstraints } of changes) {
    const [app, modelName] = partsOf(key);
    const dependencies = dependenciesOf(detection, key);
    for (const constraint of alteredConstraints) {
      const { name } = constraint;
      detection.add(app, new AlterConstraint({ modelName, name, constraint }), dependencies);
    }
  }
}
