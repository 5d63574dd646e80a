/** What an operation that was detected waits for. Django: `OperationDependency`. */
import {
  AddField,
  AlterField,
  AlterOrderWithRespectTo,
  AlterUniqueTogether,
  CreateModel,
  DeleteModel,
  type Operation,
  RemoveField,
} from '../operations';

/** What has to have happened. */
export type DependencyType = 'create' | 'remove' | 'alter' | 'removeOrder' | 'alterTogether';

/** A model, or a field of it, and what has to have happened with it. */
export interface Dependency {
  /** The setting that names the model, where it does. */
  readonly setting?: string;
  readonly app: string;
  /** In lower case. */
  readonly model: string;
  readonly field: string | null;
  readonly type: DependencyType;
}

/** An operation, and what must come before it. */
export interface Planned {
  readonly operation: Operation;
  readonly dependencies: readonly Dependency[];
}

/** Whether an operation of the dependency's app is what it waits for. */
export function meets(operation: Operation, { model, field, type }: Dependency): boolean {
  if (operation instanceof CreateModel) {
    if (type !== 'create' || operation.nameLower !== model) return false;
    return field === null || operation.fields.some(([name]) => name === field);
  }
  if (field === null) {
    return type === 'remove' && operation instanceof DeleteModel && operation.nameLower === model;
  }
  const ofField = (each: AddField | AlterField | RemoveField): boolean =>
    each.modelNameLower === model && each.nameLower === field.toLowerCase();
  switch (type) {
    case 'create':
      return operation instanceof AddField && ofField(operation);
    case 'remove':
      return operation instanceof RemoveField && ofField(operation);
    case 'alter':
      return operation instanceof AlterField && ofField(operation);
    case 'removeOrder':
      return (
        operation instanceof AlterOrderWithRespectTo &&
        operation.nameLower === model &&
        (operation.orderWithRespectTo ?? '').toLowerCase() !== field.toLowerCase()
      );
    case 'alterTogether':
      return operation instanceof AlterUniqueTogether && operation.nameLower === model;
  }
}
