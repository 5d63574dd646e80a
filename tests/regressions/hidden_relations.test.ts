/** A property that was declared without `declare` hides the relation of its name. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { transformSync } from '@swc/core';
import { apps } from 'tsango/apps';
import { configure, resetSettings } from 'tsango/conf';
import { runChecks } from 'tsango/core/checks';

describe('check of relations from elsewhere', () => {
  const label = 'class_fields_hidden';
  const models = path.join(__dirname, label);
  const text = `
import * as models from 'tsango/db/models';
export class Writer extends models.Model {
  static override readonly Meta = { appLabel: '${label}' };
  profile!: models.Related<Profile>;
  books!: models.RelatedManager<Text>;
  declare texts: models.RelatedManager<Text>;
}
export class Profile extends models.Model {
  static override readonly Meta = { appLabel: '${label}' };
  @models.OneToOneField(() => Writer, { onDelete: models.CASCADE }) declare writer: models.Related<Writer>;
}
export class Text extends models.Model {
  static override readonly Meta = { appLabel: '${label}' };
  @models.ForeignKey(() => Writer, { onDelete: models.CASCADE, relatedName: 'texts' }) declare writer: models.Related<Writer>;
}
`;
  const compiled = transformSync(text, {
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, useDefineForClassFields: true },
    },
    module: { type: 'commonjs' },
  }).code;
  beforeAll(() => {
    mkdirSync(models);
    writeFileSync(path.join(models, 'models.js'), compiled);
    resetSettings();
    apps.reset();
    configure({ SECRET_KEY: 'x', INSTALLED_APPS: [`tests.regressions.${label}`] });
    apps.populate();
  });
  afterAll(() => {
    rmSync(models, { recursive: true, force: true });
    resetSettings();
    apps.reset();
  });

  it('names those that a class hides from its instances', async () => {
    const found = await runChecks({ tags: ['models'] });
    expect(found.filter(({ id }) => id !== 'models.W042').map(({ id, obj, msg }) => [id, obj, msg])).toEqual([
      [
        'models.E902',
        `${label}.Writer`,
        "Every new instance has a property 'profile', which hides the relation of that name.",
      ],
    ]);
  });
});
