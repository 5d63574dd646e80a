/**
 * Operations that lose data, or keep a large table from being used: they are marked where they are written and in
 * `migrate --plan`. Django has nothing of the kind.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Field } from '../../models/fields/base';
import {
  AddConstraint,
  AddField,
  AddIndex,
  AlterField,
  AlterUniqueTogether,
  CreateModel,
  DeleteModel,
  type Operation,
  RemoveConstraint,
  RemoveField,
  RenameModel,
  SeparateDatabaseAndState,
} from '../operations';
import type { ModelState, ProjectState } from '../state';
import { isConverted, lossOf } from './values';

/** The databases that a mark may be about. */
export type Vendor = 'postgresql' | 'mysql' | 'sqlite';

const NAMES: Readonly<Record<Vendor, string>> = {
  postgresql: 'PostgreSQL',
  mysql: 'MySQL',
  sqlite: 'SQLite',
};

const ANEW = 'Writes the table anew';
const INDEX = 'Locks the table against writes while an index is built';
const SCAN = 'Locks the table while each row is looked at';

/** What an operation does to a table with rows; with a vendor: only there. */
interface Hazard {
  readonly text: string;
  readonly vendor?: Vendor;
}

/** Looks at the operations of one plan after another: a table that the plan makes itself has no rows yet. */
export class HazardWatch {
  private readonly made = new Set<string>();

  /** @param vendors the databases that are asked about. */
  constructor(private readonly vendors: readonly Vendor[]) {}

  /**
   * What is to be known of an operation, a sentence each.
   *
   * @param from the models before it, in its direction; `to`: after it.
   */
  of(
    operation: Operation,
    appLabel: string,
    from: ProjectState,
    to: ProjectState,
    backwards = false,
  ): string[] {
    if (operation instanceof SeparateDatabaseAndState)
      return this.ofParts(operation, appLabel, from, backwards);
    const model = modelOf(operation);
    const isNew = model !== undefined && this.made.has(`${appLabel}.${model}`);
    if (operation instanceof CreateModel && !backwards) this.made.add(`${appLabel}.${operation.nameLower}`);
    if (operation instanceof RenameModel && this.made.has(`${appLabel}.${operation.oldName.toLowerCase()}`)) {
      this.made.add(`${appLabel}.${operation.newName.toLowerCase()}`);
    }
    if (isNew) return [];
    return sentences(
      hazardsOf(operation, appLabel, from, to, backwards).filter(
        ({ vendor }) => vendor === undefined || this.vendors.includes(vendor),
      ),
    );
  }

  private ofParts(
    { databaseOperations }: SeparateDatabaseAndState,
    appLabel: string,
    from: ProjectState,
    backwards: boolean,
  ): string[] {
    // Undone they are in the states of before them, which nobody has at hand here.
    if (backwards) return [];
    let before = from;
    return databaseOperations.flatMap((operation) => {
      const after = before.clone();
      operation.stateForwards(appLabel, after);
      const found = this.of(operation, appLabel, before, after);
      before = after;
      return found;
    });
  }
}

/** The same hazard on several databases is one sentence. */
function sentences(hazards: readonly Hazard[]): string[] {
  const vendors = new Map<string, Vendor[]>();
  for (const { text, vendor } of hazards) {
    vendors.set(text, [...(vendors.get(text) ?? []), ...(vendor ? [vendor] : [])]);
  }
  return [...vendors].map(([text, all]) =>
    all.length === 0 ? `${text}.` : `${text} (${[...new Set(all)].map((each) => NAMES[each]).join(', ')}).`,
  );
}

/** The model of an operation, in lower case. */
function modelOf(operation: Operation): string | undefined {
  const { modelName, name } = operation as { modelName?: unknown; name?: unknown };
  const found = modelName ?? name;
  return typeof found === 'string' ? found.toLowerCase() : undefined;
}

function hazardsOf(
  operation: Operation,
  appLabel: string,
  from: ProjectState,
  to: ProjectState,
  backwards: boolean,
): Hazard[] {
  const state = (states: ProjectState, name: string): ModelState => states.getModelState(appLabel, name);
  if (operation instanceof (backwards ? CreateModel : DeleteModel)) {
    const { options } = state(from, operation.name);
    return options.proxy || options.managed === false ? [] : [{ text: 'Loses data: the rows of the table' }];
  }
  if (operation instanceof (backwards ? AddField : RemoveField)) {
    return removal(state(from, operation.modelName).getField(operation.name));
  }
  if (operation instanceof (backwards ? RemoveField : AddField)) {
    return addition(state(to, operation.modelName).getField(operation.name));
  }
  if (operation instanceof AlterField) {
    const [before, after] = [from, to].map((each) =>
      state(each, operation.modelName).getField(operation.name),
    );
    return alteration(before as Field, after as Field);
  }
  if (operation instanceof AddIndex && !backwards) {
    if (operation.constructor.name.endsWith('Concurrently')) return [];
    return [{ text: `${INDEX}: AddIndexConcurrently does not`, vendor: 'postgresql' }];
  }
  if (operation instanceof AlterUniqueTogether) return [{ text: INDEX, vendor: 'postgresql' }];
  if (operation instanceof AddConstraint || operation instanceof RemoveConstraint) {
    const adds = operation instanceof AddConstraint !== backwards;
    return [
      ...(adds ? [{ text: SCAN, vendor: 'postgresql' } as const] : []),
      { text: ANEW, vendor: 'sqlite' },
    ];
  }
  return [];
}

function removal(field: Field): Hazard[] {
  if (field.internalType === 'ManyToManyField') {
    const { through } = field.options as { through?: unknown };
    return through === undefined ? [{ text: 'Loses data: which rows belong together' }] : [];
  }
  // What is calculated can be calculated again.
  if (field.internalType === 'GeneratedField' || !field.concrete) return [];
  const anew = field.primaryKey || field.unique || field.dbIndex || field.isRelation();
  return [
    { text: 'Loses data: what is in the column' },
    ...(anew ? [{ text: ANEW, vendor: 'sqlite' } as const] : []),
  ];
}

function addition(field: Field): Hazard[] {
  if (field.internalType === 'ManyToManyField' || !field.concrete) return [];
  const hazards: Hazard[] = [];
  if (field.internalType === 'GeneratedField') {
    hazards.push({ text: ANEW, vendor: 'postgresql' }, { text: ANEW, vendor: 'mysql' });
  } else if (field.unique || field.dbIndex) {
    hazards.push({ text: INDEX, vendor: 'postgresql' });
  }
  if (!field.null || field.unique || field.hasDefault) hazards.push({ text: ANEW, vendor: 'sqlite' });
  return hazards;
}

function alteration(before: Field, after: Field): Hazard[] {
  const sameColumn =
    before.internalType === after.internalType &&
    isDeepStrictEqual(before.schemaOptions(), after.schemaOptions());
  if (sameColumn || before.internalType === 'ManyToManyField' || !after.concrete) return [];
  const hazards: Hazard[] = [];
  const loss = lossOf(before, after);
  if (loss !== undefined) hazards.push({ text: `Fails, or loses data: ${loss}` });
  if (isConverted(before, after)) {
    hazards.push({ text: ANEW, vendor: 'postgresql' }, { text: ANEW, vendor: 'mysql' });
  }
  if (before.null && !after.null) {
    if (!after.hasDefault) hazards.push({ text: 'Fails while a row has NULL in the column' });
    hazards.push({ text: SCAN, vendor: 'postgresql' }, { text: ANEW, vendor: 'mysql' });
  }
  const indexed = (field: Field): boolean => field.unique || field.dbIndex;
  if (indexed(after) && !indexed(before)) hazards.push({ text: INDEX, vendor: 'postgresql' });
  return [...hazards, { text: ANEW, vendor: 'sqlite' }];
}
