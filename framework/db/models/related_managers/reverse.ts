/** The rows that refer to an instance by a foreign key. Django: `create_reverse_many_to_one_manager`. */
import { AttributeError, ValueError } from '../../../core/exceptions';
import { type Steps, wait } from '../../../utils/maybe_promise';
import { camelCase } from '../../../utils/module_loading';
import type { Model } from '../base';
import type { ForeignObject } from '../fields/related';
import type { QuerySet } from '../query';
import { isAdding } from '../unique';
import { fieldValue, modelOf, requireInstance, setRelated, shown } from './instances';
import { mapKey } from './map_key';
import { onDatabase, RelatedRows, type RowsManager, together, type Values } from './rows';

export class ReverseRows extends RelatedRows {
  private readonly field: ForeignObject;

  constructor(instance: Model, field: ForeignObject, property: string) {
    super(instance, property);
    this.field = field;
  }

  requireRead(): void {
    if ((this.instance.pk ?? null) !== null) return;
    throw new ValueError(
      `'${modelOf(this.instance).name}' instance needs to have a primary key value before this relationship can be used.`,
    );
  }

  override requireWrite(): void {
    if (this.key !== null) return;
    throw new ValueError(
      `"${shown(this.instance)}" needs to have a value for field "${this.field.targetField.attname}" before this ` +
        'relationship can be used.',
    );
  }

  /** What the rows refer to. */
  private get key(): unknown {
    return fieldValue(this.instance, this.field.targetField);
  }

  narrow(queryset: QuerySet<Model>): QuerySet<Model> {
    const { field, instance, key } = this;
    if (key === null) return queryset.none();
    // By its key, where that is one value: so it comes to the same each time.
    const value = field.targetField.primaryKey && !Array.isArray(key) ? key : instance;
    return queryset.filter({ [field.name]: value } as never)._withKnownRelated(field, [instance]);
  }

  override newValues(): Values {
    return { [camelCase(this.field.name)]: this.instance };
  }

  *add(manager: RowsManager, objs: readonly unknown[], { bulk = true }: Values): Steps<void> {
    const { field, instance } = this;
    this.requireWrite();
    this.forget();
    for (const obj of objs) {
      requireInstance(obj, manager.model);
      setRelated(obj, field, instance);
      if (bulk && isAdding(obj)) {
        throw new ValueError(`${shown(obj)} instance isn't saved. Use bulk=False or save the object first.`);
      }
    }
    const rows = objs as readonly Model[];
    if (bulk) {
      const changed = manager.model._baseManager
        .using(manager.db)
        .filter({ pk__in: rows.map(({ pk }) => pk) } as never);
      yield* wait(changed.update({ [field.name]: instance } as never));
      return;
    }
    yield* together(manager.db, function* () {
      for (const row of rows) yield* wait(row.save(onDatabase(manager.db)));
    });
  }

  *remove(manager: RowsManager, objs: readonly unknown[], options: Values): Steps<void> {
    this.requireNullable('remove');
    if (objs.length === 0) return;
    this.requireWrite();
    const own = mapKey(this.key);
    for (const obj of objs) {
      requireInstance(obj, manager.model);
      if (mapKey(fieldValue(obj, this.field)) === own) continue;
      throw new (modelOf(this.instance).DoesNotExist)(
        `${shown(obj)} is not related to ${shown(this.instance)}.`,
      );
    }
    const keys = (objs as readonly Model[]).map(({ pk }) => pk);
    yield* this.release(manager, manager.getQueryset().filter({ pk__in: keys } as never), options);
  }

  *clear(manager: RowsManager, options: Values): Steps<void> {
    this.requireNullable('clear');
    this.requireWrite();
    yield* this.release(manager, manager.getQueryset(), options);
  }

  *replace(manager: RowsManager, objs: readonly unknown[], options: Values): Steps<void> {
    this.requireWrite();
    if (!this.field.null) {
      yield* this.add(manager, objs, options);
      return;
    }
    const steps = function* (this: ReverseRows): Steps<void> {
      if (options['clear']) {
        yield* this.clear(manager, options);
        yield* this.add(manager, objs, options);
        return;
      }
      const before = yield* wait(manager.getQueryset().using(manager.db).fetch());
      const old = new Map(before.map((row) => [mapKey(row.pk), row]));
      const added = objs.filter(
        (obj) => !(obj instanceof Object && 'pk' in obj && old.delete(mapKey(obj.pk))),
      );
      yield* this.remove(manager, [...old.values()], options);
      yield* this.add(manager, added, options);
    };
    yield* together(manager.db, () => steps.call(this));
  }

  /** Makes rows refer to nothing. */
  private *release(manager: RowsManager, queryset: QuerySet<Model>, { bulk = true }: Values): Steps<void> {
    const { field } = this;
    this.forget();
    const rows = queryset.using(manager.db);
    if (bulk) {
      yield* wait(rows.update({ [field.name]: null } as never));
      return;
    }
    yield* together(manager.db, function* () {
      for (const row of yield* wait(rows.fetch())) {
        setRelated(row, field, null);
        yield* wait(row.save({ ...onDatabase(manager.db), updateFields: [field.name] }));
      }
    });
  }

  /** @throws AttributeError where a row has to refer to something. */
  private requireNullable(method: string): void {
    const { field } = this;
    if (field.null) return;
    throw new AttributeError(
      `'RelatedManager' object has no attribute '${method}': ${field.model.objectName}.${field.name} takes no null.`,
    );
  }
}
