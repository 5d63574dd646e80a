/** `models.IntegerField()` where `new models.IntegerField()` is needed: the types refuse it, and whoever runs it is told. */
import '../db/settings';
import { AddField, CreateModel } from 'tsango/db/migrations';
import { ProjectState } from 'tsango/db/migrations/state';
import * as models from 'tsango/db/models';

const SAYS =
  'IntegerField(…) without new is a decorator, for a property of a model: where a field is given to something else, in ' +
  'migrations and expressions, write new IntegerField(…).';

const field = models.IntegerField({ default: 1 }) as unknown as models.Field;

it('is told by a migration', () => {
  const made = new CreateModel({
    name: 'Total',
    fields: [['id', new models.AutoField({ primaryKey: true })]],
  });
  const added = new AddField({ modelName: 'total', name: 'last', field });
  const state = new ProjectState();
  made.stateForwards('decorators', state);
  expect(() => {
    added.stateForwards('decorators', state);
    state.apps.getOptions('decorators', 'total');
  }).toThrow(SAYS);
});

it('is told by an expression', () => {
  class Counter extends models.Model {
    static override readonly Meta = { appLabel: 'decorators' };
    declare static readonly objects: models.Manager<Counter>;
    declare id: number;
  }
  const query = Counter.objects.annotate({ one: new models.Value(1, { outputField: field }) });
  expect(() => String(query.filter({ one__gt: 0 } as never).query)).toThrow(SAYS);
});

it('is told by a column that the database fills', () => {
  class Total extends models.Model {
    static override readonly Meta = { appLabel: 'decorators' };
    @models.GeneratedField({ expression: models.F('id').add(1), outputField: field, dbPersist: true })
    declare readonly next: number;
  }
  expect(() => Total._meta).toThrow(SAYS);
});
