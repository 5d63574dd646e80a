/** Paths through models. Django: `get_fields_from_path`, `lookup_spawns_duplicates`. */
import { FieldDoesNotExist } from '../../../core/exceptions';
import type { Field } from '../../../db/models/fields/base';
import { ManyToManyField, type RelatedField } from '../../../db/models/fields/related';
import { Relation, relationNamed } from '../../../db/models/fields/reverse_related';
import type { Options } from '../../../db/models/options';
import { htmlName } from '../../../forms/names';

/** A field, or a relation from its other side. */
export type Step = Field | Relation;

/** The step of a name of a path, in the spelling of TypeScript or of Django. */
export function stepOf(model: Options, name: string): Step | undefined {
  return (
    model.findField(name) ??
    model.findField(htmlName(name)) ??
    relationNamed(model, name) ??
    relationNamed(model, htmlName(name))
  );
}

/** The model that a step leads to. */
export function targetOf(step: Step): Options | undefined {
  if (step instanceof Relation) return step.relatedModel;
  return step.isRelation() ? (step as RelatedField).remoteModel : undefined;
}

/** The steps of a path. @throws FieldDoesNotExist */
export function fieldsFromPath(model: Options, path: string): Step[] {
  const steps: Step[] = [];
  let at: Options | undefined = model;
  for (const part of path.split('__')) {
    const step = at === undefined ? undefined : part === 'pk' ? at.pk : stepOf(at, part);
    if (step === undefined) throw new FieldDoesNotExist(`${model.objectName} has no field named '${path}'`);
    steps.push(step);
    at = targetOf(step);
  }
  return steps;
}

/** Whether a row may be found several times by a lookup: it goes through several rows of another model. */
export function lookupSpawnsDuplicates(model: Options, lookup: string): boolean {
  let at: Options | undefined = model;
  for (const part of lookup.split('__')) {
    const step = at === undefined ? undefined : part === 'pk' ? at.pk : stepOf(at, part);
    // What is no field is a lookup.
    if (step === undefined) return false;
    if (step instanceof ManyToManyField || (step instanceof Relation && step.isMultiple)) return true;
    at = targetOf(step);
  }
  return false;
}
