import './settings';
/** The tables in between of many-to-many fields. */
import { ModelState, StateApps } from 'tsango/db/migrations/state';
import * as models from 'tsango/db/models';

const name = (): models.Field => new models.CharField({ maxLength: 40 });

describe('the table between models', () => {
  it('tells its columns apart where both models have one name, in different apps', () => {
    const friends = new models.ManyToManyField('auth.User');
    const states = [
      new ModelState('auth', 'User', new Map([['name', name()]]), {}),
      new ModelState('forum', 'User', new Map([['friends', friends]]), {}),
    ];
    const apps = new StateApps(new Map(states.map((state) => [state.key, state])));
    const [field] = apps.getOptions('forum', 'User').localManyToMany;
    expect(field?.through.localFields.map(({ column }) => column)).toEqual([
      'id',
      'from_user_id',
      'to_user_id',
    ]);
  });
});
